using System.Buffers;
using ActorSock.Connections;
using ActorSock.Files;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>Lists files, one page.</summary>
/// <param name="parts">the node's</param>
/// <param name="link">is told</param>
/// <param name="id">of the request</param>
/// <param name="query">what to list</param>
internal sealed class ListActor(NodeParts parts, SocketLink link, long id, FileQuery query)
    : PageActor<ListEntry>(parts, link, id, query.Limit)
{
    private string? _after = query.After;

    public static Props PropsOf(NodeParts parts, SocketLink link, long id, FileQuery query) =>
        Props.Create(() => new ListActor(parts, link, id, query)).WithDispatcher(NodeParts.ListingDispatcher);

    protected override Found Find(int limit)
    {
        var page = Parts.Files.List(query with { Limit = limit, After = _after });
        _after = page.After;
        return new Found(page.Entries, page.HasMore, GoesOn: _after is not null);
    }

    protected override void WriteLine(ListEntry entry, IBufferWriter<byte> lines) => entry.WriteLine(lines);
}
