namespace ActorSock.Wire.Text;

/// <summary>Lists every way in which the chat refuses a line. CHAT.md has the table for people; a test compares.</summary>
public sealed record ChatRejection
{
    /// <summary>The line holds bytes that are no UTF-8.</summary>
    public static readonly ChatRejection NotUtf8 = new(400, nameof(NotUtf8), "not UTF-8");

    /// <summary>There is no such command, or it lacks something.</summary>
    public static readonly ChatRejection NotUnderstood = new(400, nameof(NotUnderstood), "not understood");

    /// <summary>Nobody has joined from this address.</summary>
    public static readonly ChatRejection NotJoined = new(401, nameof(NotJoined), "join first");

    /// <summary>The operator has bound the name to an address, or it means something else.</summary>
    public static readonly ChatRejection NameReserved = new(403, nameof(NameReserved), "name reserved");

    /// <summary>Somebody at another address bears the name.</summary>
    public static readonly ChatRejection NameTaken = new(409, nameof(NameTaken), "name taken");

    /// <summary>The id was that of another command.</summary>
    public static readonly ChatRejection IdReused = new(409, nameof(IdReused), "id used before");

    /// <summary>The id is lower than those whose answers are still known.</summary>
    public static readonly ChatRejection TooOld = new(410, nameof(TooOld), "id too old");

    /// <summary>The line, or the text in it, is longer than the limit.</summary>
    public static readonly ChatRejection TooLong = new(413, nameof(TooLong), "too long");

    /// <summary>What stands in the place of a name cannot be one.</summary>
    public static readonly ChatRejection NameRefused = new(422, nameof(NameRefused), "not a name");

    /// <summary>More lines came than one member may send.</summary>
    public static readonly ChatRejection TooFast = new(429, nameof(TooFast), "too fast");

    /// <summary>As many members are there as the operator allows.</summary>
    public static readonly ChatRejection RoomFull = new(503, nameof(RoomFull), "room full");

    private ChatRejection(int code, string name, string sentence) => (Code, Name, Sentence) = (code, name, sentence);

    /// <summary>All of them, in the order of their codes.</summary>
    public static IReadOnlyList<ChatRejection> All { get; } =
    [
        NotUtf8, NotUnderstood, NotJoined, NameReserved, NameTaken, IdReused, TooOld, TooLong, NameRefused, TooFast, RoomFull,
    ];

    /// <summary>Three digits in the manner of HTTP; two rejections may share them.</summary>
    public int Code { get; }

    /// <summary>The name in CHAT.md; unique.</summary>
    public string Name { get; }

    /// <summary>What is wrong, for a person.</summary>
    public string Sentence { get; }
}
