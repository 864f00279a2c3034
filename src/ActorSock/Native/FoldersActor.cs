using System.Buffers;
using ActorSock.Connections;
using ActorSock.Files;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>Lists folders, and says what is in each, one page.</summary>
/// <param name="parts">the node's</param>
/// <param name="link">is told</param>
/// <param name="id">of the request</param>
/// <param name="query">what to list</param>
internal sealed class FoldersActor(NodeParts parts, SocketLink link, long id, FolderQuery query)
    : PageActor<FolderEntry>(parts, link, id, query.Limit)
{
    private FolderPage _page = new([], HasMore: true) { After = query.After };

    public static Props PropsOf(NodeParts parts, SocketLink link, long id, FolderQuery query) =>
        Props.Create(() => new FoldersActor(parts, link, id, query)).WithDispatcher(NodeParts.ListingDispatcher);

    protected override Found Find(int limit)
    {
        var begun = _page.Begun;
        _page = _page with { Begun = null };
        _page = Parts.Files.Folders(query with { Limit = limit, After = _page.After }, begun);
        return new Found(_page.Entries, _page.HasMore, GoesOn: _page.HasMore && _page.Entries.Count < limit);
    }

    protected override void Forget()
    {
        _page.Begun?.Dispose();
        _page = _page with { Begun = null };
    }

    protected override void WriteLine(FolderEntry entry, IBufferWriter<byte> lines) => entry.WriteLine(lines);
}
