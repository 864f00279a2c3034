using System.Buffers;
using System.Net.Sockets;
using ActorSock.Blocks;
using ActorSock.Connections;
using ActorSock.Files;
using ActorSock.Framing;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>Sends a file, or a part of one.</summary>
/// <remarks>
/// It has a block only while it copies from the file into the socket. What the socket does not take is read again when there is
/// room; the wait for that holds a page. So a peer that does not read keeps nothing that others need.
/// </remarks>
internal sealed class FetchActor : ReaderActor
{
    /// <summary>What one message sends at most, so that all who share the threads advance alike.</summary>
    private const int InARowBytesMax = 1024 * 1024;

    private const int PieceBytesMin = 16 * 1024;

    private sealed record GoOn
    {
        public static readonly GoOn Instance = new();
    }

    private readonly NativeRequest.Get _get;
    private readonly FileName _name;
    private readonly string _shown;
    private readonly bool _mayRead;
    private readonly byte[] _page = ArrayPool<byte>.Shared.Rent(AlignedMemory.AlignmentBytes);
    private IStoredFile? _file;
    private NativeReply? _reply;
    private BlockPlace? _place;
    private long _offset, _left, _bytes;
    private int _piece = PieceBytesMin;

    /// <param name="parts">the node's</param>
    /// <param name="link">is told</param>
    /// <param name="get">what to send</param>
    /// <param name="name">which file, with the folder of the client</param>
    /// <param name="shown">what the client calls it</param>
    /// <param name="mayRead">whether it runs where a whole file may be read for its digest</param>
    public FetchActor(NodeParts parts, SocketLink link, NativeRequest.Get get, FileName name, string shown, bool mayRead)
        : base(parts, link, get.Id!.Value) => (_get, _name, _shown, _mayRead) = (get, name, shown, mayRead);

    public static Props PropsOf(NodeParts parts, SocketLink link, NativeRequest.Get get, FileName name, string shown, bool mayRead) =>
        Props.Create(() => new FetchActor(parts, link, get, name, shown, mayRead)).WithDispatcher(NodeParts.ReadersOf(mayRead));

    protected override void More()
    {
        Receive<GoOn>(_ => SayMore());
        Receive<BlockPlace.Granted>(granted =>
        {
            _place = null;
            if (granted.Place.Take() is { } block)
                SayMore(block);
        });
    }

    protected override void Look()
    {
        var digested = _mayRead ? Parts.Files.Digest(_name) : null;
        _file = Parts.Files.Open(_name);
        if (_file is null)
        {
            Refuse(Rejection.NameUnknown, "");
            return;
        }
        var found = _file.Found;
        var md5 = found.Md5 ?? (digested is { } same && same.IsSameAs(found) ? same.Md5 : null);
        if (_get.OnlyIf is not null && md5 is null && !_mayRead)
            End(Event.NeedsDigest.Instance);
        else if (_get.OnlyIf is { } wanted && md5 != wanted)
            Refuse(Rejection.Changed, md5 is { } now ? $"its md5 is {now}" : "it changes while it is looked at");
        else if (_get.Offset > found.Size)
            Refuse(Rejection.OffsetBeyond, $"the file has {found.Size} bytes");
        else
            Offer(found, md5);
    }

    private void Offer(in StoredFile found, Md5Digest? md5)
    {
        _offset = _get.Offset;
        _left = _bytes = Math.Min(_get.Length ?? long.MaxValue, found.Size - _offset);
        _reply = new NativeReply
        {
            Id = Id,
            Status = _left == found.Size ? NativeReply.Done : NativeReply.Partial,
            Name = _shown,
            Size = found.Size,
            Modified = found.Modified,
            Md5 = md5,
            Offset = _offset,
            Body = FrameBody.Of(_left),
        };
        TakeTurn();
    }

    protected override void Say()
    {
        if (Link.Send(_reply!.Encode(), Self))
            SayMore();
    }

    protected override void SayMore()
    {
        if (_left == 0)
            End(new Event.Said(_bytes));
        else if (Parts.Blocks.TryRent(PieceBytes, Link.Id) is { } block)
            SayMore(block);
        else
            Parts.Blocks.Wait(PieceBytes, _place = new BlockPlace(Self), Link.Id);
    }

    private int PieceBytes => (int)Math.Min(Math.Min(_piece, Parts.Settings.Memory.BlockBytes), _left);

    private void SayMore(Block block)
    {
        try
        {
            for (var sent = 0; _left > 0; )
            {
                var piece = block.Memory.Span[..(int)Math.Min(block.Capacity, _left)];
                piece = piece[..Read(piece)];
                var taken = Link.TrySend(piece, out var error);
                (_offset, _left, sent) = (_offset + taken, _left - taken, sent + taken);
                if (error != SocketError.Success)
                {
                    Context.Parent.Tell(new Event.Broken(error), Self);
                    return;
                }
                if (taken < piece.Length)
                {
                    _piece = Math.Max(PieceBytesMin, sent); // as much as it took: what it does not take was read in vain
                    if (!SendPage(piece[taken..]))
                        return;
                }
                if (sent >= InARowBytesMax)
                    break;
            }
            _piece = SizeClasses.BytesMax;
        }
        finally
        {
            block.Return();
        }
        Self.Tell(GoOn.Instance, Self);
    }

    private int Read(Span<byte> into)
    {
        var bytes = _file!.Read(into, _offset);
        return bytes > 0 ? bytes : throw new StorageException(
            StorageFault.Failed, $"cannot send '{_name}'", $"it ends {_left} bytes early", "do not change stored files in place");
    }

    /// <summary>Waits for room by sending a page; false while it waits.</summary>
    private bool SendPage(ReadOnlySpan<byte> rest)
    {
        var bytes = Math.Min(rest.Length, AlignedMemory.AlignmentBytes);
        rest[..bytes].CopyTo(_page);
        (_offset, _left) = (_offset + bytes, _left - bytes);
        return Link.Send(_page.AsMemory(0, bytes), Self);
    }

    protected override string About => $"{_bytes - _left} of {_bytes} bytes of {Escaping.Printable(_name.Value)}";

    protected override void PostStop()
    {
        _place?.Leave(Parts.Blocks);
        _file?.Dispose();
        if (!Link.IsSending)
            ArrayPool<byte>.Shared.Return(_page); // else the system may still have it
    }
}
