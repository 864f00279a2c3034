using System.Buffers;
using ActorSock.Connections;
using ActorSock.Files;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>Lists what there is, one page: as much as was asked for, and as there is memory for.</summary>
/// <remarks>
/// It looks at the disk on threads that no upload waits for, and for so many names at a time that others can be listed meanwhile;
/// between them it holds what it has found, for which it has taken memory, and where it goes on.
/// </remarks>
/// <typeparam name="TEntry">what is listed</typeparam>
internal abstract class PageActor<TEntry> : ReaderActor
{
    /// <summary>Bytes of a page: the most that is free, and down to what everybody may have.</summary>
    private static readonly int[] s_pageBytes = [2 << 20, 256 << 10, 32 << 10];

    private const int PageBytesMin = 4 << 10;

    /// <summary>The shortest line, about.</summary>
    private const int LineBytesMin = 64;

    /// <summary>So often it looks, if it has found anything: the connection says nothing else meanwhile.</summary>
    private const int LooksMax = 16;

    /// <summary>The disk is looked at for as long as one page of names takes; then others get their turn.</summary>
    private sealed record GoOn
    {
        public static readonly GoOn Instance = new();
    }

    private readonly int _limit;
    private ArrayBufferWriter<byte> _lines = new();
    private int _taken, _bytesMax, _entries, _end, _looks;

    /// <param name="parts">the node's</param>
    /// <param name="link">is told</param>
    /// <param name="id">of the request</param>
    /// <param name="limit">entries at most</param>
    protected PageActor(NodeParts parts, SocketLink link, long id, int limit)
        : base(parts, link, id) => _limit = limit;

    /// <summary>Looks at the disk, from where it looked before.</summary>
    /// <param name="limit">for so many entries</param>
    /// <exception cref="StorageException">the request is refused for it</exception>
    protected abstract Found Find(int limit);

    protected abstract void WriteLine(TEntry entry, IBufferWriter<byte> lines);

    /// <summary>No more will be looked at: lets go of what is open. May be said again.</summary>
    protected virtual void Forget()
    {
    }

    protected override void More() => Receive<GoOn>(_ => FindMore());

    protected override void Look() => TakeTurn(); // the page would only wait for its turn in memory

    protected override void Say()
    {
        _bytesMax = TakeMemory();
        FindMore();
    }

    protected override void SayMore() => End(new Event.Said(0));

    protected override void PostStop()
    {
        Forget();
        Parts.Unsent.Return(_taken);
    }

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

    private void FindMore()
    {
        Found found;
        try
        {
            found = Find(Math.Max(1, Math.Min(_limit - _entries, (_bytesMax - _end) / LineBytesMin)));
        }
        catch (StorageException e)
        {
            Send(NativeReply.Refused(Id, FailureRefusal.Of(e), closes: false).Encode());
            return;
        }
        if (!TakeAll(found.Entries))
            Reply(hasMore: true);
        else if (!found.GoesOn || _entries == _limit || (_entries > 0 && ++_looks == LooksMax))
            Reply(found.HasMore);
        else
            Self.Tell(GoOn.Instance, Self);
    }

    /// <summary>False when there is no memory for all of them.</summary>
    private bool TakeAll(IReadOnlyList<TEntry> entries)
    {
        foreach (var entry in entries)
        {
            WriteLine(entry, _lines);
            if (_lines.WrittenCount > _bytesMax && _entries > 0)
                return false;
            (_entries, _end) = (_entries + 1, _lines.WrittenCount);
        }
        return true;
    }

    private void Reply(bool hasMore) => Send(
    [
        .. new NativeReply { Id = Id, Status = NativeReply.Done, Entries = _entries, More = hasMore, Body = FrameBody.Of(_end) }.Encode(),
        .. _lines.WrittenSpan[.._end],
    ]);

    private void Send(byte[] frame)
    {
        Forget();
        KeepOnly(frame.Length);
        if (Link.Send(frame, Self))
            End(new Event.Said(0));
    }

    /// <summary>A page may wait for the peer for long: then it has only what it takes.</summary>
    private void KeepOnly(int bytes)
    {
        _lines = new ArrayBufferWriter<byte>();
        var kept = bytes > PageBytesMin ? Math.Min(bytes, _taken) : 0;
        Parts.Unsent.Return(_taken - kept);
        _taken = kept;
    }

    /// <summary>What a look has found.</summary>
    /// <param name="Entries">behind those that were found before</param>
    /// <param name="HasMore">whether there are others</param>
    /// <param name="GoesOn">whether it ended only because it took long</param>
    protected readonly record struct Found(IReadOnlyList<TEntry> Entries, bool HasMore, bool GoesOn);
}
