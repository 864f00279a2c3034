using System.Net.Sockets;
using ActorSock.Blocks;
using ActorSock.Connections;
using ActorSock.Native;
using ActorSock.Supervision;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Framing;

/// <summary>Turns unread bytes of a native conversation into frames: requests and trailers for its parent, bodies in blocks for a writer.</summary>
/// <remarks>
/// Parent: <see cref="NativeActor"/>. Children: none.<br/>
/// States: <see cref="Idle"/>, <see cref="ReadingRequest"/>, <see cref="ReadingBody"/>, <see cref="Skipping"/>,
/// <see cref="ReadingTrailer"/>. It reads only when told to, and while it waits for the peer it holds no block.<br/>
/// On restart: never alone; its failure is escalated, and the conversation restarts with a new framer. What is unread goes back to
/// the link, which knows where in the grammar of frames it begins.
/// </remarks>
internal sealed class NativeFramerActor : ServerActor
{
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Read the header of the next request.</summary>
        public sealed record ReadRequest : Command
        {
            public static readonly ReadRequest Instance = new();
        }

        /// <summary>Read the body of the request just read, into blocks for this writer.</summary>
        /// <param name="Writer">gets them</param>
        /// <param name="Window">where they lie meanwhile</param>
        /// <param name="Cut">where one may end</param>
        /// <param name="BytesMax">the most that chunks may bring</param>
        public sealed record ReadBody(IActorRef Writer, BlockWindow Window, BlockCut Cut, long BytesMax) : Command;

        /// <summary>Stop reading for the request in hand; what is left of its body, and its trailer, are read and thrown away.</summary>
        /// <param name="BytesMax">as much of a body; behind a longer one nothing is read</param>
        public sealed record SkipBody(long BytesMax) : Command;

        /// <summary>Read the frame that names the digest.</summary>
        public sealed record ReadTrailer(DigestKind Kind) : Command;

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
        public sealed record RequestBegun : Event
        {
            public static readonly RequestBegun Instance = new();
        }

        public sealed record RequestRead(NativeRequest Request) : Event;

        /// <summary>What came is no frame: nobody knows where the next one begins.</summary>
        public sealed record Lost(Refusal Refusal) : Event;

        /// <summary>The last block of the body is with the writer.</summary>
        /// <param name="Bytes">as many it had</param>
        public sealed record BodyRead(long Bytes) : Event;

        /// <summary>The peer has given up its body; a trailer does not follow.</summary>
        public sealed record BodyGivenUp : Event
        {
            public static readonly BodyGivenUp Instance = new();
        }

        /// <summary>The chunks bring more than they may; nothing is being read.</summary>
        public sealed record BodyTooLong : Event
        {
            public static readonly BodyTooLong Instance = new();
        }

        /// <summary>What is left of the body is being thrown away.</summary>
        public sealed record SkipBegun : Event
        {
            public static readonly SkipBegun Instance = new();
        }

        /// <summary>Nothing is left of the body, nor of its trailer.</summary>
        public sealed record BodySkipped : Event
        {
            public static readonly BodySkipped Instance = new();
        }

        /// <summary>More is left of the body than may be thrown away; nothing is being read.</summary>
        public sealed record SkipTooLong : Event
        {
            public static readonly SkipTooLong Instance = new();
        }

        public sealed record TrailerRead(ContentDigest Digest) : Event;

        /// <summary>The trailer is a frame, and names no such digest.</summary>
        public sealed record TrailerRefused(Refusal Refusal) : Event;

        /// <summary>The peer has closed, orderly or not; nothing more will be read.</summary>
        public sealed record PeerGone(SocketError Error) : Event;
    }

    private readonly NodeParts _parts;
    private readonly SocketLink _link;
    private readonly NativeSession _session;
    private readonly NativeDecoder _decoder;
    private readonly FrameBuffer _buffer;
    private readonly Chunks _chunks;
    private readonly BodyFlow _body;
    private readonly SkippedBody _skipped;
    private bool _begun, _skipsTrailer;
    private long _bodyBytes;
    private DigestKind _kind;

    public NativeFramerActor(NodeParts parts, SocketLink link)
    {
        _parts = parts;
        _link = link;
        _session = link.Session!;
        _decoder = new NativeDecoder(parts.WireLimits);
        _buffer = new FrameBuffer(link, Self, parts.LongHeaders);
        _chunks = new Chunks(link, _buffer);
        _body = new BodyFlow(parts, link, _buffer, Self);
        _skipped = new SkippedBody(link, _buffer, Self);
        Become(Idle);
    }

    public static Props PropsOf(NodeParts parts, SocketLink link) => Props.Create(() => new NativeFramerActor(parts, link));

    private void Idle()
    {
        Receive<Command>(Obey);
        ReceiveAny(static _ => { }); // a wait that a predecessor began, the last blocks of a body that is over
    }

    private void ReadingRequest()
    {
        Receive<SocketLink.Readable>(_ => ReadRequest());
        Receive<Command>(Obey);
        ReceiveAny(static _ => { });
    }

    private void ReadingBody()
    {
        Receive<SocketLink.Readable>(_ => ReadBody());
        Receive<FramerActor.Appended>(_ => ReadBody());
        Receive<BlockPlace.Granted>(granted => ReadBody(granted.Place));
        Receive<Command>(Obey);
    }

    private void Skipping()
    {
        Receive<SocketLink.Readable>(_ => Skip());
        Receive<Command>(Obey);
        ReceiveAny(static _ => { });
    }

    private void ReadingTrailer()
    {
        Receive<SocketLink.Readable>(_ => ReadTrailer());
        Receive<Command>(Obey);
        ReceiveAny(static _ => { });
    }

    /// <summary>A command takes the place of what is being read.</summary>
    private void Obey(Command command)
    {
        switch (command)
        {
            case Command.ReadRequest: BeginRequest(); break;
            case Command.ReadBody body: BeginBody(body); break;
            case Command.SkipBody skip: GiveUp(skip); break;
            case Command.ReadTrailer trailer: BeginTrailer(trailer.Kind, isWanted: true); break;
            case Command.SkipRest: BeginSkipRest(); break;
        }
    }

    // ---- requests

    private void BeginRequest()
    {
        _begun = false;
        Become(ReadingRequest);
        ReadRequest();
    }

    private void ReadRequest()
    {
        while (_buffer.Count == 0 || !DecodeRequest())
        {
            if (!ReadMore())
                return;
        }
    }

    /// <summary>True when the header is over, one way or the other.</summary>
    private bool DecodeRequest()
    {
        if (!_begun)
        {
            _begun = true;
            Context.Parent.Tell(Event.RequestBegun.Instance, Self);
        }
        _link.Position = FramePosition.Unknown; // to whoever comes after a failure in here
        var decoded = _decoder.Decode(_buffer.Unread);
        if (decoded.Outcome == Outcome.NotYet)
        {
            _link.Position = FramePosition.Boundary;
            return false;
        }
        _buffer.Consume(decoded.Consumed);
        Become(Idle);
        if (decoded.Outcome == Outcome.Refused)
        {
            Context.Parent.Tell(new Event.Lost(decoded.Refusal), Self);
            return true;
        }
        var request = decoded.Frame;
        (_link.Left, _link.InChunks) = (request.Body.Bytes ?? 0, request.Body.IsChunked);
        (_session.Read, _session.TrailerFollows) = (request, request.HasTrailer);
        _link.Position = request.Body == FrameBody.None ? BehindBody : FramePosition.Body;
        Context.Parent.Tell(new Event.RequestRead(request), Self);
        return true;
    }

    private FramePosition BehindBody => _session.TrailerFollows ? FramePosition.Trailer : FramePosition.Boundary;

    // ---- bodies

    private void BeginBody(Command.ReadBody command)
    {
        _bodyBytes = _link.Left;
        if (_link.InChunks)
            _chunks.Begin(command.BytesMax);
        _body.Begin(command.Writer, command.Window, command.Cut, _link.InChunks ? _chunks : null);
        Become(ReadingBody);
        ReadBody();
    }

    private void ReadBody(BlockPlace? granted = null)
    {
        var inChunks = _link.InChunks;
        switch (_body.GoOn(granted))
        {
            case FlowStep.Over: EndBody(new Event.BodyRead(inChunks ? _chunks.Bytes : _bodyBytes)); break;
            case FlowStep.GivenUp:
                _session.TrailerFollows = false;
                EndBody(Event.BodyGivenUp.Instance);
                break;
            case FlowStep.TooLong: Leave(Event.BodyTooLong.Instance); break;
            case FlowStep.Broken: Leave(new Event.Lost(_chunks.Refusal)); break;
            case FlowStep.Ended: Gone(_body.End!.Value); break;
        }
    }

    private void EndBody(Event said)
    {
        _link.Position = BehindBody;
        Leave(said);
    }

    /// <summary>Reads nothing more of this body, for now.</summary>
    private void Leave(Event said)
    {
        _body.LetGo();
        Become(Idle);
        Context.Parent.Tell(said, Self);
    }

    // ---- bytes that nobody wants

    private void GiveUp(Command.SkipBody command)
    {
        _body.LetGo();
        _chunks.Begin(command.BytesMax);
        if (_link.Position == FramePosition.Body && _chunks.IsTooLong)
        {
            Leave(Event.SkipTooLong.Instance);
            return;
        }
        Become(Skipping);
        Context.Parent.Tell(Event.SkipBegun.Instance, Self);
        Skip();
    }

    private void BeginSkipRest()
    {
        _body.LetGo();
        (_link.Position, _link.Left, _link.InChunks) = (FramePosition.Unknown, long.MaxValue, false);
        Become(Skipping);
        Skip();
    }

    private void Skip()
    {
        if (_link.Position is FramePosition.Body or FramePosition.Unknown && !SkipBytes())
            return;
        _link.Position = BehindBody;
        if (_session.TrailerFollows)
            BeginTrailer(DigestKind.Md5, isWanted: false);
        else
            Leave(Event.BodySkipped.Instance);
    }

    /// <summary>True when the body is over.</summary>
    private bool SkipBytes()
    {
        var step = FlowStep.More;
        while (step == FlowStep.More)
        {
            step = _skipped.GoOn();
            if (step == FlowStep.Ended)
                Gone(_skipped.End);
            else if (step == FlowStep.Over && _link.InChunks)
                step = NextChunk();
        }
        return step == FlowStep.Over;
    }

    private FlowStep NextChunk()
    {
        var step = _chunks.Next();
        switch (step)
        {
            case FlowStep.GivenUp: _session.TrailerFollows = false; return FlowStep.Over;
            case FlowStep.TooLong: Leave(Event.SkipTooLong.Instance); break;
            case FlowStep.Broken: Leave(new Event.Lost(_chunks.Refusal)); break;
            case FlowStep.Ended: Gone(_buffer.End); break;
        }
        return step;
    }

    // ---- trailers

    private void BeginTrailer(DigestKind kind, bool isWanted)
    {
        (_kind, _skipsTrailer) = (kind, !isWanted);
        Become(ReadingTrailer);
        ReadTrailer();
    }

    private void ReadTrailer()
    {
        while (_buffer.Count == 0 || !DecodeTrailer())
        {
            if (!ReadMore())
                return;
        }
    }

    private bool DecodeTrailer()
    {
        _link.Position = FramePosition.Unknown;
        var decoded = Trailer.Decode(_buffer.Unread, _kind, _parts.WireLimits);
        if (decoded.Outcome == Outcome.NotYet)
        {
            _link.Position = FramePosition.Trailer;
            return false;
        }
        _buffer.Consume(decoded.Consumed);
        if (decoded.Outcome == Outcome.Refused && decoded.Refusal.Rejection.Goes == Aftermath.Closes)
        {
            Leave(new Event.Lost(decoded.Refusal));
            return true;
        }
        (_link.Position, _session.TrailerFollows) = (FramePosition.Boundary, false);
        Leave(_skipsTrailer ? Event.BodySkipped.Instance
            : decoded.Outcome == Outcome.Frame ? new Event.TrailerRead(decoded.Frame)
            : new Event.TrailerRefused(decoded.Refusal));
        return true;
    }

    // ---- more, and the end

    /// <summary>False when there is nothing: it is waited for, or was asked for in vain.</summary>
    private bool ReadMore()
    {
        var filled = _buffer.Fill(_parts.Settings.Wire.HeaderBytesMax + sizeof(int));
        if (filled == Filled.NoRoom)
        {
            _buffer.Drop();
            _link.Position = FramePosition.Unknown;
            Leave(new Event.Lost(new Refusal(Rejection.ServerBusy, "many long headers are under way: send a shorter one, or later")));
        }
        else if (filled == Filled.Ended)
        {
            Gone(_buffer.End);
        }
        return filled == Filled.More;
    }

    private void Gone(ReadOutcome outcome)
    {
        _buffer.DropIfEmpty();
        Leave(new Event.PeerGone(outcome.Error));
    }

    protected override void PostStop()
    {
        _body.LetGo();
        _link.PushBack(_buffer.Unread);
        _buffer.Drop();
    }
}
