using System.Buffers;
using System.Net.Sockets;
using ActorSock.Blocks;
using ActorSock.Connections;
using ActorSock.Files;
using ActorSock.Supervision;
using ActorSock.Wire;

namespace ActorSock.Framing;

/// <summary>Where a block of a body may end.</summary>
internal enum BlockCut
{
    /// <summary>Wherever there is no more to read.</summary>
    Anywhere,

    /// <summary>The last one anywhere, the others on a page: they go to the disk directly.</summary>
    OnPages,

    /// <summary>Anywhere, but each has room for the rest of the body, so that the first can be made whole.</summary>
    WholeBody,
}

/// <summary>Turns unread bytes of one connection into frames: headers and digests for its parent, bodies in blocks for a writer.</summary>
/// <remarks>
/// Parent: <see cref="ConnectionActor"/>. Children: none.<br/>
/// States: <see cref="Idle"/>, <see cref="ReadingHeader"/>, <see cref="ReadingBody"/>, <see cref="Skipping"/>,
/// <see cref="ReadingDigest"/>. It reads only when told to, and while it waits for the peer it holds no block.<br/>
/// On restart: never alone; its failure is escalated, and the connection restarts with a new framer. What it had read and not
/// given away is lost; the link knows how much that was and where in the frame it stood.
/// </remarks>
internal sealed class FramerActor : ServerActor
{
    /// <summary>Enough for nearly every header; a longer one gets a larger buffer.</summary>
    private const int HeaderBufferBytes = 4096;

    private const int SkipBufferBytes = 64 * 1024;

    /// <summary>What is skipped for one message, so that a fast peer does not keep the framer from hearing that it is to stop.</summary>
    private const long SkippedInARowMax = 1024 * 1024;

    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Read the next header.</summary>
        public sealed record ReadHeader : Command
        {
            public static readonly ReadHeader Instance = new();
        }

        /// <summary>Read the body of the header just read, into blocks for this writer.</summary>
        /// <param name="Writer">gets them</param>
        /// <param name="Window">where they lie meanwhile</param>
        /// <param name="Cut">where one may end</param>
        public sealed record ReadBody(IActorRef Writer, BlockWindow Window, BlockCut Cut) : Command;

        /// <summary>
        /// Stop reading for the request in hand; what is left of its body, if it is not more than this, is read and thrown away.
        /// </summary>
        public sealed record SkipBody(long BytesMax) : Command;

        /// <summary>Read the 32 digits behind a body.</summary>
        public sealed record ReadDigest : Command
        {
            public static readonly ReadDigest Instance = new();
        }

        /// <summary>Throw away whatever comes until the peer closes.</summary>
        public sealed record SkipRest : Command
        {
            public static readonly SkipRest Instance = new();
        }
    }

    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The first byte of a header is there.</summary>
        public sealed record HeaderBegun : Event
        {
            public static readonly HeaderBegun Instance = new();
        }

        public sealed record HeaderRead(PutHeader Header) : Event;

        public sealed record HeaderRefused(Refusal Refusal, Announced? Announced) : Event;

        /// <summary>The last block of the body is with the writer.</summary>
        public sealed record BodyRead : Event
        {
            public static readonly BodyRead Instance = new();
        }

        /// <summary>Nothing is left of the body, and nothing is being read: the place will not move before the next command.</summary>
        public sealed record BodySkipped : Event
        {
            public static readonly BodySkipped Instance = new();
        }

        /// <summary>More is left of the body than may be skipped; nothing is being read.</summary>
        public sealed record BodyTooLong : Event
        {
            public static readonly BodyTooLong Instance = new();
        }

        /// <summary>The digits; null when they are no digest.</summary>
        public sealed record DigestRead(Md5Digest? Digest) : Event;

        /// <summary>The peer has closed, orderly or not; nothing more will be read.</summary>
        public sealed record PeerGone(SocketError Error) : Event;
    }

    /// <summary>A writer is done with a block.</summary>
    public sealed record Appended
    {
        public static readonly Appended Instance = new();
    }

    /// <summary>Waits in line for a block on behalf of one body.</summary>
    private sealed class Place(IActorRef framer) : IBlockWaiter
    {
        private Block? _granted;
        private bool _left;

        public sealed record Granted(Place Place);

        void IBlockWaiter.Granted(Block block)
        {
            lock (this)
            {
                if (!_left)
                {
                    _granted = block;
                    block = null!;
                }
            }
            block?.Return();
            framer.Tell(new Granted(this), ActorRefs.NoSender);
        }

        /// <summary>The block that was granted, or null; it is the caller's now.</summary>
        public Block? Take()
        {
            lock (this)
            {
                var block = _granted;
                _granted = null;
                return block;
            }
        }

        /// <summary>Nobody waits any more: a block that comes later, or came already, goes back.</summary>
        public void Leave(BlockPool pool)
        {
            lock (this)
                _left = true;
            pool.Cancel(this);
            Take()?.Return();
        }
    }

    private readonly NodeParts _parts;
    private readonly SocketLink _link;
    private readonly HeaderDecoder _decoder;
    private byte[]? _buffer;
    private Share _long;
    private int _start, _end;
    private bool _begun;
    private IActorRef _writer = ActorRefs.Nobody;
    private BlockWindow? _window;
    private BlockCut _cut;
    private Place? _place;

    public FramerActor(NodeParts parts, SocketLink link)
    {
        _parts = parts;
        _link = link;
        _long = new Share(parts.LongHeaders, freeBytes: 0); // the buffer that everybody may have is no part of it
        _decoder = new HeaderDecoder(new WireLimits
        {
            HeaderBytesMax = parts.Settings.Wire.HeaderBytesMax,
            FileBytesMax = parts.Settings.Wire.FileBytesMax,
        });
        Become(Idle);
    }

    public static Props PropsOf(NodeParts parts, SocketLink link) => Props.Create(() => new FramerActor(parts, link));

    private ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start.._end);

    private void Idle()
    {
        Receive<Command>(Obey);
        ReceiveAny(static _ => { }); // a wait that a predecessor began, the last blocks of a body that is over
    }

    private void ReadingHeader()
    {
        Receive<SocketLink.Readable>(_ => ReadHeader());
        Receive<Command>(Obey);
        ReceiveAny(static _ => { });
    }

    private void ReadingBody()
    {
        Receive<SocketLink.Readable>(_ => ReadBody());
        Receive<Appended>(_ => ReadBody());
        Receive<Place.Granted>(granted => ReadBody(granted.Place));
        Receive<Command>(Obey);
    }

    private void Skipping()
    {
        Receive<SocketLink.Readable>(_ => Skip());
        Receive<Command>(Obey);
        ReceiveAny(static _ => { });
    }

    private void ReadingDigest()
    {
        Receive<SocketLink.Readable>(_ => ReadDigest());
        Receive<Command>(Obey);
        ReceiveAny(static _ => { });
    }

    /// <summary>A command takes the place of what is being read.</summary>
    private void Obey(Command command)
    {
        switch (command)
        {
            case Command.ReadHeader: BeginHeader(); break;
            case Command.ReadBody body: BeginBody(body); break;
            case Command.SkipBody skip: GiveUp(skip); break;
            case Command.ReadDigest: BeginDigest(); break;
            case Command.SkipRest: BeginSkip(long.MaxValue); break;
        }
    }

    // ---- headers

    private void BeginHeader()
    {
        _decoder.Reset();
        _begun = false;
        _link.Position = FramePosition.Boundary;
        Become(ReadingHeader);
        ReadHeader();
    }

    private void ReadHeader()
    {
        while (true)
        {
            if (_end > _start && DecodeHeader())
                return;
            if (!ReadMore(_parts.Settings.Wire.HeaderBytesMax + sizeof(int)))
                return;
        }
    }

    /// <summary>True when the header is over, one way or the other.</summary>
    private bool DecodeHeader()
    {
        if (!_begun)
        {
            _begun = true;
            _link.Position = FramePosition.Unknown;
            Context.Parent.Tell(Event.HeaderBegun.Instance, Self);
        }
        var decoded = _decoder.Decode(Unread);
        if (decoded.Outcome == Outcome.NotYet)
            return false;
        Consume(decoded.Consumed);
        Become(Idle);
        if (decoded.Outcome == Outcome.Frame)
        {
            var header = decoded.Frame;
            (_link.Position, _link.Left) = (FramePosition.Body, header.FileSize);
            (_link.InHand, _link.BodyAnswered) = (header, false);
            Context.Parent.Tell(new Event.HeaderRead(header), Self);
        }
        else
        {
            if (decoded.Announced is { BodyBytes: { } bytes })
                (_link.Position, _link.Left) = (FramePosition.Body, bytes);
            Context.Parent.Tell(new Event.HeaderRefused(decoded.Refusal, decoded.Announced), Self);
        }
        return true;
    }

    // ---- bodies

    private void BeginBody(Command.ReadBody command)
    {
        (_writer, _window, _cut) = (command.Writer, command.Window, command.Cut);
        Become(ReadingBody);
        ReadBody();
    }

    private void ReadBody(Place? granted = null)
    {
        var block = granted?.Take();
        if (granted is not null && ReferenceEquals(granted, _place))
            _place = null;
        while (_link.Left > 0 && _place is null)
        {
            if (block is null && !TryRent(out block))
                return;
            var fate = Fill(block);
            if (fate.WouldBlock && _cut == BlockCut.OnPages)
                KeepRestOfPage(block);
            var wanted = HandOver(block);
            block = null;
            if (!wanted)
                return; // the writer has ended; what is to become of the rest, the connection will say
            if (fate.WouldBlock)
            {
                _link.WaitReadable(Self);
                return;
            }
            if (fate.IsEnd)
            {
                Gone(fate);
                return;
            }
        }
        block?.Return();
        if (_link.Left == 0)
            EndBody();
    }

    /// <summary>Finds a block for what is there now; false while the window or the pool has none to give.</summary>
    private bool TryRent([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Block? block)
    {
        block = null;
        var kept = _cut == BlockCut.WholeBody ? 1 : 0; // the block that the body is made whole in stays in the window
        if (_window!.Outstanding >= _parts.Settings.Memory.WindowBlocks + kept)
            return false; // the writer's next Appended goes on
        var wanted = _cut == BlockCut.WholeBody
            ? (int)_link.Left
            : (int)Math.Min(Math.Min(_link.Left, _parts.Settings.Memory.BlockBytes), Math.Max(There(), 1));
        block = _parts.Blocks.TryRent(wanted, _link.Id);
        if (block is not null)
            return true;
        // No use in standing in line with nothing to put into a block; and an end would not be seen from there.
        if (There() == 0 && !ReadMore(HeaderBufferBytes))
            return false;
        _place = new Place(Self);
        _parts.Blocks.Wait(wanted, _place, _link.Id);
        return false;
    }

    private int There() => Math.Max(_end - _start, _link.Available);

    /// <summary>Fills a block from the buffer, then from the socket, until it is full, the body over, or nothing there.</summary>
    private ReadOutcome Fill(Block block)
    {
        var room = block.Memory[..(int)Math.Min(block.Capacity, _link.Left)];
        if (_end > _start)
        {
            var copied = Math.Min(room.Length, _end - _start);
            Unread[..copied].CopyTo(room.Span);
            block.Length = copied;
            _link.Left -= copied;
            Consume(copied);
        }
        while (block.Length < room.Length)
        {
            var outcome = _link.TryRead(room[block.Length..]);
            if (outcome.WouldBlock || outcome.IsEnd)
                return outcome;
            block.Length += outcome.Bytes;
            _link.Left -= outcome.Bytes;
        }
        return new ReadOutcome(block.Length, SocketError.Success);
    }

    /// <summary>
    /// Takes back what is behind the last whole page of a block, until more comes: the disk is written in pages, and no block
    /// waits for the peer. Where memory for that is short the block goes as it is, and the file through the page cache.
    /// </summary>
    private void KeepRestOfPage(Block block)
    {
        var rest = block.Length % AlignedMemory.AlignmentBytes;
        if (rest == 0 || _link.Left == 0 || !_long.TryHave(HeaderBufferBytes))
            return;
        _buffer = ArrayPool<byte>.Shared.Rent(HeaderBufferBytes);
        block.Length -= rest;
        block.Memory.Span.Slice(block.Length, rest).CopyTo(_buffer);
        (_start, _end) = (0, rest);
        _link.Left += rest;
        _link.Unread = rest;
    }

    /// <summary>False when the window is closed: nobody takes blocks of this body any more.</summary>
    private bool HandOver(Block block)
    {
        if (block.Length == 0)
        {
            block.Return();
            return true;
        }
        if (!_window!.Add(block))
            return false;
        _writer.Tell(new FileWriterActor.Command.Append(block), Self);
        return true;
    }

    private void EndBody()
    {
        LetGoOfBody();
        PassBody();
        Become(Idle);
        Context.Parent.Tell(Event.BodyRead.Instance, Self);
    }

    /// <summary>Books that a body is over: digits follow it, or the next header.</summary>
    private void PassBody() => (_link.Position, _link.Left) = _link.InHand?.Dialect == Dialect.DigestAfter
        ? (FramePosition.Digest, Md5Digest.HexDigitsCount)
        : (FramePosition.Boundary, 0);

    private void LetGoOfBody()
    {
        _place?.Leave(_parts.Blocks);
        _place = null;
        _writer = ActorRefs.Nobody;
        _window = null;
    }

    // ---- bytes that nobody wants

    /// <summary>Only here is known where the next byte stands: the connection decides by what it is told.</summary>
    private void GiveUp(Command.SkipBody command)
    {
        LetGoOfBody();
        if (_link.Position == FramePosition.Body && _link.Left <= command.BytesMax)
        {
            BeginSkip(_link.Left);
            return;
        }
        Become(Idle);
        Event said = _link.Position == FramePosition.Body ? Event.BodyTooLong.Instance : Event.BodySkipped.Instance;
        Context.Parent.Tell(said, Self);
    }

    private void BeginSkip(long bytes)
    {
        LetGoOfBody();
        if (bytes == long.MaxValue)
            _link.Position = FramePosition.Unknown;
        _link.Left = bytes;
        Become(Skipping);
        Skip();
    }

    private void Skip()
    {
        var buffered = (int)Math.Min(_end - _start, _link.Left);
        Consume(buffered);
        _link.Left -= buffered;
        var trash = ArrayPool<byte>.Shared.Rent(SkipBufferBytes);
        try
        {
            for (long skipped = 0; _link.Left > 0;)
            {
                if (skipped >= SkippedInARowMax)
                {
                    Self.Tell(SocketLink.Readable.Instance);
                    return;
                }
                var outcome = _link.TryRead(trash.AsMemory(0, (int)Math.Min(trash.Length, _link.Left)));
                if (outcome.WouldBlock)
                {
                    _link.WaitReadable(Self);
                    return;
                }
                if (outcome.IsEnd)
                {
                    Gone(outcome);
                    return;
                }
                _link.Left -= outcome.Bytes;
                skipped += outcome.Bytes;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(trash);
        }
        PassBody();
        Become(Idle);
        Context.Parent.Tell(Event.BodySkipped.Instance, Self);
    }

    // ---- digests

    private void BeginDigest()
    {
        // After a restart some of the digits may have been read already, and lost: then the rest is read and is no digest.
        if (_link.Position != FramePosition.Digest)
            (_link.Position, _link.Left) = (FramePosition.Digest, Md5Digest.HexDigitsCount);
        Become(ReadingDigest);
        ReadDigest();
    }

    private void ReadDigest()
    {
        while (_end - _start < _link.Left)
            if (!ReadMore(HeaderBufferBytes))
                return;
        var digits = (int)_link.Left;
        var digest = digits == Md5Digest.HexDigitsCount ? DigestDecoder.Decode(Unread).Frame : null;
        Consume(digits);
        (_link.Position, _link.Left) = (FramePosition.Boundary, 0);
        Become(Idle);
        Context.Parent.Tell(new Event.DigestRead(digest), Self);
    }

    // ---- the buffer of headers and digests

    /// <summary>Adds what is there to the buffer; false when there is nothing, and then the wait for it has begun.</summary>
    private bool ReadMore(int bytesMax)
    {
        if (!TryMakeRoom(bytesMax))
        {
            DropBuffer();
            Become(Idle);
            Context.Parent.Tell(new Event.HeaderRefused(new Refusal(Rejection.ServerBusy, "many long headers are under way: send a shorter one, or later"), null), Self);
            return false;
        }
        var outcome = _link.TryRead(_buffer.AsMemory(_end));
        if (outcome.WouldBlock)
        {
            if (_end == _start)
                DropBuffer();
            _link.WaitReadable(Self);
            return false;
        }
        if (outcome.IsEnd)
        {
            Gone(outcome);
            return false;
        }
        _end += outcome.Bytes;
        _link.Unread = _end - _start;
        return true;
    }

    /// <summary>False when the header is long, and so many others are that there is no memory for one more.</summary>
    private bool TryMakeRoom(int bytesMax)
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(HeaderBufferBytes);
            return true;
        }
        if (_end < _buffer.Length)
            return true;
        var unread = _end - _start;
        var next = _buffer;
        if (unread >= _buffer.Length / 2)
        {
            var size = Math.Min(_buffer.Length * 2, Math.Max(bytesMax, _buffer.Length + 1));
            if (!_long.TryHave(size))
                return false;
            next = ArrayPool<byte>.Shared.Rent(size);
        }
        Unread.CopyTo(next);
        if (!ReferenceEquals(next, _buffer))
            ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _end) = (next, 0, unread);
        return true;
    }

    private void Consume(int bytes)
    {
        _start += bytes;
        _link.Unread = _end - _start;
        if (_start == _end && _buffer is not null)
            DropBuffer();
    }

    private void DropBuffer()
    {
        ArrayPool<byte>.Shared.Return(_buffer!);
        _long.KeepOnly(0);
        (_buffer, _start, _end) = (null, 0, 0);
        _link.Unread = 0;
    }

    private void Gone(ReadOutcome outcome)
    {
        LetGoOfBody();
        if (_start == _end && _buffer is not null)
            DropBuffer();
        Become(Idle);
        Context.Parent.Tell(new Event.PeerGone(outcome.Error), Self);
    }

    protected override void PostStop()
    {
        LetGoOfBody();
        // A framer that failed may have failed half-way through the buffer: it goes to the collector, not back to the pool.
        _buffer = null;
        _long.KeepOnly(0);
    }
}
