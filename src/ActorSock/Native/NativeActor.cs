using System.Net.Sockets;
using ActorSock.Connections;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Framing;
using ActorSock.Journal;
using ActorSock.Supervision;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>Leads a native conversation: many requests under way, one frame read at a time, one frame said at a time.</summary>
/// <remarks>
/// Parent: <see cref="ConnectionSupervisor"/>, in the place of the <see cref="ConnectionActor"/> that heard hello. Children: a
/// <see cref="NativeFramerActor"/> for its whole life, a writer for each upload.<br/>
/// States, of what is read: <see cref="AwaitingRequest"/>, <see cref="Holding"/>, <see cref="Opening"/>, <see cref="Receiving"/>,
/// <see cref="AwaitingTrailer"/>, <see cref="Skipping"/>, then <see cref="Finishing"/> and <see cref="Closing"/>. In all of them requests
/// that were read before are answered.<br/>
/// On restart: the socket and what is under way stay with the <see cref="SocketLink"/>. What the journal has is waited for, all else
/// is refused, and the conversation goes on at the next frame, or closes where that cannot be found, or half a frame was said.
/// </remarks>
internal sealed partial class NativeActor : ServerActor, IWithTimers
{
    /// <summary>The peer may have taken longer than allowed.</summary>
    private sealed record Late
    {
        public static readonly Late Instance = new();
    }

    private sealed record CheckPace
    {
        public static readonly CheckPace Instance = new();
    }

    /// <summary>The peer may not be taking what it is told.</summary>
    private sealed record CheckSent
    {
        public static readonly CheckSent Instance = new();
    }

    /// <summary>Stands in the mailbox behind what else is to be answered: so all of it goes out together.</summary>
    private sealed record Say
    {
        public static readonly Say Instance = new();
    }

    /// <summary>A child has failed, and is stopped.</summary>
    private sealed record Failed(IActorRef Child, Exception Cause);

    private sealed record LingerEnded;

    /// <summary>What a reply takes at most, but for the names in it.</summary>
    private const int ReplyBytes = 1024;

    private static readonly string[] s_capabilities = ["chunked", "resume", "parts", "sha256", "receipts", "folders"];

    private readonly NodeParts _parts;
    private readonly SocketLink _link;
    private readonly NativeSession _session;
    private readonly Alarm _deadline, _paceCheck, _sentCheck;
    private readonly NameOrder _order;
    private IActorRef _framer = ActorRefs.Nobody;
    private NativeRequest? _held; // read, and waiting for others to be answered
    private (Rejection Rejection, TimeSpan Limit) _late; // what it is when the deadline passes
    private Pace _pace;
    private long _takenBefore;
    private readonly HashSet<IActorRef> _keeping = []; // writers that still keep what has come
    private bool _isSaying, _isAwaiting, _isBegun, _isPeerGone, _isOver;
    private string _closeReason = "stopped";

    public NativeActor(NodeParts parts, SocketLink link)
    {
        (_parts, _link) = (parts, link);
        _session = link.Session ??= new NativeSession(new Outbox(link, parts.Unsent));
        _order = new NameOrder(parts.Files.NameComparer);
        _deadline = new Alarm(Late.Instance, parts.Clock);
        _paceCheck = new Alarm(CheckPace.Instance, parts.Clock);
        _sentCheck = new Alarm(CheckSent.Instance, parts.Clock);
    }

    public static Props PropsOf(NodeParts parts, SocketLink link) => Props.Create(() => new NativeActor(parts, link));

    public ITimerScheduler Timers { get; set; } = null!;

    // ---- the states, in the order in which a request lives them

    private void AwaitingRequest()
    {
        OnlyCurrent();
        Receive<NativeFramerActor.Event.RequestBegun>(_ =>
        {
            (_isAwaiting, _isBegun) = (false, true);
            Deadline(Rejection.HeaderLate, _parts.Settings.Connections.HeaderDeadline);
        });
        Receive<NativeFramerActor.Event.RequestRead>(read =>
        {
            _isBegun = false;
            LiftDeadlines();
            Begin(read.Request);
        });
        Receive<ConnectionActor.Drain>(_ =>
        {
            _link.Draining = true;
            if (_isAwaiting && _link is { Unread: 0, Available: 0 })
                EndDrained(); // otherwise a request is under way already, and is told why it comes too late
        });
        Always();
    }

    /// <summary>So many requests are under way that the next one waits, and nothing behind it is read.</summary>
    private void Holding()
    {
        OnlyCurrent();
        Always();
    }

    private void Opening()
    {
        OnlyCurrent();
        Receive<FileWriterActor.Event.Opened>(_ => Opened(), _ => Sender.Equals(_session.Incoming?.Writer));
        Always();
    }

    private void Receiving()
    {
        OnlyCurrent();
        Receive<NativeFramerActor.Event.BodyRead>(read => BodyRead(read.Bytes));
        Receive<NativeFramerActor.Event.BodyGivenUp>(_ =>
            RefuseIncoming(new Refusal(Rejection.GivenUp, "it ended with -1 instead of a chunk")));
        Receive<NativeFramerActor.Event.BodyTooLong>(_ => RefuseIncoming(TooLong()));
        Receive<CheckPace>(_ => CheckPaceOf("the body"));
        Always();
    }

    private void AwaitingTrailer()
    {
        OnlyCurrent();
        Receive<NativeFramerActor.Event.TrailerRead>(read => TrailerRead(read.Digest));
        Receive<NativeFramerActor.Event.TrailerRefused>(refused => RefuseIncoming(refused.Refusal));
        Always();
    }

    /// <summary>A body that nobody wants is read and thrown away, so that the next request can be found.</summary>
    private void Skipping()
    {
        OnlyCurrent();
        Receive<NativeFramerActor.Event.SkipBegun>(_ => SayUnsaid());
        Receive<NativeFramerActor.Event.BodySkipped>(_ =>
        {
            LiftDeadlines();
            AwaitNext();
        });
        Receive<NativeFramerActor.Event.SkipTooLong>(_ => EndBeforeBody());
        Receive<CheckPace>(_ => CheckPaceOf("the rest of a refused body"));
        Always();
    }

    /// <summary>Nothing more is read; what was read is answered, then the last word is said.</summary>
    private void Finishing()
    {
        Receive<NativeFramerActor.Event>(static _ => { });
        Always();
    }

    /// <summary>The last word has been said; the peer is read until it has heard it.</summary>
    private void Closing()
    {
        OnlyCurrent();
        Receive<NativeFramerActor.Event.PeerGone>(_ => Stop());
        Receive<LingerEnded>(_ => Stop());
        Receive<Terminated>(ended => Kept(ended.ActorRef));
        ReceiveAny(static _ => { });
    }

    /// <summary>What may happen in every state.</summary>
    private void Always()
    {
        Receive<JournalActor.Verified>(verified => Verified(verified.Verdict));
        Receive<JournalActor.Settled>(settled => Settled(settled.Verdict));
        Receive<Say>(_ =>
        {
            _isSaying = false;
            SendOn();
        });
        Receive<SocketLink.SendEnded>(Sent);
        HearReaders();
        Receive<Terminated>(ended => Kept(ended.ActorRef));
        Receive<NativeFramerActor.Event.Lost>(lost => RefuseAll(lost.Refusal));
        Receive<NativeFramerActor.Event.PeerGone>(gone => Lose(gone.Error));
        Receive<Failed>(failed => ChildFailed(failed.Child, failed.Cause));
        Receive<Late>(_ =>
        {
            if (_deadline.Passed(Timers))
                RefuseAll(new Refusal(_late.Rejection, $"more than {_late.Limit.TotalSeconds:0.###} s"));
        });
        Receive<CheckPace>(_ => _paceCheck.Passed(Timers)); // the body is over, but the alarm is to know that its timer has fired
        Receive<CheckSent>(_ => CheckSentPace());
        Receive<ConnectionActor.Drain>(_ => _link.Draining = true);
        ReceiveAny(static _ => { }); // overtaken by a refusal: the end of a body
    }

    /// <summary>What comes from a framer before a restart is not for now.</summary>
    private void OnlyCurrent() => Receive<NativeFramerActor.Event>(static _ => { }, _ => !Sender.Equals(_framer));

    // ---- requests

    private void AwaitNext()
    {
        if (_link is { Draining: true, Unread: 0, Available: 0 })
        {
            EndDrained();
            return;
        }
        Become(AwaitingRequest); // what has come already is answered, also when that is only that it comes too late
        _isAwaiting = true;
        _framer.Tell(NativeFramerActor.Command.ReadRequest.Instance);
        LimitIdle();
    }

    /// <summary>The peer is idle when nothing is under way.</summary>
    private void LimitIdle()
    {
        if (_isAwaiting && _session.Unanswered == 0)
            Deadline(Rejection.IdleTooLong, _parts.Settings.Connections.IdleLimit);
    }

    /// <summary>Begins a request, or holds it until there is room for what it may make us say.</summary>
    private void Begin(NativeRequest request)
    {
        var room = RoomFor(request);
        if (_session.Unanswered < _parts.Settings.Native.RequestsMax && _session.Outbox.TryReserve(room))
        {
            _held = null;
            Begin(request, room);
        }
        else
        {
            _held = request;
            Become(Holding);
        }
    }

    /// <summary>
    /// What the replies to a request take at most: of what a peer says only names come back, each character as six at most. Where
    /// none does, what it says is held until it is answered.
    /// </summary>
    private int RoomFor(NativeRequest request)
    {
        if (request is NativeRequest.Page page)
            return ReplyBytes + (sizeof(char) * (page.Prefix.Length + (page.After?.Length ?? 0)));
        var name = (request as NativeRequest.Rename)?.To ?? NameIn(request) ?? "";
        return ReplyBytes + (6 * Math.Min(name.Length, _parts.Settings.Files.NameBytesMax));
    }

    private void Begin(NativeRequest request, int room)
    {
        if (!_session.IsGreeted)
            Greet(request, room);
        else if (request.Id is { } id && _session.Asked.ContainsKey(id))
            Refuse(request, room, new Refusal(Rejection.IdRefused, $"{id} is that of a request that is not answered yet"));
        else if (request is NativeRequest.Refused refused)
            Refuse(request, room, refused.Refusal);
        else if (request is NativeRequest.Hello)
            Refuse(request, room, new Refusal(Rejection.IdRefused, "hello comes once, at the beginning"));
        else if (request is NativeRequest.Bye)
            End(new NativeReply { Id = request.Id, Status = NativeReply.Done }, room, "bye");
        else if (_link.Draining)
            Refuse(request, room, new Refusal(Rejection.Draining, "send it to another node, or later"));
        else
            Ask(request, room);
    }

    private void Ask(NativeRequest request, int room)
    {
        switch (request)
        {
            case NativeRequest.Put put: BeginPut(put, room); break;
            case NativeRequest.Resume resume: BeginResume(resume, room); break;
            case NativeRequest.Join join: BeginJoin(join, room); break;
            case NativeRequest.Delete delete: BeginDelete(delete, room); break;
            case NativeRequest.Rename rename: BeginRename(rename, room); break;
            case NativeRequest.Get get: BeginGet(get, room); break;
            case NativeRequest.Stat stat: BeginStat(stat, room); break;
            case NativeRequest.List list: BeginList(list, room); break;
            case NativeRequest.Folders folders: BeginFolders(folders, room); break;
            case NativeRequest.Ping: AnswerAtOnce(new NativeReply { Id = request.Id, Status = NativeReply.Done }, room); break;
            default: throw new InvalidOperationException($"{request} is none to be asked");
        }
    }

    private void Greet(NativeRequest request, int room)
    {
        if (request is NativeRequest.Refused refused)
        {
            End(request, room, refused.Refusal);
        }
        else if (request is not NativeRequest.Hello hello)
        {
            End(request, room, new Refusal(Rejection.ActionUnknown, "the conversation begins with hello"));
        }
        else if (!hello.Versions.Contains(NativeHello.Version))
        {
            var refusal = new Refusal(Rejection.VersionUnknown, $"the server speaks {NativeHello.Version}");
            Note(null, refusal);
            End(NativeReply.Refused(null, refusal, closes: true) with { Versions = [NativeHello.Version] }, room, refusal.ToString());
        }
        else
        {
            _session.IsGreeted = true;
            AnswerAtOnce(Greeting(), room);
        }
    }

    private NativeReply Greeting() => new()
    {
        Status = NativeReply.Done,
        Version = NativeHello.Version,
        Agent = $"ActorSock {ServerNode.Version}",
        Node = _parts.Files.Id,
        Client = _link.Client,
        Capabilities = s_capabilities,
        Limits = new NativeLimits
        {
            Requests = _parts.Settings.Native.RequestsMax,
            FileBytes = _parts.Settings.Wire.FileBytesMax,
            NameBytes = _parts.Settings.Files.NameBytesMax,
            ChunkBytes = ChunkLength.BytesMax,
            SkipBytes = _parts.Settings.Wire.SkipBytesMax,
            ListEntries = _parts.Settings.Native.ListEntriesMax,
            IdleSeconds = (long)_parts.Settings.Connections.IdleLimit.TotalSeconds,
        },
    };

    private void AnswerAtOnce(NativeReply reply, int room)
    {
        Tell(reply, room);
        PassBody();
    }

    /// <summary>Whatever body the request at hand brings, nobody wants it.</summary>
    private void PassBody()
    {
        _session.Read = null;
        if (_link.Position == FramePosition.Boundary) // nothing is being read: it does not move
        {
            SayUnsaid();
            AwaitNext();
        }
        else
        {
            SkipBody();
        }
    }

    private void SkipBody()
    {
        Become(Skipping);
        WatchPace();
        _framer.Tell(new NativeFramerActor.Command.SkipBody(_parts.Settings.Wire.SkipBytesMax));
    }

    // ---- refusals

    /// <summary>Refuses a request whose header was just read.</summary>
    private void Refuse(NativeRequest request, int room, Refusal refusal)
    {
        if (refusal.Rejection.Goes == Aftermath.Closes)
        {
            End(request, room, refusal);
            return;
        }
        Note(null, refusal, NameIn(request));
        _session.Unsaid = (NativeReply.Refused(request.Id, refusal, closes: false), room);
        PassBody();
    }

    private static string? NameIn(NativeRequest request) => request switch
    {
        NativeRequest.Put put => put.Name,
        NativeRequest.Get get => get.Name,
        NativeRequest.Stat stat => stat.Name,
        NativeRequest.Resume resume => resume.Name,
        NativeRequest.Join join => join.Name,
        NativeRequest.Delete delete => delete.Name,
        NativeRequest.Rename rename => rename.Name,
        _ => null,
    };

    /// <summary>The rest of the body is short enough: the conversation goes on behind it.</summary>
    private void SayUnsaid()
    {
        if (_session.Unsaid is { } unsaid)
            Tell(unsaid.Reply, unsaid.Room);
        _session.Unsaid = null;
    }

    /// <summary>The rest of the body is so long that the conversation ends before it.</summary>
    private void EndBeforeBody()
    {
        var refusal = new Refusal(Rejection.SizeTooLarge,
            $"more than {_parts.Settings.Wire.SkipBytesMax} bytes of a body that is not wanted");
        var (reply, room) = _session.Unsaid ?? (NativeReply.Refused(null, refusal, closes: true), 0);
        _session.Unsaid = null;
        End(reply with { Closes = true }, room, refusal.ToString());
    }

    /// <summary>Tells of a refusal.</summary>
    private void Note(NativeCommit? commit, Refusal refusal, string? name = null)
    {
        _link.UploadsRefused++;
        Publish(new ServerEvent.Refused(_parts.Now, _link.Id, _link.Peer, commit?.WriterId, commit?.Name.Value ?? Brief(name),
            refusal.Rejection.Code, refusal.Rejection.Name, refusal.Detail, commit is NativeUpload upload ? BodyReceived(upload) : 0));
    }

    /// <summary>A name that was refused may be as long as a header; a line of a log is not.</summary>
    private string? Brief(string? name) =>
        name?.Length > _parts.Settings.Files.NameBytesMax ? string.Concat(name.AsSpan(0, _parts.Settings.Files.NameBytesMax), "...") : name;

    // ---- replies

    /// <summary>Answers a request for good.</summary>
    private void Answer(Asked asked, NativeReply reply)
    {
        _session.Asked.Remove(asked.Id);
        Tell(reply, asked.Room);
    }

    private void Tell(NativeReply reply, int room)
    {
        _session.Outbox.Add(reply.Encode(), room);
        SaySoon();
    }

    private void SaySoon()
    {
        if (_isSaying)
            return;
        _isSaying = true;
        Self.Tell(Say.Instance, Self);
    }

    /// <summary>Sends what waits, and goes on with what has waited for that.</summary>
    private void SendOn()
    {
        var wasSending = _session.Outbox.IsSending;
        _session.Outbox.Send(Self);
        NoteSpeaker();
        if (!_session.Outbox.IsSending)
            _sentCheck.Lift();
        else if (!wasSending)
            WatchSending();
        if (_session.Ending is not null)
            FinishIfDone();
        else if (_held is { } held)
            Begin(held);
        else
            LimitIdle();
    }

    private void Sent(SocketLink.SendEnded ended)
    {
        if (ended.Error != SocketError.Success)
        {
            Lose(ended.Error);
            return;
        }
        if (_session.Outbox.IsSending)
            _session.Outbox.Sent();
        SendOn();
    }

    private static void Publish(ServerEvent happened) => Context.System.EventStream.Publish(happened);

    protected override string About
    {
        get
        {
            var now = _session.Incoming is { } upload ? $", at {Escaping.Printable(upload.Name.Value)}" : "";
            var ends = _link.Draining ? ", draining" : "";
            return $"{_link.Peer}, {_link.BytesIn} bytes in, {_session.Asked.Count} requests under way, " +
                $"{_link.UploadsStored} stored, {_link.UploadsRefused} refused{now}{ends}";
        }
    }
}
