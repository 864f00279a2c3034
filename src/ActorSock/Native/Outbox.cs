using System.Buffers;
using ActorSock.Blocks;
using ActorSock.Connections;

namespace ActorSock.Native;

/// <summary>Says what one peer is to be told, frame by frame, none into the middle of another.</summary>
/// <remarks>
/// Room for the replies to a request is set aside before the request begins, so what a peer can make the node hold by not reading is
/// bounded: some bytes for everybody, more as the node has room for. A frame with a body is said by its reader, who has the line for
/// himself meanwhile. Of one thread at a time.
/// </remarks>
/// <param name="link">sends</param>
/// <param name="allowance">what the room counts against</param>
internal sealed class Outbox(SocketLink link, Allowance allowance)
{
    /// <summary>As much is sent in one call when several frames wait.</summary>
    private const int TogetherBytesMax = 64 * 1024;

    private readonly Queue<Item> _items = [];
    private Share _share = new(allowance, Share.FreeBytes);
    private byte[]? _together;
    private int _room, _sending; // bytes set aside; items that are on their way
    private bool _isBroken;

    /// <param name="Bytes">a whole frame; empty where a reader says it</param>
    /// <param name="Room">was set aside for it, and is given back when it has gone</param>
    /// <param name="Reader">says it</param>
    private readonly record struct Item(ReadOnlyMemory<byte> Bytes, int Room, IActorRef? Reader);

    /// <summary>Frames that are not yet with the system, but for those that a reader says.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a frame waits for room in the socket, or a reader has the line.</summary>
    public bool IsSending => _sending > 0;

    /// <summary>Who has the line.</summary>
    public IActorRef? Speaker => IsSending ? _items.Peek().Reader : null;

    /// <summary>Sets room aside for the replies to one more request; false when there is none. There always is for one alone.</summary>
    public bool TryReserve(int bytes)
    {
        if (!_share.TryHave(_room + bytes) && _room > 0)
            return false;
        _room += bytes;
        return true;
    }

    /// <summary>Gives back what was set aside.</summary>
    public void Release(int bytes)
    {
        _room -= bytes;
        _share.KeepOnly(_room);
    }

    /// <summary>Adds a frame behind the others.</summary>
    /// <param name="frame">is sent by <see cref="Send"/></param>
    /// <param name="room">of what was set aside for the request, what is given back when the frame has gone</param>
    public void Add(ReadOnlyMemory<byte> frame, int room) => Add(new Item(frame, room, null));

    /// <summary>Adds a frame that its reader says when its turn comes: then it is told <see cref="Turn"/>, and the caller of this tells <see cref="Sent"/>.</summary>
    public void Add(IActorRef reader, int room) => Add(new Item(default, room, reader));

    private void Add(Item item)
    {
        if (_isBroken)
        {
            Release(item.Room);
            return;
        }
        _items.Enqueue(item);
        Count += item.Reader is null ? 1 : 0;
    }

    /// <summary>A reader says nothing any more; its room stays set aside.</summary>
    public void Remove(IActorRef reader)
    {
        for (var i = _items.Count; i > 0; i--)
        {
            var item = _items.Dequeue();
            if (!reader.Equals(item.Reader))
                _items.Enqueue(item);
        }
    }

    /// <summary>To a reader: say your frame.</summary>
    public sealed record Turn
    {
        public static readonly Turn Instance = new();
    }

    /// <summary>Sends what waits, as far as the socket takes it.</summary>
    /// <param name="owner">hears <see cref="SocketLink.SendEnded"/> when it took less, and then says <see cref="Sent"/></param>
    public void Send(IActorRef owner)
    {
        while (!IsSending && _items.TryPeek(out var first))
        {
            if (first.Reader is { } reader)
            {
                _sending = 1;
                reader.Tell(Turn.Instance, owner);
                return;
            }
            var bytes = Gather();
            if (!link.Send(bytes, owner))
                return;
            Sent();
        }
    }

    /// <summary>What was being sent has gone, or never will.</summary>
    public void Sent()
    {
        for (; _sending > 0; _sending--)
        {
            var item = _items.Dequeue();
            Count -= item.Reader is null ? 1 : 0;
            Release(item.Room);
        }
        if (_together is not null)
            ArrayPool<byte>.Shared.Return(_together);
        _together = null;
    }

    /// <summary>Nothing reaches the peer any more: what waits is forgotten, and what is added from now on.</summary>
    public void Break()
    {
        _isBroken = true;
        _sending = _items.Count;
        _together = null; // the system may still have it
        Sent();
    }

    /// <summary>Forgets everything; what the system has is sent all the same.</summary>
    public void Clear()
    {
        _items.Clear();
        (Count, _sending, _together) = (0, 0, null);
        Release(_room);
    }

    /// <summary>The first frame, or as many as go together.</summary>
    private ReadOnlyMemory<byte> Gather()
    {
        var (count, bytes) = (0, 0);
        foreach (var item in _items)
        {
            if (item.Reader is not null || (count > 0 && bytes + item.Bytes.Length > TogetherBytesMax))
                break;
            (count, bytes) = (count + 1, bytes + item.Bytes.Length);
        }
        _sending = count;
        if (count == 1)
            return _items.Peek().Bytes;
        _together = ArrayPool<byte>.Shared.Rent(bytes);
        var end = 0;
        foreach (var item in _items.Take(count))
        {
            item.Bytes.CopyTo(_together.AsMemory(end));
            end += item.Bytes.Length;
        }
        return _together.AsMemory(0, bytes);
    }
}
