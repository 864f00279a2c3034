using System.Net.Sockets;
using ActorSock.Blocks;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Framing;
using ActorSock.Journal;
using ActorSock.Supervision;
using ActorSock.Wire;

namespace ActorSock.Connections;

/// <summary>Leads the conversation with one peer that sends files: says which frame is read, what is answered, and when it ends.</summary>
/// <remarks>
/// Parent: <see cref="ConnectionSupervisor"/>. Children: a <see cref="FramerActor"/> for its whole life, a
/// <see cref="FileWriterActor"/> for each upload.<br/>
/// States: <see cref="AwaitingHeader"/>, <see cref="Opening"/>, <see cref="Receiving"/>, <see cref="AwaitingDigest"/>,
/// <see cref="Committing"/>, <see cref="AwaitingVerdict"/>, <see cref="Skipping"/>, <see cref="SkippingDigest"/>, <see cref="Sending"/>, <see cref="Closing"/>.<br/>
/// On restart: the socket, the counters and the place in the grammar of frames stay with the <see cref="SocketLink"/>. The request
/// in hand is refused, and the conversation goes on at the next boundary, or closes where that cannot be found.
/// </remarks>
internal sealed class ConnectionActor : ServerActor, IWithTimers, IWithUnboundedStash
{
    /// <summary>Finish what is in hand, then close.</summary>
    public sealed record Drain
    {
        public static readonly Drain Instance = new();
    }

    /// <summary>The peer may have taken longer than allowed.</summary>
    private sealed record Late
    {
        public static readonly Late Instance = new();
    }

    private sealed record CheckPace
    {
        public static readonly CheckPace Instance = new();
    }

    private sealed record LingerEnded;

    private readonly NodeParts _parts;
    private readonly SocketLink _link;
    private IActorRef _framer = ActorRefs.Nobody;
    private Upload? _upload;
    private Exception? _writerFailure;
    private Refusal _refusal;
    private Dialect _refusedDialect;
    private readonly Alarm _deadline, _paceCheck;
    private (Rejection Rejection, TimeSpan Limit) _late; // what it is when the deadline passes
    private Pace _pace;
    private Action _afterSend = static () => { };
    private string _closeReason = "stopped";
    private bool _isHandedOver;

    public ConnectionActor(NodeParts parts, SocketLink link)
    {
        (_parts, _link) = (parts, link);
        (_deadline, _paceCheck) = (new Alarm(Late.Instance, parts.Clock), new Alarm(CheckPace.Instance, parts.Clock));
    }

    public static Props PropsOf(NodeParts parts, SocketLink link) => Props.Create(() => new ConnectionActor(parts, link));

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    // ---- the states, in the order in which an upload lives them

    private void AwaitingHeader()
    {
        OnlyCurrent();
        Receive<FramerActor.Event.HeaderBegun>(_ => Deadline(Rejection.HeaderLate, _parts.Settings.Connections.HeaderDeadline));
        Receive<FramerActor.Event.HeaderRead>(read => Begin(read.Header));
        Receive<FramerActor.Event.HeaderRefused>(refused => Refuse(refused.Refusal, refused.Announced));
        Receive<FramerActor.Event.NativeBegun>(_ => HandOver());
        Receive<Drain>(_ =>
        {
            _link.Draining = true;
            if (_link is { Position: FramePosition.Boundary, Available: 0 })
                Close("drained"); // otherwise a request is under way already, and is told why it comes too late
        });
        Always();
    }

    private void Opening()
    {
        OnlyCurrent();
        Receive<FileWriterActor.Event.Opened>(_ => Ready());
        Always();
    }

    private void Receiving()
    {
        OnlyCurrent();
        Receive<FramerActor.Event.BodyRead>(_ =>
        {
            LiftDeadlines();
            if (_upload!.Promise is { } promise)
                Commit(promise);
            else
                AnswerBody(Replies.Ok, AwaitDigest);
        });
        Receive<CheckPace>(_ => CheckPaceOf("the body"));
        Always();
    }

    private void AwaitingDigest()
    {
        OnlyCurrent();
        Receive<FramerActor.Event.DigestRead>(read =>
        {
            LiftDeadlines();
            Commit(new FileWriterActor.Promise.Digest(read.Digest));
        });
        Always();
    }

    private void Committing()
    {
        OnlyCurrent();
        Receive<JournalActor.Settled>(_ => Conclude(_link.Verdict!.Said!), settled => ReferenceEquals(settled.Verdict, _link.Verdict));
        Always();
    }

    /// <summary>After a restart: the journal still has the upload that was in hand.</summary>
    private void AwaitingVerdict()
    {
        OnlyCurrent();
        Receive<JournalActor.Settled>(settled =>
        {
            if (settled.Verdict.Said is Verdict.Outcome.Stored stored)
                AcknowledgeAfterRestart(stored, _link.InHand!);
            else
                Refuse(FailureRefusal.Of((settled.Verdict.Said as Verdict.Outcome.Failed)?.Cause), _link.InHand!.Dialect);
        }, settled => ReferenceEquals(settled.Verdict, _link.Verdict));
        Always();
    }

    /// <summary>The rest of a refused body is read and thrown away, so that the next header can be found.</summary>
    private void Skipping()
    {
        OnlyCurrent();
        Receive<FramerActor.Event.BodySkipped>(_ =>
        {
            LiftDeadlines();
            // Of a refused header the framer does not know that digits follow; of an accepted one it knows whether they were read.
            if (_link.InHand is null ? _refusedDialect == Dialect.DigestAfter : _link.Position == FramePosition.Digest)
                SkipDigest();
            else
                Reply(_refusal.Rejection.CodeDigits, AwaitNext);
        });
        Receive<FramerActor.Event.BodyTooLong>(_ => CloseWith(Replies.Closing(_refusal), _refusal.ToString()));
        Receive<FramerActor.Event.PeerGone>(_ => Close("peer vanished after a refusal"));
        Receive<CheckPace>(_ => CheckPaceOf("the rest of a refused body"));
        Always();
    }

    private void SkippingDigest()
    {
        OnlyCurrent();
        Receive<FramerActor.Event.DigestRead>(_ => Reply(_refusal.Rejection.CodeDigits, AwaitNext));
        Receive<FramerActor.Event.PeerGone>(_ => Close("peer vanished after a refusal"));
        Always();
    }

    /// <summary>A reply waits for room in the socket; everything else waits for the reply.</summary>
    private void Sending()
    {
        Receive<SocketLink.SendEnded>(ended =>
        {
            LiftDeadlines();
            UnbecomeStacked();
            Stash.UnstashAll();
            if (ended.Error == SocketError.Success)
                _afterSend();
            else
                Lose(ended.Error);
        });
        Receive<Late>(_ =>
        {
            if (!_deadline.Passed(Timers))
                return;
            var why = $"a reply was not taken within {_late.Limit.TotalSeconds:0.###} s";
            if (_upload is not null)
                Note(new Refusal(Rejection.PeerVanished, why));
            ForgetUpload();
            Close(why);
        });
        Receive<Drain>(_ => _link.Draining = true);
        ReceiveAny(_ => Stash.Stash());
    }

    /// <summary>The last word has been said; the peer is read until it has heard it.</summary>
    private void Closing()
    {
        OnlyCurrent();
        Receive<FramerActor.Event.PeerGone>(_ => Context.Stop(Self));
        Receive<LingerEnded>(_ => Context.Stop(Self));
        ReceiveAny(_ => { });
    }

    /// <summary>What may happen in every state.</summary>
    private void Always()
    {
        Receive<FramerActor.Event.PeerGone>(gone => Lose(gone.Error));
        Receive<Late>(_ =>
        {
            if (_deadline.Passed(Timers))
                Refuse(new Refusal(_late.Rejection, $"more than {_late.Limit.TotalSeconds:0.###} s"));
        });
        Receive<Terminated>(ended => WriterEnded(), ended => ended.ActorRef.Equals(_upload?.Writer));
        Receive<CheckPace>(_ => _paceCheck.Passed(Timers)); // the body is over, but the alarm is to know that its timer has fired
        Receive<Drain>(_ => _link.Draining = true);
        ReceiveAny(static _ => { }); // overtaken by a refusal: the end of a body
    }

    /// <summary>What comes from a framer before a restart, or of an upload that has been given up, is not for now.</summary>
    private void OnlyCurrent()
    {
        Receive<FramerActor.Event>(static _ => { }, _ => !Sender.Equals(_framer));
        Receive<FileWriterActor.Event>(static _ => { }, _ => !Sender.Equals(_upload?.Writer));
    }

    // ---- steps

    private void AwaitNext()
    {
        LiftDeadlines();
        (_link.InHand, _link.BodyAnswered, _link.Verdict, _link.Noted) = (null, false, null, false);
        if (_link is { Draining: true, Unread: 0, Available: 0 })
        {
            CloseInOrder("drained");
            return;
        }
        Become(AwaitingHeader); // what has come already is answered, also when that is only that it comes too late
        Deadline(Rejection.IdleTooLong, _parts.Settings.Connections.IdleLimit);
        _framer.Tell(FramerActor.Command.ReadHeader.Instance);
    }

    /// <summary>The link goes on with who speaks what the peer speaks.</summary>
    private void HandOver()
    {
        _isHandedOver = true;
        Context.Parent.Tell(new ConnectionSupervisor.SpeaksNative(_link));
        Context.Stop(Self);
    }

    private void Begin(PutHeader header)
    {
        LiftDeadlines();
        if (_link.Draining)
            Refuse(new Refusal(Rejection.Draining, "send it to another node, or later"), header.Dialect);
        else if (_parts.Journal.ClosedBecause is { } why)
            Refuse(FailureRefusal.Of(why), header.Dialect);
        else if (FileName.TryConfine(header.FileName, _parts.Settings.Files.NameBytesMax, out var name, out var wrong))
            Start(header, _link.Client is { } client ? name.Below(client) : name);
        else
            Refuse(new Refusal(Rejection.NameRefused, wrong), header.Dialect);
    }

    private void Start(PutHeader header, FileName name)
    {
        var id = $"writer-{++_link.UploadsBegun}";
        var window = new BlockWindow();
        var verdict = _link.Verdict = new Verdict();
        var files = _parts.Settings.Files;
        var small = header.FileSize <= files.SmallBytesMax && _parts.SmallBodies.TryTake(SmallFileActor.BytesHeld(header.FileSize));
        var writer = Context.ActorOf(small
            ? SmallFileActor.PropsOf(_parts, name, _link.Peer, header.FileSize, window, verdict)
            : FileWriterActor.PropsOf(_parts, $"{_link.Id}-{id}", name, _link.Peer, header.FileSize, window, verdict), id);
        Context.Watch(writer);
        var cut = small ? BlockCut.WholeBody : header.FileSize >= files.DirectBytesMin ? BlockCut.OnPages : BlockCut.Anywhere;
        _upload = new Upload(id, header, name, writer, window, cut, _parts.Clock.GetTimestamp());
        Publish(new ServerEvent.UploadStarted(_parts.Now, _link.Id, _link.Peer, id, header.Dialect.ToString(), name.Value, header.FileSize));
        if (small)
            Ready(); // nothing is to be opened
        else
            Become(Opening);
    }

    /// <summary>The body may come.</summary>
    private void Ready()
    {
        if (_upload!.Header.Dialect == Dialect.BareAcknowledged)
            AnswerBody(Replies.Ready, ReceiveBody);
        else
            ReceiveBody();
    }

    private void ReceiveBody()
    {
        Become(Receiving);
        WatchPace();
        _framer.Tell(new FramerActor.Command.ReadBody(_upload!.Writer, _upload.Window, _upload.Cut));
    }

    private void AwaitDigest()
    {
        Become(AwaitingDigest);
        Deadline(Rejection.DigestLate, _parts.Settings.Connections.DigestDeadline);
        _framer.Tell(FramerActor.Command.ReadDigest.Instance);
    }

    private void Commit(FileWriterActor.Promise promise)
    {
        Become(Committing);
        _upload!.Writer.Tell(new FileWriterActor.Command.Finish(promise));
    }

    private void Conclude(Verdict.Outcome outcome)
    {
        switch (outcome)
        {
            case Verdict.Outcome.Stored stored: Acknowledge(stored); break;
            case Verdict.Outcome.Differs differs: Differ(differs); break;
            case Verdict.Outcome.Failed failed: Refuse(FailureRefusal.Of(failed.Cause)); break;
        }
    }

    private void Acknowledge(Verdict.Outcome.Stored stored)
    {
        var upload = _upload!;
        ForgetUpload();
        PublishStored(stored, upload.Id, upload.Name.Value, _parts.Clock.GetElapsedTime(upload.StartedAt));
        if (upload.Promise is FileWriterActor.Promise.None)
            AwaitNext(); // the dialect has no word for it
        else
            Reply(Replies.Stored, AwaitNext);
    }

    private void Differ(Verdict.Outcome.Differs differs)
    {
        var named = differs.Promised is { } digest ? $"the client named {digest}" : "the client sent no digest, but other characters";
        Note(new Refusal(Rejection.DigestDiffers, $"the bytes that arrived have {differs.Actual}, {named}"));
        ForgetUpload();
        Reply(Replies.Differs, AwaitNext);
    }

    private void PublishStored(Verdict.Outcome.Stored stored, string upload, string file, TimeSpan duration)
    {
        _link.UploadsStored++;
        Publish(new ServerEvent.Stored(_parts.Now, _link.Id, _link.Peer, upload, file, stored.Bytes, $"{stored.Digest}", duration));
    }

    private void WriterEnded()
    {
        var failure = _writerFailure;
        _writerFailure = null;
        if (_link.Verdict is not { IsCommitting: true } and not { Said: not null })
            Refuse(FailureRefusal.Of(failure)); // otherwise its work was done, and the outcome comes from the journal
    }

    private void ForgetUpload()
    {
        if (_upload is null)
            return;
        Context.Unwatch(_upload.Writer);
        Context.Stop(_upload.Writer);
        _upload = null;
    }

    // ---- refusals

    /// <summary>Refuses the request in hand.</summary>
    private void Refuse(Refusal refusal) => Refuse(refusal, _upload?.Header.Dialect ?? _link.InHand?.Dialect);

    /// <summary>Refuses a header; where its body ends is known or not.</summary>
    private void Refuse(Refusal refusal, Announced? announced) =>
        Refuse(refusal, announced is { BodyBytes: not null, Dialect: var dialect } ? dialect : null);

    /// <summary>Refuses a request, and finds the way back into the conversation where there is one.</summary>
    private void Refuse(Refusal refusal, Dialect? dialect)
    {
        LiftDeadlines();
        if (refusal.Rejection != Rejection.IdleTooLong)
            Note(refusal);
        ForgetUpload();
        _refusal = refusal;
        if (refusal.Rejection.Goes != Aftermath.GoesOn || dialect is not { } known || !GoOnAfterRefusal(known))
            CloseWith(Replies.Closing(refusal), refusal.ToString());
    }

    /// <summary>False when the dialect leaves only the close.</summary>
    private bool GoOnAfterRefusal(Dialect dialect)
    {
        _refusedDialect = dialect;
        switch (dialect)
        {
            case Dialect.BareAcknowledged when !_link.BodyAnswered: // in the place of 200: no body will follow
                Reply(_refusal.Rejection.CodeDigits, AwaitNext);
                return true;
            case Dialect.DigestAfter or Dialect.DigestInHeader:
                Become(Skipping);
                WatchPace();
                _framer.Tell(new FramerActor.Command.SkipBody(_parts.Settings.Wire.SkipBytesMax));
                return true;
            default:
                return false;
        }
    }

    /// <summary>The client sends its digits only after OK, and takes what follows them for the verdict.</summary>
    private void SkipDigest()
    {
        if (_link.BodyAnswered)
            ReadDigest();
        else
            AnswerBody(Replies.Ok, ReadDigest);

        void ReadDigest()
        {
            Become(SkippingDigest);
            Deadline(Rejection.DigestLate, _parts.Settings.Connections.DigestDeadline);
            _framer.Tell(FramerActor.Command.ReadDigest.Instance);
        }
    }

    /// <summary>Tells of a refusal, once for each request.</summary>
    private void Note(Refusal refusal)
    {
        if (_link.Noted)
            return;
        _link.Noted = true;
        _link.UploadsRefused++;
        Publish(new ServerEvent.Refused(_parts.Now, _link.Id, _link.Peer, _upload?.Id,
            _upload?.Name.Value ?? Brief(_link.InHand?.FileName), refusal.Rejection.Code, refusal.Rejection.Name, refusal.Detail,
            BodyReceived()) { Listener = _upload is null && _link.InHand is null ? _link.Listener : null });
    }

    /// <summary>A name that was refused may be as long as a header; a line of a log is not.</summary>
    private string? Brief(string? name) =>
        name?.Length > _parts.Settings.Files.NameBytesMax ? string.Concat(name.AsSpan(0, _parts.Settings.Files.NameBytesMax), "...") : name;

    private long BodyReceived() => _link switch
    {
        { InHand: { } header, Position: FramePosition.Body } => header.FileSize - _link.Left + Math.Min(_link.Unread, _link.Left),
        { InHand: { } header, Position: FramePosition.Digest } => header.FileSize,
        { InHand: { } header, Position: FramePosition.Boundary } => header.FileSize, // all of it is read
        _ => 0,
    };

    // ---- replies, deadlines, the end

    private void Reply(ReadOnlyMemory<byte> bytes, Action then)
    {
        if (_link.Send(bytes, Self))
        {
            then();
            return;
        }
        _afterSend = then;
        Deadline(Rejection.IdleTooLong, _parts.Settings.Connections.SendDeadline);
        BecomeStacked(Sending);
    }

    /// <summary>Says what the dialect says about a body, and remembers that it was said.</summary>
    private void AnswerBody(ReadOnlyMemory<byte> bytes, Action then)
    {
        _link.BodyAnswered = true;
        Reply(bytes, then);
    }

    private void Deadline(Rejection rejection, TimeSpan limit)
    {
        _late = (rejection, limit);
        _deadline.Set(limit, Timers);
    }

    private void LiftDeadlines()
    {
        _deadline.Lift();
        _paceCheck.Lift();
    }

    private void WatchPace()
    {
        var limits = _parts.Settings.Connections;
        _pace = new Pace(_link, limits.BodyRateMin);
        if (limits.BodyRateMin > 0)
            _paceCheck.Set(limits.BodyGrace, Timers);
    }

    private void CheckPaceOf(string what)
    {
        if (!_paceCheck.Passed(Timers))
            return;
        var limits = _parts.Settings.Connections;
        _paceCheck.Set(limits.BodyGrace, Timers);
        if (_pace.FellShort(limits.BodyGrace))
            Refuse(new Refusal(Rejection.BodyLate, $"{what} came at less than {limits.BodyRateMin} bytes a second for {limits.BodyGrace.TotalSeconds:0.###} s"));
    }

    private void Lose(SocketError error)
    {
        var answered = _upload is null && _link.InHand is not null;
        if (answered || _link is { Position: FramePosition.Boundary, InHand: null })
        {
            Close(error == SocketError.Success ? "peer closed" : $"peer lost: {error}");
            return;
        }
        var how = error == SocketError.Success ? "it closed" : $"{error}";
        Note(new Refusal(Rejection.PeerVanished, how));
        ForgetUpload();
        Close($"peer vanished: {how}");
    }

    private void CloseWith(byte[] lastWord, string reason)
    {
        _closeReason = reason;
        Reply(lastWord, () => CloseInOrder(reason));
    }

    /// <summary>Reads on for a while: a close with bytes unread is a reset, which can overtake what was said last.</summary>
    private void CloseInOrder(string reason)
    {
        _closeReason = reason;
        _link.EndSending();
        Become(Closing);
        Timers.StartSingleTimer(nameof(LingerEnded), new LingerEnded(), _parts.Settings.Connections.Linger);
        _framer.Tell(FramerActor.Command.SkipRest.Instance);
    }

    /// <summary>Ended from above in the middle of an upload: by the limit of a drain, or by one failure too many.</summary>
    /// <remarks>The writer has ended by now: what it had said last is true, whether this actor has heard it or not.</remarks>
    private void Cut()
    {
        var refusal = _link.Draining
            ? new Refusal(Rejection.Draining, "the upload did not finish in time")
            : new Refusal(Rejection.Crashed, "the conversation has ended");
        var lastWord = Replies.Closing(refusal);
        if (_link.Verdict is { IsCommitting: true, Said: null })
        {
            lastWord = []; // the journal has it, and what becomes of it nobody here will hear
            _closeReason = "ended during a commit";
        }
        else if (_link.Verdict?.Said is Verdict.Outcome.Stored stored)
        {
            PublishStored(stored, _upload!.Id, _upload.Name.Value, _parts.Clock.GetElapsedTime(_upload.StartedAt));
            lastWord = _upload.Promise is FileWriterActor.Promise.None ? [] : Replies.Stored.ToArray();
            _closeReason = "ended right behind a commit";
        }
        else
        {
            Note(refusal);
            _closeReason = refusal.ToString();
        }
        if (!_link.IsSending)
            _link.Send(lastWord, ActorRefs.Nobody);
        _upload = null;
    }

    private void Close(string reason)
    {
        _closeReason = reason;
        Context.Stop(Self);
    }

    private static void Publish(ServerEvent happened) => Context.System.EventStream.Publish(happened);

    protected override string About
    {
        get
        {
            var now = _upload is null ? "" : $", at {Escaping.Printable(_upload.Name.Value)}";
            var ends = _link.Draining ? ", draining" : "";
            return $"{_link.Peer}, {_link.BytesIn} bytes in, {_link.UploadsStored} stored, {_link.UploadsRefused} refused{now}{ends}";
        }
    }

    // ---- failure policy

    private static readonly FailurePolicy.Row[] s_policy =
    [
        new("framer", typeof(Exception), Directive.Escalate), // it stands in the middle of our bytes: we begin again together
        new("writer-*", typeof(Exception), Directive.Stop),   // one upload is lost, the conversation is not
    ];

    protected override FailurePolicy Policy => new(s_policy, (child, cause, directive) =>
    {
        if (directive == Directive.Escalate)
        {
            Publish(new ServerEvent.Escalated(_parts.Now, child.Path.ToStringWithoutAddress(), cause));
            return;
        }
        _writerFailure = cause;
        if (cause is not StorageException)
            Publish(new ServerEvent.ActorStopped(_parts.Now, child.Path.ToStringWithoutAddress(), cause));
    });

    // ---- lifecycle

    protected override void PreStart()
    {
        StartFramer();
        Publish(new ServerEvent.ConnectionOpened(_parts.Now, _link.Id, _link.Peer, _link.Listener) { Client = _link.Client });
        AwaitNext();
    }

    private void StartFramer() => _framer = Context.ActorOf(FramerActor.PropsOf(_parts, _link), "framer");

    protected override void PreRestart(Exception reason, object message)
    {
        // The children go, the link stays: PostStop, which closes it, is not for a restart.
        foreach (var child in Context.GetChildren())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }
    }

    protected override void PostRestart(Exception reason)
    {
        StartFramer(); // and nothing else of PreStart: the connection was opened once
        Publish(new ServerEvent.Restarted(_parts.Now, Self.Path.ToStringWithoutAddress(), reason));
        Context.Parent.Tell(new ConnectionSupervisor.Recovered(reason));
        FindPlace();
        if (_link.IsSending)
            Close("failed while a reply was on its way"); // what is said next could come before its end
        else if (_link is { Position: FramePosition.Boundary, InHand: null })
            AwaitNext();
        else if (_link is { Verdict: { IsCommitting: true, Said: null } })
            Become(AwaitingVerdict);
        else if (_link is { Verdict.Said: Verdict.Outcome.Stored stored, InHand: { } header })
            AcknowledgeAfterRestart(stored, header);
        else
            Refuse(new Refusal(Rejection.Crashed, "the conversation goes on where it can"), _link.Position == FramePosition.Unknown ? null : _link.InHand?.Dialect);
    }

    /// <summary>It was committed all the same: to refuse now would be a lie.</summary>
    private void AcknowledgeAfterRestart(Verdict.Outcome.Stored stored, PutHeader header)
    {
        PublishStored(stored, $"writer-{_link.UploadsBegun}", header.FileName, TimeSpan.Zero);
        if (header.Dialect is Dialect.DigestAfter or Dialect.DigestInHeader)
            Reply(Replies.Stored, AwaitNext);
        else
            AwaitNext();
    }

    /// <summary>What a framer held unread is lost with it; behind that, the place may be known or not.</summary>
    private void FindPlace()
    {
        var (lost, place) = (_link.Unread, _link.Position);
        _link.Unread = 0;
        if (lost == 0)
            return;
        if (place is FramePosition.Body or FramePosition.Digest && lost <= _link.Left)
            _link.Left -= lost;
        else
            _link.Position = FramePosition.Unknown;
    }

    protected override void PostStop()
    {
        if (_isHandedOver)
            return;
        if (_upload is not null)
            Cut();
        _link.Dispose();
        Publish(new ServerEvent.ConnectionClosed(_parts.Now, _link.Id, _link.Peer, _closeReason,
            _parts.Clock.GetElapsedTime(_link.OpenedAt), _link.BytesIn, _link.BytesOut, _link.UploadsStored, _link.UploadsRefused));
    }
}
