using ActorSock.Blocks;
using ActorSock.Files;
using ActorSock.Framing;
using ActorSock.Journal;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>An upload of a native conversation, from its header until it is answered.</summary>
/// <param name="put">what the client announced</param>
/// <param name="room">bytes that were set aside for its replies</param>
/// <param name="name">the name it will be stored under</param>
internal sealed class NativeUpload(NativeRequest.Put put, int room, FileName name) : Asked(put, room)
{
    public NativeRequest.Put Put => put;

    public FileName Name => name;

    /// <summary>Its writer's name in the tree.</summary>
    public required string WriterId { get; init; }

    /// <summary>Writes it; ends with it.</summary>
    public IActorRef Writer { get; set; } = ActorRefs.Nobody;

    /// <summary>The blocks between framer and writer.</summary>
    public BlockWindow Window { get; } = new();

    public BlockCut Cut { get; init; }

    public Verdict Verdict { get; } = new();

    /// <summary>A timestamp of the node's clock.</summary>
    public required long StartedAt { get; init; }

    /// <summary>What had come over the connection before the body.</summary>
    public required long BytesBefore { get; init; }

    /// <summary>Bytes of its body, once all are there.</summary>
    public long? BodyBytes { get; set; }

    /// <summary>Whether the client has heard that the digest is right.</summary>
    public bool HasToldEarly { get; set; }

    /// <summary>What the client has promised, once the writer may be told to finish.</summary>
    public FileWriterActor.Promise? Promise { get; set; }

    /// <summary>The upload of the same name that is to be committed behind this one.</summary>
    public NativeUpload? Next { get; set; }
}
