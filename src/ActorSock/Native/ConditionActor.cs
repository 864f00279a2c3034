using ActorSock.Connections;
using ActorSock.Files;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>
/// Looks whether a file has the digest with which alone it may be deleted or renamed; the journal looks again whether it is still that
/// file.
/// </summary>
/// <param name="parts">the node's</param>
/// <param name="link">of the conversation</param>
/// <param name="id">of the request</param>
/// <param name="name">which file, with the folder of the client</param>
/// <param name="onlyIf">the digest that it must have</param>
/// <param name="mayRead">whether it runs where a whole file may be read for its digest</param>
internal sealed class ConditionActor(NodeParts parts, SocketLink link, long id, FileName name, Md5Digest onlyIf, bool mayRead)
    : ReaderActor(parts, link, id)
{
    public static Props PropsOf(NodeParts parts, SocketLink link, long id, FileName name, Md5Digest onlyIf, bool mayRead) =>
        Props.Create(() => new ConditionActor(parts, link, id, name, onlyIf, mayRead)).WithDispatcher(NodeParts.ReadersOf(mayRead));

    protected override void Look()
    {
        if (LookAt(name, mayRead) is not { } found)
            return;
        if (found.Md5 != onlyIf)
            Refuse(Rejection.Changed, $"its md5 is {found.Md5}");
        else
            End(new Event.MayChange(name, found));
    }
}
