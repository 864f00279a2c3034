namespace ActorSock.Wire.Native;

/// <summary>Tells whether somebody who has just connected speaks the native protocol.</summary>
public static class NativeHello
{
    /// <summary>The version of the protocol that is spoken here.</summary>
    public const int Version = 1;

    private static readonly JsonKeys s_keys = new();
    private static readonly JsonKey s_action = s_keys.Add("action");

    /// <summary>Looks at the first bytes of a connection.</summary>
    /// <param name="unread">All that have come so far.</param>
    /// <param name="limits">How long a header can be.</param>
    /// <returns>True for the native protocol; false for anything else, also for what nobody speaks; null as long as it cannot
    /// be told.</returns>
    public static bool? Tell(ReadOnlySpan<byte> unread, WireLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        // Three bytes tell a header that has no length in front; there the fourth may be a long time in coming.
        if (Opening.Read(unread, limits.HeaderBytesMax).Is is Opening.Kind.Bare or Opening.Kind.Refused) return false;
        return FrameHead.Find(unread, limits.HeaderBytesMax, out var json, out _) switch
        {
            Outcome.NotYet => null,
            Outcome.Frame => Is(json),
            _ => false,
        };
    }

    /// <summary>Whether a header, without its length, is one of the native protocol's first: a JSON object whose
    /// <c>action</c> is <c>hello</c>.</summary>
    public static bool Is(ReadOnlySpan<byte> json)
    {
        Span<Range> room = stackalloc Range[s_keys.Count];
        return JsonFields.Find(json, s_keys, room, out var fields) is null && fields[s_action].Says("hello"u8);
    }
}
