using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>A request that the journal answers in the end.</summary>
/// <param name="request">as it came</param>
/// <param name="room">bytes that were set aside for its replies</param>
/// <param name="name">the file that it is about</param>
internal class NativeCommit(NativeRequest request, int room, FileName name) : Asked(request, room)
{
    public FileName Name => name;

    public Verdict Verdict { get; } = new();

    /// <summary>A timestamp of the node's clock.</summary>
    public required long StartedAt { get; init; }

    /// <summary>The name in the tree of who brings it to the journal; null where nobody has to.</summary>
    public string? WriterId { get; init; }

    /// <summary>Brings it to the journal; ends with that.</summary>
    public IActorRef Writer { get; set; } = ActorRefs.Nobody;

    /// <summary>The first word that the client wants to hear.</summary>
    public virtual AckLevel Ack => (Request as NativeRequest.Join)?.Ack ?? AckLevel.Durable;

    /// <summary>Whether the client has heard that the digest is right.</summary>
    public bool HasToldEarly { get; set; }
}
