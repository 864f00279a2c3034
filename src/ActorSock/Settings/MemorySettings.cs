namespace ActorSock.Settings;

/// <summary>Memory between sockets and disk: section <c>actorsock.memory</c>.</summary>
public sealed record MemorySettings
{
    /// <summary>Bytes of all blocks together.</summary>
    [Size("4KiB", "1TiB")]
    public required long BlocksMax { get; init; }

    /// <summary>Bytes of the largest block that an upload gets.</summary>
    [Size("4KiB", "1MiB")]
    public required int BlockBytes { get; init; }

    /// <summary>Blocks that one upload may have between socket and disk.</summary>
    [Count(1, 64)]
    public required int WindowBlocks { get; init; }

    /// <summary>Whether each block remembers who rented it.</summary>
    [Switch]
    public required bool TrackBlocks { get; init; }
}
