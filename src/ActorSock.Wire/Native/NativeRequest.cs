namespace ActorSock.Wire.Native;

/// <summary>Says what a client of the native protocol asks for.</summary>
/// <remarks>Names are as the client gave them: data, not yet paths that may be used.</remarks>
public abstract record NativeRequest
{
    /// <summary>The largest <see cref="Id"/>: 2^53-1, which a double still holds.</summary>
    public const long IdMax = (1L << 53) - 1;

    /// <summary>The most characters of the name of an upload.</summary>
    public const int UploadCharsMax = 64;

    /// <summary>What a part's offset is a multiple of, and every part's length but the last one's, in bytes.</summary>
    public const int PartBytesUnit = 4096;

    /// <summary>The most parts that an upload can have.</summary>
    public const int PartsMax = 10_000;

    private NativeRequest() { }

    /// <summary>The number that the reply repeats, 0 to <see cref="IdMax"/>. Null in <see cref="Hello"/>, which has none,
    /// and in a <see cref="Refused"/> request whose number could not be read; in no other.</summary>
    public long? Id { get; init; }

    /// <summary>What follows the header.</summary>
    public FrameBody Body { get; init; }

    /// <summary>Whether a trailer with the digest follows the body.</summary>
    public virtual bool HasTrailer => false;

    /// <summary>Begins a conversation.</summary>
    /// <param name="Versions">The versions that the client speaks; at least one.</param>
    public sealed record Hello(IReadOnlyList<int> Versions) : NativeRequest
    {
        /// <summary>What the client calls itself; null when it does not say.</summary>
        public string? Agent { get; init; }

        /// <summary>What the client can do beyond the least; unknown ones are to be passed over.</summary>
        public IReadOnlyList<string> Capabilities { get; init; } = [];
    }

    /// <summary>Sends a file, the rest of one, or a part of one.</summary>
    /// <param name="Name">What the file is to be called.</param>
    public sealed record Put(string Name) : NativeRequest
    {
        /// <summary>Bytes of the whole file; null when the header does not say it, which it always does of a
        /// <see cref="IsPart"/>. With a counted body it is the end of the body (of a part: or behind it).</summary>
        public long? Size { get; init; }

        /// <summary>The digest of the whole file; of the part, with <see cref="IsPart"/>.</summary>
        public DigestPromise Promise { get; init; } = DigestPromise.Nothing;

        /// <summary>What if there is a file of that name.</summary>
        public ExistsRule Exists { get; init; } = ExistsRule.Replace;

        /// <summary>The first word that the client wants to hear.</summary>
        public AckLevel Ack { get; init; } = AckLevel.Durable;

        /// <summary>The name under which the upload can be resumed; null when it cannot. A <see cref="IsPart"/>, and what has
        /// an <see cref="Offset"/>, always has one.</summary>
        public string? Upload { get; init; }

        /// <summary>Where in the file the body begins, in bytes.</summary>
        public long Offset { get; init; }

        /// <summary>Whether the body is one of several parts.</summary>
        public bool IsPart { get; init; }

        /// <inheritdoc/>
        public override bool HasTrailer => Promise is DigestPromise.After;

        /// <summary>Bytes of the whole file, when <see cref="Size"/> or the length of the body says it.</summary>
        public long? TotalBytes => Size ?? (IsPart || Body.Bytes is null ? null : Offset + Body.Bytes);
    }

    /// <summary>Asks what the server has of an upload, and takes the upload over.</summary>
    /// <param name="Upload">The name of the upload.</param>
    /// <param name="Name">What the file is to be called.</param>
    public sealed record Resume(string Upload, string Name) : NativeRequest
    {
        /// <summary>Bytes of the whole file; null when the client does not know.</summary>
        public long? Size { get; init; }

        /// <summary>What if there is a file of that name.</summary>
        public ExistsRule Exists { get; init; } = ExistsRule.Replace;

        /// <summary>Which digest <see cref="Put"/> will promise; null when the client does not say.</summary>
        public DigestKind? Kind { get; init; }
    }

    /// <summary>Commits the parts of an upload.</summary>
    /// <param name="Upload">The name of the upload.</param>
    /// <param name="Name">What the file is to be called.</param>
    public sealed record Join(string Upload, string Name) : NativeRequest
    {
        /// <summary>The digest of the whole file; null when that of each part is enough.</summary>
        public ContentDigest? Promised { get; init; }

        /// <summary>What if there is a file of that name.</summary>
        public ExistsRule Exists { get; init; } = ExistsRule.Replace;

        /// <summary>The first word that the client wants to hear.</summary>
        public AckLevel Ack { get; init; } = AckLevel.Durable;
    }

    /// <summary>Fetches a file or a part of it.</summary>
    /// <param name="Name">Which file.</param>
    public sealed record Get(string Name) : NativeRequest
    {
        /// <summary>The first byte that is wanted.</summary>
        public long Offset { get; init; }

        /// <summary>How many bytes are wanted; null for all to the end.</summary>
        public long? Length { get; init; }

        /// <summary>The digest that the file must have; null when any will do.</summary>
        public Md5Digest? OnlyIf { get; init; }
    }

    /// <summary>Asks about one file.</summary>
    /// <param name="Name">Which file.</param>
    public sealed record Stat(string Name) : NativeRequest;

    /// <summary>Asks for a page of a list.</summary>
    public abstract record Page : NativeRequest
    {
        /// <summary>The entries that a list has when nobody says how many are wanted.</summary>
        public const int LimitDefault = 1000;

        /// <summary>What the names begin with; empty for all. Those of folders end with <c>/</c>.</summary>
        public string Prefix { get; init; } = "";

        /// <summary>The name behind which the list begins; null for the first.</summary>
        public string? After { get; init; }

        /// <summary>The most entries that are wanted, 1 or more.</summary>
        public int Limit { get; init; } = LimitDefault;
    }

    /// <summary>Asks which files there are.</summary>
    public sealed record List : Page
    {
        /// <summary>Whether the files in folders are listed; else one entry stands for all of a folder.</summary>
        public bool Recursive { get; init; } = true;
    }

    /// <summary>Asks which folders have files, and for one digest of all files in each.</summary>
    public sealed record Folders : Page;

    /// <summary>Deletes a file.</summary>
    /// <param name="Name">Which file.</param>
    public sealed record Delete(string Name) : NativeRequest
    {
        /// <summary>The digest that the file must have; null when any will do.</summary>
        public Md5Digest? OnlyIf { get; init; }
    }

    /// <summary>Gives a file another name.</summary>
    /// <param name="Name">Which file.</param>
    /// <param name="To">What it is to be called.</param>
    public sealed record Rename(string Name, string To) : NativeRequest
    {
        /// <summary>What if there is a file of that name.</summary>
        public ExistsRule Exists { get; init; } = ExistsRule.Replace;

        /// <summary>The digest that the file must have; null when any will do.</summary>
        public Md5Digest? OnlyIf { get; init; }
    }

    /// <summary>Asks whether the server is there.</summary>
    public sealed record Ping : NativeRequest;

    /// <summary>Ends the conversation when everything before it has been answered.</summary>
    public sealed record Bye : NativeRequest;

    /// <summary>A request that is refused as it stands.</summary>
    /// <param name="Refusal">Why. When it goes on, <see cref="Id"/> and <see cref="Body"/> are known; when it closes, they are
    /// what could be read of them.</param>
    public sealed record Refused(Refusal Refusal) : NativeRequest
    {
        /// <summary>Whether it announces a trailer behind the body.</summary>
        public bool AnnouncesTrailer { get; init; }

        /// <inheritdoc/>
        public override bool HasTrailer => AnnouncesTrailer;
    }
}
