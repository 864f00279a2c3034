namespace ActorSock.Wire.Native;

/// <summary>Reads requests of the native protocol from the front of a connection's unread bytes.</summary>
/// <remarks>It holds nothing, and never asks for more than <see cref="WireLimits.HeaderBytesMax"/> + 4 bytes.</remarks>
/// <param name="limits">What is too long and too large.</param>
public sealed class NativeDecoder(WireLimits limits)
{
    /// <summary>Looks for a header at the front of <paramref name="unread"/>.</summary>
    /// <param name="unread">All bytes from the header's first one on; what follows it may be there already.</param>
    /// <returns>A frame also when a request is refused, as a <see cref="NativeRequest.Refused"/>: the next header can be found
    /// behind its body, unless its rejection closes. Refused is what is no frame at all; there the conversation
    /// ends.</returns>
    public Decoded<NativeRequest> Decode(ReadOnlySpan<byte> unread)
    {
        var outcome = FrameHead.Find(unread, limits.HeaderBytesMax, out var json, out var refusal);
        if (outcome == Outcome.NotYet) return default;
        if (outcome == Outcome.Refused) return new(refusal);

        var consumed = FrameHead.PrefixBytes + json.Length;
        Span<Range> room = stackalloc Range[NativeKeys.Table.Count];
        return JsonFields.Find(json, NativeKeys.Table, room, out var fields) is { } broken
            ? new(broken, consumed)
            : new(RequestReader.Read(fields, limits), consumed);
    }
}
