namespace ActorSock.Wire;

/// <summary>Announces one file, as read from a connection or to be sent on one.</summary>
/// <param name="Dialect">The dialect in which it is said; it decides what follows on the wire.</param>
/// <param name="FileName">The name as the client gave it: data, not yet a path that may be used.</param>
/// <param name="FileSize">Bytes of the body, 0 or more.</param>
/// <param name="Promised">The digest that the header names: always in
/// <see cref="Dialect.DigestInHeader"/>, never in the others.</param>
public sealed record PutHeader(Dialect Dialect, string FileName, long FileSize, Md5Digest? Promised);
