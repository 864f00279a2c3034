using ActorSock.Connections;
using ActorSock.Files;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>Says what there is under a name.</summary>
/// <param name="parts">the node's</param>
/// <param name="link">of the conversation</param>
/// <param name="id">of the request</param>
/// <param name="name">which file, with the folder of the client</param>
/// <param name="shown">what the client calls it</param>
/// <param name="mayRead">whether it runs where a whole file may be read for its digest</param>
internal sealed class StatActor(NodeParts parts, SocketLink link, long id, FileName name, string shown, bool mayRead)
    : ReaderActor(parts, link, id)
{
    public static Props PropsOf(NodeParts parts, SocketLink link, long id, FileName name, string shown, bool mayRead) =>
        Props.Create(() => new StatActor(parts, link, id, name, shown, mayRead)).WithDispatcher(NodeParts.ReadersOf(mayRead));

    protected override void Look()
    {
        if (LookAt(name, mayRead) is { } found)
            Answer(Reply(found));
    }

    private NativeReply Reply(in StoredFile found) => new()
    {
        Id = Id, Status = NativeReply.Done, Name = shown, Size = found.Size, Modified = found.Modified, Md5 = found.Md5, Sha256 = found.Sha256,
    };
}
