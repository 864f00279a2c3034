namespace ActorSock.Wire.Native;

/// <summary>Says what a server of the native protocol answers. What does not apply is null.</summary>
public sealed partial record NativeReply
{
    /// <summary>Done.</summary>
    public const int Done = 200;

    /// <summary>The file is stored: durable under its name.</summary>
    public const int Stored = 201;

    /// <summary>An early word about an upload; another reply with this id follows.</summary>
    public const int Early = 202;

    /// <summary>A part of a file follows.</summary>
    public const int Partial = 206;

    /// <summary>The number of the request; null in the answer to hello and in what is about the connection.</summary>
    public long? Id { get; init; }

    /// <summary>Three digits in the manner of HTTP.</summary>
    public required int Status { get; init; }

    /// <summary>The name of the <see cref="Rejection"/> of a refusal.</summary>
    public string? Error { get; init; }

    /// <summary>Why it is refused, in a sentence for a person.</summary>
    public string? Message { get; init; }

    /// <summary>Whether it is the last that the server says.</summary>
    public bool Closes { get; init; }

    /// <summary>How far an upload has come.</summary>
    public AckLevel? Ack { get; init; }

    /// <summary>What the file is called, without the folder of the client.</summary>
    public string? Name { get; init; }

    /// <summary>Bytes of the file, or of a part.</summary>
    public long? Size { get; init; }

    /// <summary>The MD5 of the file, of a part, or of what is there of an upload.</summary>
    public Md5Digest? Md5 { get; init; }

    /// <summary>The SHA-256 of the same.</summary>
    public ContentDigest? Sha256 { get; init; }

    /// <summary>The line of the journal.</summary>
    public Receipt? Receipt { get; init; }

    /// <summary>Where a body begins, an upload goes on, or a part is missing, in bytes from the beginning of the file.</summary>
    public long? Offset { get; init; }

    /// <summary>The name of the upload.</summary>
    public string? Upload { get; init; }

    /// <summary>How many <see cref="PartEntry"/> are in the body.</summary>
    public int? Parts { get; init; }

    /// <summary>How many <see cref="ListEntry"/> or <see cref="FolderEntry"/> are in the body.</summary>
    public int? Entries { get; init; }

    /// <summary>Whether there are other entries behind the last.</summary>
    public bool? More { get; init; }

    /// <summary>When the file was last written, in UTC.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>What follows.</summary>
    public FrameBody Body { get; init; }

    /// <summary>Answering hello: the version that the server has chosen.</summary>
    public int? Version { get; init; }

    /// <summary>Refusing hello: the versions that the server speaks.</summary>
    public IReadOnlyList<int>? Versions { get; init; }

    /// <summary>Answering hello: what the server calls itself.</summary>
    public string? Agent { get; init; }

    /// <summary>Answering hello: what tells the server's root from all others; it stands in the file <c>.actorsock/id</c> there.</summary>
    public string? Node { get; init; }

    /// <summary>Answering hello: the name under which the client has answered the challenge.</summary>
    public string? Client { get; init; }

    /// <summary>Answering hello: what the server can do.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>Answering hello: what the server allows.</summary>
    public NativeLimits? Limits { get; init; }

    /// <summary>Whether it refuses something.</summary>
    public bool IsRefusal => Status == Rejection.DigestDiffers.Code || Status >= 400;

    /// <summary>A refusal.</summary>
    /// <param name="id">The number of what is refused; null for the connection.</param>
    /// <param name="refusal">Why.</param>
    /// <param name="closes">Whether it is the last that the server says.</param>
    public static NativeReply Refused(long? id, Refusal refusal, bool closes) => new()
    {
        Id = id,
        Status = refusal.Rejection.Code,
        Error = refusal.Rejection.Name,
        Message = string.IsNullOrEmpty(refusal.Detail)
            ? refusal.Rejection.Sentence
            : $"{refusal.Rejection.Sentence}: {refusal.Detail}",
        Closes = closes,
    };
}
