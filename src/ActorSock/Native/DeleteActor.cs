using ActorSock.Connections;
using ActorSock.Files;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>Looks whether a file has the digest with which alone it may be deleted; the journal looks again whether it is still that file.</summary>
/// <param name="parts">the node's</param>
/// <param name="link">of the conversation</param>
/// <param name="delete">the request</param>
/// <param name="name">which file, with the folder of the client</param>
/// <param name="mayRead">whether it runs where a whole file may be read for its digest</param>
internal sealed class DeleteActor(NodeParts parts, SocketLink link, NativeRequest.Delete delete, FileName name, bool mayRead)
    : ReaderActor(parts, link, delete.Id!.Value)
{
    public static Props PropsOf(NodeParts parts, SocketLink link, NativeRequest.Delete delete, FileName name, bool mayRead) =>
        Props.Create(() => new DeleteActor(parts, link, delete, name, mayRead)).WithDispatcher(NodeParts.ReadersOf(mayRead));

    protected override void Look()
    {
        if ((mayRead ? Parts.Files.Digest(name) : Parts.Files.Stat(name)) is not { } found)
            Refuse(Rejection.NameUnknown, "");
        else if (found.Md5 is null && !mayRead)
            End(Event.NeedsDigest.Instance);
        else if (found.Md5 != delete.OnlyIf)
            Refuse(Rejection.Changed, $"its md5 is {found.Md5}");
        else
            End(new Event.MayDelete(name, found));
    }
}
