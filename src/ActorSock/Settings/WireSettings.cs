namespace ActorSock.Settings;

/// <summary>Limits of what a peer may say: section <c>actorsock.wire</c>.</summary>
public sealed record WireSettings
{
    /// <summary>Bytes of the longest header.</summary>
    [Size("256B", "64KiB")]
    public required int HeaderBytesMax { get; init; }

    /// <summary>Bytes of the largest file.</summary>
    [Size("0B", "9223372036854775807B")]
    public required long FileBytesMax { get; init; }

    /// <summary>Bytes of a refused body that are read and dropped so that the conversation goes on.</summary>
    [Size("0B", "1TiB")]
    public required long SkipBytesMax { get; init; }
}
