using System.Net.Sockets;
using ActorSock.Blocks;
using ActorSock.Connections;
using ActorSock.Files;
using ActorSock.Supervision;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Framing;

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

        /// <summary>The first header is that of a native conversation: the link has it again, with all that is unread.</summary>
        public sealed record NativeBegun : Event
        {
            public static readonly NativeBegun Instance = new();
        }

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

    private readonly NodeParts _parts;
    private readonly SocketLink _link;
    private readonly WireLimits _limits;
    private readonly HeaderDecoder _decoder;
    private readonly FrameBuffer _buffer;
    private readonly BodyFlow _body;
    private readonly SkippedBody _skipped;
    private bool _begun;

    public FramerActor(NodeParts parts, SocketLink link)
    {
        _parts = parts;
        _link = link;
        _buffer = new FrameBuffer(link, Self, parts.LongHeaders);
        _body = new BodyFlow(parts, link, _buffer, Self);
        _skipped = new SkippedBody(link, _buffer, Self);
        _limits = parts.WireLimits;
        _decoder = new HeaderDecoder(_limits);
        Become(Idle);
    }

    public static Props PropsOf(NodeParts parts, SocketLink link) => Props.Create(() => new FramerActor(parts, link));

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
        Receive<BlockPlace.Granted>(granted => ReadBody(granted.Place));
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
            if (_buffer.Count > 0 && DecodeHeader())
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
        var decoded = _decoder.Decode(_buffer.Unread);
        if (decoded.Outcome == Outcome.NotYet)
            return false;
        Become(Idle);
        if (decoded.Outcome == Outcome.Refused && _link.IsFresh && NativeHello.Tell(_buffer.Unread, _limits) == true)
        {
            GiveBack();
            Context.Parent.Tell(Event.NativeBegun.Instance, Self);
            return true;
        }
        _link.IsFresh = false;
        _buffer.Consume(decoded.Consumed);
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

    /// <summary>Leaves all that is unread to the next reader.</summary>
    private void GiveBack()
    {
        _link.PushBack(_buffer.Unread);
        _link.Position = FramePosition.Boundary;
        _buffer.Drop();
    }

    // ---- bodies

    private void BeginBody(Command.ReadBody command)
    {
        _body.Begin(command.Writer, command.Window, command.Cut);
        Become(ReadingBody);
        ReadBody();
    }

    private void ReadBody(BlockPlace? granted = null)
    {
        switch (_body.GoOn(granted))
        {
            case FlowStep.Over: EndBody(); break;
            case FlowStep.Ended: Gone(_body.End!.Value); break;
        }
    }

    private void EndBody()
    {
        _body.LetGo();
        PassBody();
        Become(Idle);
        Context.Parent.Tell(Event.BodyRead.Instance, Self);
    }

    /// <summary>Books that a body is over: digits follow it, or the next header.</summary>
    private void PassBody() => (_link.Position, _link.Left) = _link.InHand?.Dialect == Dialect.DigestAfter
        ? (FramePosition.Digest, Md5Digest.HexDigitsCount)
        : (FramePosition.Boundary, 0);

    // ---- bytes that nobody wants

    /// <summary>Only here is known where the next byte stands: the connection decides by what it is told.</summary>
    private void GiveUp(Command.SkipBody command)
    {
        _body.LetGo();
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
        _body.LetGo();
        if (bytes == long.MaxValue)
            _link.Position = FramePosition.Unknown;
        _link.Left = bytes;
        Become(Skipping);
        Skip();
    }

    private void Skip()
    {
        var step = _skipped.GoOn();
        if (step == FlowStep.Ended)
            Gone(_skipped.End);
        if (step != FlowStep.Over)
            return;
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
        while (_buffer.Count < _link.Left)
            if (!ReadMore(FrameBuffer.BytesMin))
                return;
        var digits = (int)_link.Left;
        var digest = digits == Md5Digest.HexDigitsCount ? DigestDecoder.Decode(_buffer.Unread).Frame : null;
        _buffer.Consume(digits);
        (_link.Position, _link.Left) = (FramePosition.Boundary, 0);
        Become(Idle);
        Context.Parent.Tell(new Event.DigestRead(digest), Self);
    }

    // ---- more, and the end

    /// <summary>False when there is nothing: it is waited for, or was asked for in vain.</summary>
    private bool ReadMore(int bytesMax)
    {
        var filled = _buffer.Fill(bytesMax);
        if (filled == Filled.NoRoom)
        {
            _buffer.Drop();
            Become(Idle);
            var refusal = new Refusal(Rejection.ServerBusy, "many long headers are under way: send a shorter one, or later");
            Context.Parent.Tell(new Event.HeaderRefused(refusal, null), Self);
        }
        else if (filled == Filled.Ended)
        {
            Gone(_buffer.End);
        }
        return filled == Filled.More;
    }

    private void Gone(ReadOutcome outcome)
    {
        _body.LetGo();
        _buffer.DropIfEmpty();
        Become(Idle);
        Context.Parent.Tell(new Event.PeerGone(outcome.Error), Self);
    }

    protected override void PostStop()
    {
        _body.LetGo();
        _buffer.Abandon();
    }
}
