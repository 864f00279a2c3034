using ActorSock.Blocks;
using ActorSock.Files;
using ActorSock.Framing;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>An upload of a native conversation, from its header until it is answered.</summary>
/// <param name="put">what the client announced</param>
/// <param name="room">bytes that were set aside for its replies</param>
/// <param name="name">the name it will be stored under</param>
internal sealed class NativeUpload(NativeRequest.Put put, int room, FileName name) : NativeCommit(put, room, name)
{
    public NativeRequest.Put Put => put;

    public override AckLevel Ack => put.Ack;

    /// <summary>The blocks between framer and writer.</summary>
    public BlockWindow Window { get; } = new();

    public BlockCut Cut { get; init; }

    /// <summary>What had come over the connection before the body.</summary>
    public required long BytesBefore { get; init; }

    /// <summary>Bytes of its body, once all are there.</summary>
    public long? BodyBytes { get; set; }

    /// <summary>What the client has promised, once the writer may be told to finish.</summary>
    public FileWriterActor.Promise? Promise { get; set; }

    /// <summary>The upload of the same name that this one waits for; <see cref="NameOrder"/>'s.</summary>
    public NativeUpload? Before { get; set; }

    /// <summary>The one that waits for this one; the same.</summary>
    public NativeUpload? Next { get; set; }
}
