using System.Buffers;
using ActorSock.Connections;
using ActorSock.Files;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>Lists files, one page: as much as was asked for, and as there is memory for.</summary>
/// <param name="parts">the node's</param>
/// <param name="link">is told</param>
/// <param name="id">of the request</param>
/// <param name="query">what to list</param>
internal sealed class ListActor(NodeParts parts, SocketLink link, long id, FileQuery query) : ReaderActor(parts, link, id)
{
    /// <summary>Bytes of a page: the most that is free, and down to what everybody may have.</summary>
    private static readonly int[] s_pageBytes = [2 << 20, 256 << 10, 32 << 10];

    private const int PageBytesMin = 4 << 10;

    /// <summary>The shortest line of a file, about.</summary>
    private const int LineBytesMin = 64;

    private int _taken;

    public static Props PropsOf(NodeParts parts, SocketLink link, long id, FileQuery query) =>
        Props.Create(() => new ListActor(parts, link, id, query)).WithDispatcher(NodeParts.FilesDispatcher);

    protected override void Look() => TakeTurn(); // the page would only wait for its turn in memory

    protected override void Say()
    {
        var bytesMax = TakeMemory();
        if (Link.Send(Page(bytesMax), Self))
            End(new Event.Said(0));
    }

    protected override void SayMore() => End(new Event.Said(0));

    private int TakeMemory()
    {
        foreach (var bytes in s_pageBytes)
        {
            if (!Parts.Unsent.TryTake(bytes))
                continue;
            _taken = bytes;
            return bytes;
        }
        return PageBytesMin;
    }

    /// <summary>The whole frame.</summary>
    private byte[] Page(int bytesMax)
    {
        FilePage page;
        try
        {
            page = Parts.Files.List(query with { Limit = Math.Min(query.Limit, bytesMax / LineBytesMin) });
        }
        catch (StorageException e)
        {
            return NativeReply.Refused(Id, FailureRefusal.Of(e), closes: false).Encode();
        }
        var lines = new ArrayBufferWriter<byte>(Math.Min(bytesMax, 256 + (page.Entries.Count * LineBytesMin * 3)));
        var (entries, end) = (0, 0);
        foreach (var entry in page.Entries)
        {
            entry.WriteLine(lines);
            if (lines.WrittenCount > bytesMax && entries > 0)
                break;
            (entries, end) = (entries + 1, lines.WrittenCount);
        }
        return
        [
            .. new NativeReply
            {
                Id = Id, Status = NativeReply.Done, Entries = entries, More = page.HasMore || entries < page.Entries.Count, Body = FrameBody.Of(end),
            }.Encode(),
            .. lines.WrittenSpan[..end],
        ];
    }

    protected override void PostStop() => Parts.Unsent.Return(_taken);
}
