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

    /// <summary>The digest of the whole file, of the kind <see cref="Digest"/>, when it is known from elsewhere, as from a list that was
    /// made with the file: it is told before the bytes, and nothing is digested here. The node refuses other bytes with
    /// <c>DigestDiffers</c>.</summary>
    public ContentDigest? Known { get; init; }

    /// <summary>The first word that the node is to say.</summary>
    public AckLevel Ack { get; init; } = AckLevel.Durable;

    /// <summary>Called when the node has said an early word, <see cref="AckLevel.Received"/> or <see cref="AckLevel.Verified"/>.
    /// It may not come, when the file is durable at once; and when an attempt fails behind it, it may come again.</summary>
    public Action<AckLevel>? Acknowledged { get; init; }

    /// <summary>The name under which another process can go on with the upload, 1 to 64 of <c>A-Z a-z 0-9 - _ .</c>; null for a
    /// random one, which serves this call alone.</summary>
    public string? Upload { get; init; }

    /// <summary>Over how many connections a large file is sent at once; 1 sends it in one piece. The others wait for
    /// <see cref="NodeOptions.ConnectionsMax"/>. In parts it is read twice, here and by the node: each part has a digest, and so has the
    /// whole, unless <see cref="DigestTold.Never"/>.</summary>
    public int PartsAtOnce { get; init; } = 1;

    /// <summary>Bytes of each part, a multiple of 4,096. Smaller files are sent in one piece. There can be 10,000 parts: for a
    /// larger file they become larger.</summary>
    public int PartBytes { get; init; } = 64 << 20;

    /// <summary>What is promised before anything is digested.</summary>
    internal DigestPromise Promise => (Known, DigestTold) switch
    {
        ({ } known, _) => new DigestPromise.Named(known),
        (null, DigestTold.Never) => DigestPromise.Nothing,
        _ => new DigestPromise.After(Digest),
    };

    /// <summary>Whether the bytes are digested here, on the way.</summary>
    internal bool Digests => Known is null && DigestTold != DigestTold.Never;

    /// <summary>What digests on the way; null when nothing is to be digested.</summary>
    internal BodyDigest? NewDigest() => Digests ? new BodyDigest(Digest) : null;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(PartsAtOnce, 1, nameof(PartsAtOnce));
        ArgumentOutOfRangeException.ThrowIfLessThan(PartBytes, NativeRequest.PartBytesUnit, nameof(PartBytes));
        if (PartBytes % NativeRequest.PartBytesUnit != 0)
            throw new ArgumentException($"parts are multiples of {NativeRequest.PartBytesUnit} bytes", nameof(PartBytes));
        if (Known is { } known && known.Kind != Digest)
            throw new ArgumentException($"the digest that is known is of the kind {known.Kind}, and {Digest} is asked for", nameof(Known));
    }
}
