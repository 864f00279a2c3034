using System.Buffers.Binary;

namespace ActorSock.Wire;

/// <summary>Tells from the first bytes whether a header has a length before it.</summary>
internal readonly ref struct Opening
{
    public const int PrefixBytes = 4;

    public enum Kind { NotYet, Bare, Prefixed, Refused }

    private Opening(Kind kind, int headerBytes = 0, Refusal refusal = default)
    {
        Is = kind;
        HeaderBytes = headerBytes;
        Refusal = refusal;
    }

    public Kind Is { get; }

    /// <summary>The length that a prefix names, within the limit.</summary>
    public int HeaderBytes { get; }

    public Refusal Refusal { get; }

    public static Opening Read(ReadOnlySpan<byte> unread, int headerBytesMax)
    {
        if (unread.Length < 3) return default;
        if (IsTlsHello(unread)) return Refuse(Rejection.TlsHello, "a TLS hello came: connect without TLS");
        if (unread[0] == '{' && CanStandInJson(unread[1]) && CanStandInJson(unread[2]))
            return new Opening(Kind.Bare);
        if (unread.Length < PrefixBytes) return default;

        var length = BinaryPrimitives.ReadInt32LittleEndian(unread);
        if (length > 0 && length <= headerBytesMax) return new Opening(Kind.Prefixed, length);
        if (IsHttpMethod(unread)) return Refuse(Rejection.HttpRequest, "an HTTP request came");
        return LooksLikeText(unread)
            ? Refuse(Rejection.HeaderNotObject, $"it begins with the bytes {Hex(unread)}: begin it with '{{'")
            : new Opening(Kind.Refused, refusal: RefuseLength(unread, length, headerBytesMax));
    }

    /// <summary>Why the first four bytes are no length.</summary>
    public static Refusal RefuseLength(ReadOnlySpan<byte> unread, int length, int headerBytesMax) =>
        new(Rejection.HeaderLength, Describe(unread, length, headerBytesMax));

    /// <summary>Why no header begins with this byte behind its length; null when one can.</summary>
    /// <remarks>Random bytes often begin with a possible length; whoever sends them need not wait for the deadline.</remarks>
    public static Refusal? RefuseFirst(byte first) => " \t\r\n{"u8.Contains(first)
        ? null
        : new Refusal(Rejection.HeaderNotObject, $"behind the length it begins with the byte {first:X2}");

    // A first byte '{' (7B) may also be the low byte of a length such as 123. The third byte tells: no length
    // that can be accepted has anything but 0 or 1 there, and JSON allows neither anywhere.
    private static bool CanStandInJson(byte value) =>
        value is >= 0x20 or (byte)'\t' or (byte)'\n' or (byte)'\r';

    // A record of type handshake (16), version 3.0 to 3.4. Three bytes decide for 3.1 and later, because no
    // length begins like that; 3.0 has the third byte of a length, and the fourth decides.
    private static bool IsTlsHello(ReadOnlySpan<byte> unread) => unread[0] == 0x16 && unread[1] == 0x03
        && (unread[2] is >= 1 and <= 4 || (unread[2] == 0 && unread.Length > 3 && unread[3] != 0));

    // The first four bytes of every method that clients use, and of the preface of HTTP/2. None is a length.
    private static bool IsHttpMethod(ReadOnlySpan<byte> unread) =>
        unread.StartsWith("GET "u8) || unread.StartsWith("PUT "u8) || unread.StartsWith("POST"u8)
        || unread.StartsWith("HEAD"u8) || unread.StartsWith("OPTI"u8) || unread.StartsWith("DELE"u8)
        || unread.StartsWith("CONN"u8) || unread.StartsWith("TRAC"u8) || unread.StartsWith("PATC"u8)
        || unread.StartsWith("PRI "u8);

    // White space before the '{', a list, a string or a byte order mark: somebody who sends JSON, and wants
    // to hear of JSON rather than of lengths.
    private static bool LooksLikeText(ReadOnlySpan<byte> unread) =>
        unread[0] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'[' or (byte)'"'
        || unread.StartsWith("\uFEFF"u8);

    private static Opening Refuse(Rejection rejection, string detail) =>
        new(Kind.Refused, refusal: new Refusal(rejection, detail));

    private static string Describe(ReadOnlySpan<byte> unread, int length, int headerBytesMax)
    {
        var what = $"the first four bytes {Hex(unread)} are {length}, allowed is 1 to {headerBytesMax}";
        var turned = BinaryPrimitives.ReadInt32BigEndian(unread);
        return turned > 0 && turned <= headerBytesMax
            ? $"{what}: send {turned} with the least significant byte first"
            : what;
    }

    private static string Hex(ReadOnlySpan<byte> unread) =>
        $"{unread[0]:X2} {unread[1]:X2} {unread[2]:X2} {unread[3]:X2}";
}
