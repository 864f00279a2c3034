using System.Globalization;
using System.Text;
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

    private sealed record LengthRead
    {
        public static readonly LengthRead Instance = new();
    }

    /// <summary>Characters of a request in the record: enough to tell what was tried.</summary>
    private const int RecordCharsMax = 1024;

    // Nobody is told when a peer of whom nothing is read goes away.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    // Nor when a peer has read what it was sent.
    private static readonly TimeSpan s_lookRead = TimeSpan.FromMilliseconds(2);

    private readonly HeldBytes _held;
    private readonly Queue<ReadOnlyMemory<byte>> _answer = [];
    private Step _step;
    private bool? _isFramed;
    private bool _isPaused, _more, _ended, _lost, _hasPlace, _closes;
    private string _line = "";
    private RunOrder? _order;
    private IActorRef? _run;
    private int _runs;
    private long? _goneAt, _lengthSentAt;

    public CommandsActor(NodeParts parts, SocketLink link) : base(parts, link) => _held = new HeldBytes(parts.LongHeaders);

    public static Props PropsOf(NodeParts parts, SocketLink link) => Props.Create(() => new CommandsActor(parts, link));

    protected override bool IsBusy => _step != Step.Idle;

    protected override void More()
    {
        Receive<GoOn>(_ => Next());
        Receive<RunPlaces.Granted>(_ => Start(), _ => _step == Step.Waiting);
        Receive<RunActor.Event.Ended>(ended => Ran(ended.Outcome), _ => IsOfRun);
        Receive<RunActor.Event.NotStarted>(not => Refuse(RunRefusal.NotStarted(_order!.Command, not.Why)), _ => IsOfRun);
        Receive<Terminated>(_ => Refuse(RunRefusal.NotStarted(_order!.Command, "the server failed")), _ => IsOfRun);
        Receive<LookAfterPeer>(_ => Look());
        Receive<LengthRead>(_ => SayOutput());
    }

    private bool IsOfRun => _step == Step.Running && Context.Sender.Equals(_run);

    // ---- requests

    protected override void On(ReadOnlySpan<byte> read)
    {
        if (!_held.TryAppend(read))
        {
            Close("the node has no room for more of its requests");
            return;
        }
        _more = Link.Available > 0;
        Next();
    }

    protected override void OnEnd()
    {
        _ended = true;
        Next();
    }

    private void Next()
    {
        if (_step != Step.Idle)
            return;
        _isFramed ??= RunRequest.IsFramed(_held.Span);
        if (_isFramed.Value)
            NextFrame();
        else
            NextText();
        if (_step == Step.Idle && _ended)
            CloseInOrder("peer closed");
        else if (_step == Step.Idle && _isPaused)
            Resume();
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

    private void NextText()
    {
        var outcome = CommandText.Next(_held.Span, _more, _ended, out var consumed, out var command);
        _held.Consume(consumed);
        if (outcome == Outcome.Refused)
            Refuse(RunRefusal.Endless($"it is longer than {CommandText.LineBytesMax} bytes"), "");
        else if (outcome == Outcome.Frame)
            TakeText(command);
    }

    private void TakeText(string? command)
    {
        if (command == "exit")
            CloseInOrder("exit");
        else if (command is null)
            Refuse(RunRefusal.Unreadable("it is no UTF-8"), "");
        else if (CommandLine.TrySplit(command, out var words, out var why))
            Take(words, command);
        else
            Refuse(RunRefusal.Unreadable(why), command);
    }

    private void NextFrame()
    {
        var unread = _held.Span;
        if (unread.Length < RunRequest.PrefixBytes)
            return;
        if (!RunRequest.TryReadLength(unread, out var length))
        {
            Refuse(RunRefusal.Endless($"its length is {length}, allowed is 1 to {RunRequest.JsonBytesMax}"), "");
            return;
        }
        if (unread.Length < RunRequest.PrefixBytes + length)
            return;
        var json = unread.Slice(RunRequest.PrefixBytes, length);
        var request = RunRequest.Decode(json, out var refusal);
        var line = request is null ? Escaping.Printable(json, RecordCharsMax) : CommandLine.Join(request.Words);
        _held.Consume(RunRequest.PrefixBytes + length);
        if (request is null)
            Refuse(refusal!, line);
        else
            Take(request.Words, line);
    }

    private void Take(IReadOnlyList<string> words, string line)
    {
        _line = Recorded(line);
        _order = Parts.Commands.Find(words, out var refusal);
        if (_order is null)
            Refuse(refusal!);
        else if (Link.Draining)
            Refuse(RunRefusal.Draining(_order.Command));
        else
            Queue();
    }

    private static string Recorded(string line) => line.Length <= RecordCharsMax ? line : line[..RecordCharsMax] + "...";

    // ---- the program

    private void Queue()
    {
        Pause();
        switch (Parts.RunPlaces.Take(Self))
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
        _hasPlace = true;
        _step = Step.Running;
        var asker = new RunActor.Asker(Link.Id, Link.Peer, Link.Client, _line);
        _run = Context.Watch(Context.ActorOf(RunActor.PropsOf(Parts, _order!, asker), $"run-{++_runs}"));
    }

    /// <summary>Ends what runs for a peer that is gone. One that has only closed its side may still want the answer.</summary>
    private void Look()
    {
        if (_step is not (Step.Waiting or Step.Running))
            return;
        var presence = Link.Presence;
        if (presence == PeerPresence.There)
            return;
        _lost |= presence == PeerPresence.Lost;
        _goneAt ??= Parts.Clock.GetTimestamp();
        if (!_lost && Parts.Clock.GetElapsedTime(_goneAt.Value) < Parts.Settings.Commands.GoneGrace)
            return;
        if (_step == Step.Running)
            _run!.Tell(new RunActor.End("its client is gone"));
        else
            Close("peer gone while it waited");
    }

    private void Ran(RunOutcome outcome)
    {
        if (_lost)
        {
            Close("peer gone while its program ran");
            return;
        }
        Answer(outcome.Reply, outcome.Output.Pieces, _order!.Command);
    }

    // ---- answers

    private void Refuse(RunRefusal refusal, string line)
    {
        _line = Recorded(line);
        Refuse(refusal);
    }

    private void Refuse(RunRefusal refusal)
    {
        Pause();
        _closes |= refusal.Closes;
        Publish(new ServerEvent.CommandRefused(Parts.Now, Link.Id, Link.Peer, _line, refusal.Code, refusal.Why) { Client = Link.Client });
        Answer(new RunReply.Refused(refusal.Code, refusal.Why), [], "");
    }

    private void Answer(RunReply reply, IEnumerable<ReadOnlyMemory<byte>> output, string command)
    {
        _step = Step.Answering;
        Timers.Cancel(LookAfterPeer.Instance);
        ForgetRun();
        foreach (var piece in output)
            _answer.Enqueue(piece);
        if (_isFramed!.Value)
        {
            Say(reply.Encode());
            SayOutput();
            return;
        }
        if (Note(reply, command) is { } note)
            _answer.Enqueue(Encoding.UTF8.GetBytes(note + "\n"));
        SayLength(_answer.Sum(piece => (long)piece.Length));
    }

    /// <summary>What stands behind the output for a person, who gets nothing but the output.</summary>
    private string? Note(RunReply reply, string command) => reply switch
    {
        RunReply.Refused refused => refused.Why,
        RunReply.Killed killed => $"{command}: killed: {killed.Why}",
        { IsCut: true } => $"{command}: cut: output limit of {_order!.Settings.OutputBytesMax} bytes",
        _ => null,
    };

    /// <summary>
    /// Sends the length so that the peer reads it by itself, and takes it for a number: COMMANDS.md says how.
    /// </summary>
    private void SayLength(long length)
    {
        var digits = Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture) + "\n");
        var sent = Link.TrySendUrgent(digits, out _); // an error comes again with what follows
        Say(digits.AsSpan(sent));
        _lengthSentAt = Parts.Clock.GetTimestamp();
        SayOutput();
    }

    private void SayOutput()
    {
        if (_step != Step.Answering || IsSaying || LengthIsUnread())
            return;
        while (!IsSaying && _answer.TryDequeue(out var piece))
            Say(piece.Span);
        if (!IsSaying && _answer.Count == 0)
            Answered();
    }

    private bool LengthIsUnread()
    {
        if (_lengthSentAt is not { } sentAt || _answer.Count == 0)
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
        LeavePlace();
        (_step, _order, _lengthSentAt) = (Step.Idle, null, null);
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

    private void LeavePlace()
    {
        if (_hasPlace)
            Parts.RunPlaces.Return();
        else if (_step == Step.Waiting)
            Parts.RunPlaces.Leave(Self);
        _hasPlace = false;
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
        LeavePlace();
        _step = Step.Idle;
        _held.Clear();
    }
}
