using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>Says when the digest of a file is told to the node.</summary>
public enum DigestTold
{
    /// <summary>Behind the bytes: the file is read once.</summary>
    After,

    /// <summary>Before them: the file is read twice, and a node that knows the digest need not be sent a byte.</summary>
    Before,

    /// <summary>Never: the file is stored with whatever arrives.</summary>
    Never,
}

/// <summary>Says how a file is to be stored.</summary>
public sealed record PutOptions
{
    /// <summary>What if there is a file of that name.</summary>
    public ExistsRule Exists { get; init; } = ExistsRule.Replace;

    /// <summary>Which digest is compared.</summary>
    public DigestKind Digest { get; init; } = DigestKind.Md5;

    /// <summary>When it is told. Files that fit in memory are digested beforehand in any case but
    /// <see cref="DigestTold.Never"/>.</summary>
    public DigestTold DigestTold { get; init; } = DigestTold.After;

    /// <summary>The first word that the node is to say.</summary>
    public AckLevel Ack { get; init; } = AckLevel.Durable;

    /// <summary>Called when the node has said an early word, <see cref="AckLevel.Received"/> or <see cref="AckLevel.Verified"/>.
    /// It may not come, when the file is durable at once; and when an attempt fails behind it, it may come again.</summary>
    public Action<AckLevel>? Acknowledged { get; init; }

    /// <summary>The name under which another process can go on with the upload, 1 to 64 of <c>A-Z a-z 0-9 - _ .</c>; null for a
    /// random one, which serves this call alone.</summary>
    public string? Upload { get; init; }

    /// <summary>Over how many connections a large file is sent at once; 1 sends it in one piece. The others wait for
    /// <see cref="NodeOptions.ConnectionsMax"/>.</summary>
    public int PartsAtOnce { get; init; } = 1;

    /// <summary>Bytes of each part, a multiple of 4,096. Smaller files are sent in one piece. There can be 10,000 parts: for a
    /// larger file they become larger.</summary>
    public int PartBytes { get; init; } = 64 << 20;

    /// <summary>What is promised before the digest is known.</summary>
    internal DigestPromise Promise =>
        DigestTold == DigestTold.Never ? DigestPromise.Nothing : new DigestPromise.After(Digest);

    /// <summary>What digests on the way; null when nothing is to be digested.</summary>
    internal BodyDigest? NewDigest() =>
        DigestTold == DigestTold.Never ? null : new BodyDigest(Digest);

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(PartsAtOnce, 1, nameof(PartsAtOnce));
        ArgumentOutOfRangeException.ThrowIfLessThan(PartBytes, NativeRequest.PartBytesUnit, nameof(PartBytes));
        if (PartBytes % NativeRequest.PartBytesUnit != 0)
            throw new ArgumentException($"parts are multiples of {NativeRequest.PartBytesUnit} bytes", nameof(PartBytes));
    }
}
