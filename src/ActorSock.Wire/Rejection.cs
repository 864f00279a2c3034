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

    /// <summary>The number of a request is missing, is none, or is that of another that is unanswered.</summary>
    public static readonly Rejection IdRefused = new(400, nameof(IdRefused),
        "the id is missing, no such number, or in use", Aftermath.Closes, isNative: true);

    /// <summary>What a header says about its body, or the length of a chunk, is none.</summary>
    public static readonly Rejection BodyLength = new(400, nameof(BodyLength),
        "not a body length", Aftermath.Closes, isNative: true);

    /// <summary>The answer to the challenge fits no key, or did not come.</summary>
    public static readonly Rejection ChallengeFailed = new(401, nameof(ChallengeFailed),
        "the challenge was not answered rightly", Aftermath.Closes);

    /// <summary>The name leads out, is empty, too long, reserved or holds control characters.</summary>
    public static readonly Rejection NameRefused = new(403, nameof(NameRefused),
        "the file name is refused", Aftermath.GoesOn);

    /// <summary>There is no file of that name.</summary>
    public static readonly Rejection NameUnknown = new(404, nameof(NameUnknown),
        "there is no such file", Aftermath.GoesOn, isNative: true);

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

    /// <summary>An upload goes on with another name, size or digest than it was begun with, or its parts overlap.</summary>
    public static readonly Rejection UploadDiffers = new(409, nameof(UploadDiffers),
        "the upload is another one", Aftermath.GoesOn, isNative: true);

    /// <summary>A newer request, of this or another connection, has asked for the upload.</summary>
    public static readonly Rejection TakenOver = new(409, nameof(TakenOver),
        "a newer request has taken the upload over", Aftermath.GoesOn, isNative: true);

    /// <summary>There is a file of that name, and the client wants to keep it.</summary>
    public static readonly Rejection Exists = new(412, nameof(Exists),
        "there is a file of that name", Aftermath.GoesOn, isNative: true);

    /// <summary>The file has not the digest that the client asks for.</summary>
    public static readonly Rejection Changed = new(412, nameof(Changed),
        "the file has changed", Aftermath.GoesOn, isNative: true);

    /// <summary>The file is larger than the limit.</summary>
    public static readonly Rejection SizeTooLarge = new(413, nameof(SizeTooLarge),
        "the file is too large", Aftermath.GoesOn);

    /// <summary>The offset is beyond the end of the file, or of what is there of an upload.</summary>
    public static readonly Rejection OffsetBeyond = new(416, nameof(OffsetBeyond),
        "the offset is beyond the end", Aftermath.GoesOn, isNative: true);

    /// <summary>The state of the digest at that offset is not known.</summary>
    public static readonly Rejection OffsetUnknown = new(416, nameof(OffsetUnknown),
        "the upload cannot go on from that offset", Aftermath.GoesOn, isNative: true);

    /// <summary>The parts of an upload do not cover the file.</summary>
    public static readonly Rejection PartsMissing = new(416, nameof(PartsMissing),
        "parts are missing", Aftermath.GoesOn, isNative: true);

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

    /// <summary>The client ended a body in chunks with the word that it is void.</summary>
    public static readonly Rejection GivenUp = new(499, nameof(GivenUp),
        "the client gave the body up", Aftermath.GoesOn, isNative: true);

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

    /// <summary>The client speaks no version of the native protocol that the server speaks.</summary>
    public static readonly Rejection VersionUnknown = new(505, nameof(VersionUnknown),
        "none of these versions is spoken here", Aftermath.Closes, isNative: true);

    /// <summary>There is no room for the file.</summary>
    public static readonly Rejection DiskFull = new(507, nameof(DiskFull),
        "the disk is full", Aftermath.GoesOn);

    /// <summary>The server's folder cannot be written to.</summary>
    public static readonly Rejection StorageReadOnly = new(507, nameof(StorageReadOnly),
        "the storage is read-only", Aftermath.GoesOn);

    private Rejection(int code, string name, string sentence, Aftermath goes, bool isNative = false)
    {
        Code = code;
        Name = name;
        Sentence = sentence;
        Goes = goes;
        IsNative = isNative;
        CodeDigits = Encoding.ASCII.GetBytes($"{code}");
    }

    /// <summary>All rejections, in the order of their codes.</summary>
    public static IReadOnlyList<Rejection> All { get; } =
    [
        DigestDiffers, HeaderLength, HeaderNotObject, HeaderNotUtf8, TlsHello, HttpRequest, IdRefused, BodyLength,
        ChallengeFailed, NameRefused, NameUnknown, ActionUnknown, ChallengeLate, HeaderLate, BodyLate, DigestLate,
        IdleTooLong, NameTaken, UploadDiffers, TakenOver, Exists, Changed, SizeTooLarge, OffsetBeyond, OffsetUnknown,
        PartsMissing, FieldMissing, FieldType, SizeNegative, HeaderTooLong, PeerVanished, GivenUp, NotStored, Crashed,
        ServerBusy, Draining, VersionUnknown, DiskFull, StorageReadOnly,
    ];

    /// <summary>Three digits in the manner of HTTP; several rejections may share one.</summary>
    public int Code { get; }

    /// <summary>The name in events, logs and WIRE.md; unique.</summary>
    public string Name { get; }

    /// <summary>What happened, for a person, without a full stop.</summary>
    public string Sentence { get; }

    /// <summary>What the conversation does afterwards.</summary>
    public Aftermath Goes { get; }

    /// <summary>Whether only the native protocol knows it.</summary>
    public bool IsNative { get; }

    /// <summary>The three digits as they go over the wire.</summary>
    public ReadOnlyMemory<byte> CodeDigits { get; }

    /// <summary>Code and name, as logs show it.</summary>
    public override string ToString() => $"{Code} {Name}";
}
