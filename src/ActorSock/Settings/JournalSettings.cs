namespace ActorSock.Settings;

/// <summary>The record of what was stored: section <c>actorsock.journal</c>.</summary>
public sealed record JournalSettings
{
    /// <summary>Bytes of the largest file of the journal.</summary>
    [Size("1KiB", "1TiB")]
    public required long FileBytesMax { get; init; }
}
