namespace ActorSock.Wire;

/// <summary>Names the four ways to send a file; WIRE.md shows each as a conversation.</summary>
public enum Dialect
{
    /// <summary>Length, header with <c>action</c>, body; <c>OK</c>; 32 hex digits; <c>203</c> or
    /// <c>204</c>.</summary>
    DigestAfter = 1,

    /// <summary>Length, header with <c>md5</c> and no <c>action</c>, body; <c>203</c> or
    /// <c>204</c>.</summary>
    DigestInHeader = 2,

    /// <summary>Header with <c>action</c> and no length; <c>200</c>; body; nothing more is said.</summary>
    BareAcknowledged = 3,

    /// <summary>Header without length and <c>action</c>, body behind it; nothing is said at all.</summary>
    Bare = 4,
}
