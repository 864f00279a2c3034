using System.Buffers.Binary;

namespace ActorSock.Wire.Native;

/// <summary>Finds the header at the front of the unread bytes of a native conversation.</summary>
internal static class FrameHead
{
    /// <summary>Bytes of the length in front.</summary>
    public const int PrefixBytes = Opening.PrefixBytes;

    /// <summary>The header without its length; not yet before all of it is there.</summary>
    /// <remarks>Of what has arrived of a header nothing is looked at but the length and the first byte: how many pieces it
    /// comes in costs nothing.</remarks>
    public static Outcome Find(
        ReadOnlySpan<byte> unread, int headerBytesMax, out ReadOnlySpan<byte> json, out Refusal refusal)
    {
        json = default;
        refusal = default;
        if (unread.Length < PrefixBytes) return Outcome.NotYet;
        var length = BinaryPrimitives.ReadInt32LittleEndian(unread);
        if (length <= 0 || length > headerBytesMax)
        {
            refusal = Opening.RefuseLength(unread, length, headerBytesMax);
            return Outcome.Refused;
        }
        var rest = unread[PrefixBytes..];
        if (rest.Length > 0 && Opening.RefuseFirst(rest[0]) is { } broken)
        {
            refusal = broken;
            return Outcome.Refused;
        }
        if (rest.Length < length) return Outcome.NotYet;
        json = rest[..length];
        return Outcome.Frame;
    }
}
