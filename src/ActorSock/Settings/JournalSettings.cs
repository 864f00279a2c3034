namespace ActorSock.Settings;

/// <summary>The record of what was stored, and the log that makes it durable: section <c>actorsock.journal</c>.</summary>
public sealed record JournalSettings
{
    /// <summary>Bytes of the largest file of the journal.</summary>
    [Size("1KiB", "1TiB")]
    public required long FileBytesMax { get; init; }

    /// <summary>Bytes of each of the two files of the commit log, in whole pages of 4 KiB.</summary>
    [Size("256KiB", "1GiB")]
    public required long LogBytes { get; init; }

    /// <summary>How long files that were stored may be durable in the log alone.</summary>
    [Duration("10ms", "1h")]
    public required TimeSpan CheckpointInterval { get; init; }
}
