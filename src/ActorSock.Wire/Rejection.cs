using System.Text;

namespace ActorSock.Wire;

/// <summary>Says what a conversation does after a refusal.</summary>
public enum Aftermath
{
    /// <summary>It goes on with the next header where that can be found.</summary>
    GoesOn,

    /// <summary>It ends: one line, then a lingering close.</summary>
    Closes,
}

/// <summary>Lists every way to refuse a peer. WIRE.md has the table for people; a test compares.</summary>
public sealed record Rejection
{
    /// <summary>The digest that the client named is not the one of the bytes that arrived.</summary>
    public static readonly Rejection DigestDiffers = new(204, nameof(DigestDiffers),
        "the digest differs", Aftermath.GoesOn);

    /// <summary>The int32 before a header is zero, negative or over the limit.</summary>
    public static readonly Rejection HeaderLength = new(400, nameof(HeaderLength),
        "not a header length", Aftermath.Closes);

    /// <summary>The header is not well-formed JSON, or not an object.</summary>
    public static readonly Rejection HeaderNotObject = new(400, nameof(HeaderNotObject),
        "the header is not a JSON object", Aftermath.Closes);

    /// <summary>The header holds bytes that are no UTF-8.</summary>
    public static readonly Rejection HeaderNotUtf8 = new(400, nameof(HeaderNotUtf8),
        "the header is not UTF-8", Aftermath.Closes);

    /// <summary>A TLS client knocked.</summary>
    public static readonly Rejection TlsHello = new(400, nameof(TlsHello),
        "this port does not speak TLS", Aftermath.Closes);

    /// <summary>A browser, a health check or another HTTP client knocked.</summary>
    public static readonly Rejection HttpRequest = new(400, nameof(HttpRequest),
        "this port does not speak HTTP", Aftermath.Closes);

    /// <summary>The answer to the challenge fits no key, or did not come.</summary>
    public static readonly Rejection ChallengeFailed = new(401, nameof(ChallengeFailed),
        "the challenge was not answered rightly", Aftermath.Closes);

    /// <summary>The name leads out, is empty, too long, reserved or holds control characters.</summary>
    public static readonly Rejection NameRefused = new(403, nameof(NameRefused),
        "the file name is refused", Aftermath.GoesOn);

    /// <summary>The action is not one that this server knows.</summary>
    public static readonly Rejection ActionUnknown = new(405, nameof(ActionUnknown),
        "the action is unknown", Aftermath.GoesOn);

    /// <summary>The answer to the challenge did not come in time.</summary>
    public static readonly Rejection ChallengeLate = new(408, nameof(ChallengeLate),
        "the answer to the challenge took too long", Aftermath.Closes);

    /// <summary>The header was not complete in time.</summary>
    public static readonly Rejection HeaderLate = new(408, nameof(HeaderLate),
        "the header took too long", Aftermath.Closes);

    /// <summary>The body came more slowly than the least rate.</summary>
    public static readonly Rejection BodyLate = new(408, nameof(BodyLate),
        "the body came too slowly", Aftermath.Closes);

    /// <summary>The 32 digits behind the body did not come in time.</summary>
    public static readonly Rejection DigestLate = new(408, nameof(DigestLate),
        "the digest took too long", Aftermath.Closes);

    /// <summary>Nothing came between two uploads for too long.</summary>
    public static readonly Rejection IdleTooLong = new(408, nameof(IdleTooLong),
        "the connection was idle too long", Aftermath.Closes);

    /// <summary>A folder, or another thing that is no plain file, bears the name already.</summary>
    public static readonly Rejection NameTaken = new(409, nameof(NameTaken),
        "the name is taken", Aftermath.GoesOn);

    /// <summary>The file is larger than the limit.</summary>
    public static readonly Rejection SizeTooLarge = new(413, nameof(SizeTooLarge),
        "the file is too large", Aftermath.GoesOn);

    /// <summary>The header lacks a field.</summary>
    public static readonly Rejection FieldMissing = new(422, nameof(FieldMissing),
        "the header lacks a field", Aftermath.GoesOn);

    /// <summary>A field of the header has the wrong type or form.</summary>
    public static readonly Rejection FieldType = new(422, nameof(FieldType),
        "a field of the header has the wrong form", Aftermath.GoesOn);

    /// <summary>The file size is negative.</summary>
    public static readonly Rejection SizeNegative = new(422, nameof(SizeNegative),
        "the file size is negative", Aftermath.GoesOn);

    /// <summary>A header without length prefix did not end within the limit.</summary>
    public static readonly Rejection HeaderTooLong = new(431, nameof(HeaderTooLong),
        "the header is too long", Aftermath.Closes);

    /// <summary>The client went away inside an upload. Nobody is left to be told.</summary>
    public static readonly Rejection PeerVanished = new(499, nameof(PeerVanished),
        "the client went away inside an upload", Aftermath.Closes);

    /// <summary>The file could not be written, for a reason that is the server's.</summary>
    public static readonly Rejection NotStored = new(500, nameof(NotStored),
        "the file could not be stored", Aftermath.GoesOn);

    /// <summary>The server failed at this request and recovered.</summary>
    public static readonly Rejection Crashed = new(500, nameof(Crashed),
        "the server failed at this request", Aftermath.GoesOn);

    /// <summary>As many connections or uploads are open as the operator allows.</summary>
    public static readonly Rejection ServerBusy = new(503, nameof(ServerBusy),
        "the server is busy", Aftermath.Closes);

    /// <summary>The server is about to stop and takes nothing new.</summary>
    public static readonly Rejection Draining = new(503, nameof(Draining),
        "the server is stopping", Aftermath.Closes);

    /// <summary>There is no room for the file.</summary>
    public static readonly Rejection DiskFull = new(507, nameof(DiskFull),
        "the disk is full", Aftermath.GoesOn);

    /// <summary>The server's folder cannot be written to.</summary>
    public static readonly Rejection StorageReadOnly = new(507, nameof(StorageReadOnly),
        "the storage is read-only", Aftermath.GoesOn);

    private Rejection(int code, string name, string sentence, Aftermath goes)
    {
        Code = code;
        Name = name;
        Sentence = sentence;
        Goes = goes;
        CodeDigits = Encoding.ASCII.GetBytes($"{code}");
    }

    /// <summary>All rejections, in the order of their codes.</summary>
    public static IReadOnlyList<Rejection> All { get; } =
    [
        DigestDiffers, HeaderLength, HeaderNotObject, HeaderNotUtf8, TlsHello, HttpRequest, ChallengeFailed,
        NameRefused, ActionUnknown, ChallengeLate, HeaderLate, BodyLate, DigestLate, IdleTooLong, NameTaken, SizeTooLarge, FieldMissing,
        FieldType, SizeNegative, HeaderTooLong, PeerVanished, NotStored, Crashed, ServerBusy, Draining,
        DiskFull, StorageReadOnly,
    ];

    /// <summary>Three digits in the manner of HTTP; several rejections may share one.</summary>
    public int Code { get; }

    /// <summary>The name in events, logs and WIRE.md; unique.</summary>
    public string Name { get; }

    /// <summary>What happened, for a person, without a full stop.</summary>
    public string Sentence { get; }

    /// <summary>What the conversation does afterwards.</summary>
    public Aftermath Goes { get; }

    /// <summary>The three digits as they go over the wire.</summary>
    public ReadOnlyMemory<byte> CodeDigits { get; }

    /// <summary>Code and name, as logs show it.</summary>
    public override string ToString() => $"{Code} {Name}";
}
