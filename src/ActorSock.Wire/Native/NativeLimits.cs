namespace ActorSock.Wire.Native;

/// <summary>Says what a server allows on one connection, as it tells in its answer to hello.</summary>
public sealed record NativeLimits
{
    /// <summary>So many requests may be unanswered; with that many the server reads no further.</summary>
    public required int Requests { get; init; }

    /// <summary>Bytes of the largest file.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Bytes of the longest name, in UTF-8.</summary>
    public required int NameBytes { get; init; }

    /// <summary>Bytes of the largest chunk.</summary>
    public required int ChunkBytes { get; init; }

    /// <summary>Bytes of the largest refused body that is read and thrown away; behind a longer one the server closes.</summary>
    public required long SkipBytes { get; init; }

    /// <summary>Entries of the longest list.</summary>
    public required int ListEntries { get; init; }

    /// <summary>Seconds without a request after which the server closes.</summary>
    public required long IdleSeconds { get; init; }
}
