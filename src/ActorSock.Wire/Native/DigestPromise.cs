namespace ActorSock.Wire.Native;

/// <summary>Says which digest of a file the client promises, and when it names it.</summary>
public abstract record DigestPromise
{
    private DigestPromise() { }

    /// <summary>No digest is promised.</summary>
    public static DigestPromise Nothing { get; } = new None();

    /// <summary>The kind of digest that is promised; null when none is.</summary>
    public abstract DigestKind? Kind { get; }

    /// <summary>The file is stored with whatever digest it has.</summary>
    public sealed record None : DigestPromise
    {
        /// <inheritdoc/>
        public override DigestKind? Kind => null;
    }

    /// <summary>The header names the digest.</summary>
    /// <param name="Digest">The digest of the whole file, or of the part.</param>
    public sealed record Named(ContentDigest Digest) : DigestPromise
    {
        /// <inheritdoc/>
        public override DigestKind? Kind => Digest.Kind;
    }

    /// <summary>A trailer behind the body names the digest.</summary>
    /// <param name="Of">Of which kind it will be.</param>
    public sealed record After(DigestKind Of) : DigestPromise
    {
        /// <inheritdoc/>
        public override DigestKind? Kind => Of;
    }
}
