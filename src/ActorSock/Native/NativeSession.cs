using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>Holds what of a native conversation must outlive a restart of its actors.</summary>
/// <remarks>Of one thread at a time but for what the framer writes, which it tells of behind it.</remarks>
/// <param name="outbox">what is to be said</param>
internal sealed class NativeSession(Outbox outbox)
{
    public Outbox Outbox => outbox;

    /// <summary>Whether hello was said.</summary>
    public bool IsGreeted { get; set; }

    /// <summary>The requests that are not answered yet, by their numbers.</summary>
    public Dictionary<long, Asked> Asked { get; } = [];

    /// <summary>The request that was read, until something has begun for it; the framer's.</summary>
    public NativeRequest? Read { get; set; }

    /// <summary>Whether a trailer follows the body at hand; the framer's.</summary>
    public bool TrailerFollows { get; set; }

    /// <summary>The upload whose body is being read, or whose trailer; null while none is.</summary>
    public NativeUpload? Incoming { get; set; }

    /// <summary>A refusal that waits until it is known whether the conversation goes on behind it.</summary>
    public (NativeReply Reply, int Room)? Unsaid { get; set; }

    /// <summary>The request whose reader has the line: its number is free from the first byte of the reply on.</summary>
    public NativeReading? Speaking { get; set; }

    /// <summary>How the conversation ends, once nothing more is read.</summary>
    public Ending? Ending { get; set; }

    /// <summary>What the peer may still not have been told: so many requests may be under way at once.</summary>
    public int Unanswered => Asked.Count + outbox.Count + (Speaking is null ? 0 : 1);
}

/// <summary>How a conversation ends.</summary>
/// <param name="LastWord">is said when everything before is answered; null when nothing is, or it was said</param>
/// <param name="Room">bytes that were set aside for it</param>
/// <param name="Reason">for the log</param>
internal sealed record Ending(NativeReply? LastWord, int Room, string Reason);
