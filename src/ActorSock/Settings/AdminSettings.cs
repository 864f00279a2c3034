namespace ActorSock.Settings;

/// <summary>The door for the operator's commands: section <c>actorsock.admin</c>.</summary>
public sealed record AdminSettings
{
    /// <summary>Where a running node answers commands such as <c>actorsock tree</c>; null for off.</summary>
    [Endpoint]
    public required Endpoint? Endpoint { get; init; }

    /// <summary>How many may read the log there at once.</summary>
    [Count(0, 10_000)]
    public required int LogStreamsMax { get; init; }

    /// <summary>Bytes of events that wait for one of them; those beyond are dropped, and it is told how many.</summary>
    [Size("16KiB", "1GiB")]
    public required long LogStreamBytesMax { get; init; }

    /// <summary>Bytes of the newest events that the node remembers for those who ask for its log.</summary>
    [Size("0B", "1GiB")]
    public required long LogHistoryBytesMax { get; init; }
}
