using ActorSock.Blocks;
using ActorSock.Connections;
using ActorSock.Conversations;
using ActorSock.Events;
using ActorSock.Supervision;
using ActorSock.Wire;
using ActorSock.Wire.Text;

namespace ActorSock.Commands;

/// <summary>Runs the operator's commands for one client, one after the other, and answers with what they write.</summary>
/// <remarks>
/// Parent: <see cref="ConnectionSupervisor"/>. Children: a <see cref="RunActor"/> while a program runs.<br/>
/// States: those of <see cref="ConversationActor"/>; <see cref="Step"/> says where the request in hand is. Nothing is read meanwhile.<br/>
/// On restart: closes, because nobody knows how much of an answer the peer has got; its program is killed.
/// </remarks>
internal sealed class CommandsActor : ConversationActor
{
    /// <summary>Where the request in hand is.</summary>
    private enum Step
    {
        /// <summary>There is none.</summary>
        Idle,

        /// <summary>It waits until fewer programs run.</summary>
        Waiting,

        /// <summary>Its program runs.</summary>
        Running,

        /// <summary>The answer is being taken.</summary>
        Answering,
    }

    private sealed record GoOn
    {
        public static readonly GoOn Instance = new();
    }

    private sealed record LookAfterPeer
    {
        public static readonly LookAfterPeer Instance = new();
    }

    private sealed record RequestLate
    {
        public static readonly RequestLate Instance = new();
    }

    private sealed record LengthRead
    {
        public static readonly LengthRead Instance = new();
    }

    // Nobody is told when a peer of whom nothing is read goes away.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    // Nor when a peer has read what it was sent.
    private static readonly TimeSpan s_lookRead = TimeSpan.FromMilliseconds(2);

    private readonly RequestReader _requests;
    private readonly RunPlace _place;
    private readonly PeerWatch _peer;
    private RunAnswer? _answer;
    private Share _answers;
    private Step _step;
    private readonly Alarm _requestDeadline;
    private bool _isPaused, _closes, _awaitsRest;
    private string _line = "";
    private RunOrder? _order;
    private IActorRef? _run;
    private int _runs;
    private long? _lengthSentAt;

    public CommandsActor(NodeParts parts, SocketLink link) : base(parts, link)
    {
        _requests = new RequestReader(parts.LongRequests);
        _place = new RunPlace(parts.RunPlaces, Self);
        _peer = new PeerWatch(link, parts.Clock, parts.Settings.Commands.GoneGrace);
        _requestDeadline = new Alarm(RequestLate.Instance, parts.Clock);
        _answers = new Share(parts.Answers, Share.FreeBytes);
    }

    public static Props PropsOf(NodeParts parts, SocketLink link) => Props.Create(() => new CommandsActor(parts, link));

    protected override bool IsBusy => _step != Step.Idle;

    protected override void More()
    {
        Receive<GoOn>(_ => Next());
        Receive<RunPlaces.Granted>(_ =>
        {
            _place.Granted();
            Start();
        }, _ => _step == Step.Waiting);
        Receive<RunActor.Event.Ended>(ended => Ran(ended.Outcome), _ => IsOfRun);
        Receive<RunActor.Event.NotStarted>(not => Refuse(RunRefusal.NotStarted(_order!.Command, not.Why)), _ => IsOfRun);
        Receive<Terminated>(_ => Refuse(RunRefusal.NotStarted(_order!.Command, "the server failed")), _ => IsOfRun);
        Receive<LookAfterPeer>(_ => Look());
        Receive<LengthRead>(_ => SayOutput());
        Receive<RequestLate>(_ => CheckRequest());
    }

    private bool IsOfRun => _step == Step.Running && Context.Sender.Equals(_run);

    // ---- requests

    protected override void On(ReadOnlySpan<byte> read)
    {
        _requests.Append(read, more: Link.Available > 0);
        Next();
    }

    protected override int ReadBytesNow => Math.Min(_requests.Room, ReadBytesMax);

    protected override void OnEnd()
    {
        _requests.End();
        Next();
    }

    private void Next()
    {
        if (_step != Step.Idle)
            return;
        var request = _requests.Next();
        LimitRequest(isWhole: request is not null);
        switch (request)
        {
            case RequestReader.Request.Run run:
                Take(run);
                break;
            case RequestReader.Request.Unreadable not:
                _line = not.Line;
                Refuse(not.Refusal);
                break;
            case RequestReader.Request.Exit:
                CloseInOrder("exit");
                break;
            default:
                if (_requests.HasEnded)
                    CloseInOrder("peer closed");
                else if (_isPaused)
                    Resume();
                break;
        }
    }

    /// <summary>From its first byte on a request has to come within the deadline of headers, however busy its peer is with it.</summary>
    private void LimitRequest(bool isWhole)
    {
        if (isWhole || !_requests.IsInRequest)
        {
            _requestDeadline.Lift();
            _awaitsRest = false;
        }
        else if (!_awaitsRest)
        {
            _awaitsRest = true;
            _requestDeadline.Set(Parts.Settings.Connections.HeaderDeadline, Timers);
        }
    }

    private void CheckRequest()
    {
        if (_requestDeadline.Passed(Timers) && _awaitsRest && _step == Step.Idle)
            Refuse(RunRefusal.Late(Parts.Settings.Connections.HeaderDeadline.TotalSeconds));
    }

    private void Pause()
    {
        _isPaused = true;
        PauseReading();
    }

    private void Resume()
    {
        _isPaused = false;
        ResumeReading();
    }

    private void Take(RequestReader.Request.Run request)
    {
        _line = request.Line;
        _order = Parts.Commands.Find(request.Words, out var refusal);
        if (_order is null)
            Refuse(refusal!);
        else if (Link.Draining)
            Refuse(RunRefusal.Draining(_order.Command));
        else
            Queue();
    }

    // ---- the program

    private void Queue()
    {
        Pause();
        switch (_place.Take())
        {
            case RunPlaces.Answer.Taken:
                Start();
                break;
            case RunPlaces.Answer.Waits:
                _step = Step.Waiting;
                break;
            default:
                var limits = Parts.Settings.Commands;
                Refuse(RunRefusal.Busy(_order!.Command, limits.RunsMax, limits.WaitingMax));
                return;
        }
        Timers.StartPeriodicTimer(LookAfterPeer.Instance, LookAfterPeer.Instance, s_look);
    }

    private void Start()
    {
        _step = Step.Running;
        var asker = new RunActor.Asker(Link.Id, Link.Peer, Link.Client, _line);
        _run = Context.Watch(Context.ActorOf(RunActor.PropsOf(Parts, _order!, asker), $"run-{++_runs}"));
    }

    /// <summary>Ends what runs for a peer that is gone.</summary>
    private void Look()
    {
        if (_step is not (Step.Waiting or Step.Running) || !_peer.FindsNobody())
            return;
        if (_step == Step.Running)
            _run!.Tell(new RunActor.End("its client is gone"));
        else
            Close("peer gone while it waited");
    }

    private void Ran(RunOutcome outcome)
    {
        if (_peer.IsLost)
            Close("peer gone while its program ran");
        else
            Answer(outcome.Reply, outcome.Output);
    }

    // ---- answers

    private void Refuse(RunRefusal refusal)
    {
        Pause();
        _closes |= refusal.Closes;
        Publish(new ServerEvent.CommandRefused(Parts.Now, Link.Id, Link.Peer, _line, refusal.Code, refusal.Why) { Client = Link.Client });
        Answer(new RunReply.Refused(refusal.Code, refusal.Why), output: null);
    }

    private void Answer(RunReply reply, RunOutput? output)
    {
        _step = Step.Answering;
        Timers.Cancel(LookAfterPeer.Instance);
        ForgetRun();
        _answer = _requests.IsFramed ? RunAnswer.Framed(reply, output) : RunAnswer.Text(reply, output, _order);
        Account();
        if (_answer.HeadIsApart)
            SayLength(_answer.Head);
        else
            Say(_answer.Head);
        SayOutput();
    }

    /// <summary>
    /// The program has ended, so its place is another's; unless so many answers wait to be taken that there is no memory for one
    /// more: then the place bounds them.
    /// </summary>
    private void Account()
    {
        if (_place.IsTaken && _answers.TryHave(_answer!.HeldBytes))
            _place.Leave();
        _answers.KeepOnly(_answer!.HeldBytes);
    }

    /// <summary>
    /// Sends the length so that the peer reads it by itself, and takes it for a number: COMMANDS.md says how.
    /// </summary>
    private void SayLength(ReadOnlySpan<byte> digits)
    {
        var sent = Link.TrySendUrgent(digits, out _); // an error comes again with what follows
        Say(digits[sent..]);
        if (!_answer!.IsHeadOnly)
            _lengthSentAt = Parts.Clock.GetTimestamp();
    }

    private void SayOutput()
    {
        if (_step != Step.Answering || IsSaying || LengthIsUnread())
            return;
        while (!IsSaying && _answer!.TryNext(out var piece))
            SayHeld(piece);
        Account();
        if (!IsSaying)
            Say(_answer!.TakeNote());
        if (!IsSaying)
            Answered();
    }

    private bool LengthIsUnread()
    {
        if (_lengthSentAt is not { } sentAt)
            return false;
        if (Link.IsRead)
        {
            _lengthSentAt = null;
            return false;
        }
        var limit = Parts.Settings.Connections.SendDeadline;
        if (Parts.Clock.GetElapsedTime(sentAt) >= limit)
            Close($"the length of an answer was not taken within {limit.TotalSeconds:0.###} s");
        else
            Timers.StartSingleTimer(LengthRead.Instance, LengthRead.Instance, s_lookRead);
        return true;
    }

    protected override void OnSaid() => SayOutput();

    private void Answered()
    {
        (_step, _order, _answer) = (Step.Idle, null, null);
        if (_closes)
            CloseInOrder("a request without end");
        else
            Self.Tell(GoOn.Instance); // others get their turn between the requests of one peer
    }

    private void ForgetRun()
    {
        if (_run is null)
            return;
        Context.Unwatch(_run);
        Context.Stop(_run);
        _run = null;
    }

    protected override string About => $"{base.About}, {_step switch
    {
        Step.Idle => "idle",
        Step.Waiting => $"\"{Escaping.Printable(_line)}\" waits",
        Step.Running => $"\"{Escaping.Printable(_line)}\" runs",
        _ => $"\"{Escaping.Printable(_line)}\" is answered",
    }}";

    // ---- failure policy

    private static readonly FailurePolicy.Row[] s_policy =
    [
        new("run-*", typeof(Exception), Directive.Stop), // its program is killed, and the client is told
    ];

    protected override FailurePolicy Policy => new(s_policy, (child, cause, _) =>
        Publish(new ServerEvent.ActorStopped(Parts.Now, child.Path.ToStringWithoutAddress(), cause)));

    // ---- lifecycle

    protected override void PreRestart(Exception reason, object message)
    {
        LeaveAll();
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Close("failed with a request in hand");
    }

    protected override void PostStop()
    {
        LeaveAll();
        base.PostStop();
    }

    private void LeaveAll()
    {
        _place.Leave();
        _step = Step.Idle;
        _answers.KeepOnly(0);
        _requests.Clear();
    }
}
