namespace ActorSock.Client.Native;

/// <summary>The node could not be reached, or the connection was lost before it had answered. Then whether it has done what was asked
/// is not known.</summary>
/// <param name="message">What happened.</param>
/// <param name="inner">What the system said.</param>
public sealed class NodeLostException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>Whether it happened before the node could hear what was asked.</summary>
    public bool WasUnheard { get; internal init; }

    /// <summary>What the peer said that no node would have, readable; null when that was not the reason.</summary>
    public string? Answered { get; internal init; }

    /// <summary>Whether it was because the node asks for a key, and none was given.</summary>
    public bool AsksForKey { get; internal init; }
}
