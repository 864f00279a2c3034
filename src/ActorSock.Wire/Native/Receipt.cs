namespace ActorSock.Wire.Native;

/// <summary>Names the line of the server's journal that records what was done.</summary>
/// <param name="Sequence">The number of the line, from 1.</param>
/// <param name="Hash">The hash of the line in hex digits, which depends on all lines before it.</param>
public sealed record Receipt(long Sequence, string Hash);
