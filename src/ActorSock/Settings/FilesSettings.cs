namespace ActorSock.Settings;

/// <summary>Where and how uploads are stored: section <c>actorsock.files</c>.</summary>
public sealed record FilesSettings
{
    /// <summary>The folder that uploads go to; relative to the working folder.</summary>
    [Path]
    public required string Root { get; init; }

    /// <summary>Threads that write and sync.</summary>
    [Count(1, 256)]
    public required int Threads { get; init; }

    /// <summary>Bytes of the largest upload that is stored from memory, through the log.</summary>
    [Size("0B", "64KiB")]
    public required int SmallBytesMax { get; init; }

    /// <summary>Bytes of the smallest upload that is written past the page cache.</summary>
    [Size("0B", "1EiB")]
    public required long DirectBytesMin { get; init; }

    /// <summary>Bytes of disk that are reserved ahead of what has been written; 0 reserves none.</summary>
    [Size("0B", "1TiB")]
    public required long PreallocateBytes { get; init; }

    /// <summary>Free bytes below which uploads are refused; 0 refuses none.</summary>
    [Size("0B", "1PiB")]
    public required long FreeBytesMin { get; init; }

    /// <summary>How long the part file of an upload that failed is kept.</summary>
    [Duration("0s", "365d")]
    public required TimeSpan KeepParts { get; init; }

    /// <summary>How long an upload that nobody goes on with is kept, and how long it is remembered that one was stored.</summary>
    [Duration("0s", "365d")]
    public required TimeSpan KeepUploads { get; init; }

    /// <summary>Uploads of one client that nobody is at, and that are kept or remembered.</summary>
    [Count(0, 1_000_000)]
    public required int KeptUploadsMax { get; init; }

    /// <summary>Bytes of the part files of these.</summary>
    [Size("0B", "1EiB")]
    public required long KeptBytesMax { get; init; }

    /// <summary>Bytes of an upload after which what has come is made durable and kept.</summary>
    [Size("4KiB", "1TiB")]
    public required long CheckpointBytes { get; init; }

    /// <summary>The same, by time.</summary>
    [Duration("10ms", "1h")]
    public required TimeSpan CheckpointInterval { get; init; }

    /// <summary>How long somebody who is at an upload may take to let go of it.</summary>
    [Duration("10ms", "1h")]
    public required TimeSpan TakeoverLimit { get; init; }

    /// <summary>Bytes of the longest name, folders included, as UTF-8.</summary>
    [Count(1, 4_096)]
    public required int NameBytesMax { get; init; }
}
