namespace ActorSock.Wire;

/// <summary>Reads the header of an upload from the front of a connection's unread bytes.</summary>
/// <remarks>
/// It holds no bytes, only how far it has looked, so that a header that arrives byte by byte costs no more
/// than one that arrives whole. It never asks for more than
/// <see cref="WireLimits.HeaderBytesMax"/> + 4 bytes.
/// One decoder serves one connection and is not safe for several threads at once.
/// </remarks>
/// <param name="limits">What is too long and too large.</param>
public sealed class HeaderDecoder(WireLimits limits)
{
    private ObjectScanner _scanner;

    /// <summary>Looks for a header at the front of <paramref name="unread"/>.</summary>
    /// <param name="unread">All bytes from the header's first one on: on every call the same ones with
    /// more behind them; what follows the header may be there already. After a frame or a refusal call
    /// <see cref="Reset"/>.</param>
    public Decoded<PutHeader> Decode(ReadOnlySpan<byte> unread)
    {
        var opening = Opening.Read(unread, limits.HeaderBytesMax);
        return opening.Is switch
        {
            Opening.Kind.Refused => new Decoded<PutHeader>(opening.Refusal),
            Opening.Kind.Prefixed => Prefixed(unread[Opening.PrefixBytes..], opening.HeaderBytes),
            Opening.Kind.Bare => Bare(unread),
            _ => default,
        };
    }

    /// <summary>Forgets what it has looked at: the next call begins with a new header.</summary>
    public void Reset() => _scanner = default;

    private Decoded<PutHeader> Prefixed(ReadOnlySpan<byte> unread, int headerBytes)
    {
        if (unread.Length > 0 && Opening.RefuseFirst(unread[0]) is { } refusal) return new(refusal);
        return unread.Length < headerBytes
            ? default
            : HeaderFields.Read(unread[..headerBytes], true, limits, Opening.PrefixBytes + headerBytes);
    }

    private Decoded<PutHeader> Bare(ReadOnlySpan<byte> unread)
    {
        if (_scanner.Scan(unread, limits.HeaderBytesMax))
            return _scanner.Broken is { } broken
                ? Refuse(Rejection.HeaderNotObject, broken)
                : HeaderFields.Read(unread[.._scanner.End], false, limits, _scanner.End);
        return unread.Length < limits.HeaderBytesMax
            ? default
            : Refuse(Rejection.HeaderTooLong, $"it does not end within {limits.HeaderBytesMax} bytes");
    }

    private static Decoded<PutHeader> Refuse(Rejection rejection, string detail) =>
        new(new Refusal(rejection, detail));
}
