namespace ActorSock.Wire.Native;

/// <summary>Names the digests by which the content of a file can be checked.</summary>
public enum DigestKind
{
    /// <summary>MD5 (RFC 1321), 16 bytes; the server computes it of every file.</summary>
    Md5,

    /// <summary>SHA-256 (FIPS 180-4), 32 bytes; computed when a client asks for it.</summary>
    Sha256,
}
