using ActorSock.Actors.Event;

namespace ActorSock.Actors;

/// <summary>Messages in, and the run that handles them.</summary>
internal sealed partial class ActorCell
{
    /// <summary>So many messages in one run are a stream.</summary>
    private const int StreamMessagesMin = 4;

    /// <summary>How often a stream is looked for before the cell rests: about half a microsecond.</summary>
    private const int StreamSpinsMax = 20;

    private readonly Mailbox _mailbox = new(new Create());
    private Mailbox.Segment? _taken;

    /// <summary>Whether the mailbox holds system messages: written by it under its lock, read here without.</summary>
    private bool _systemPending = true;
    private int _suspensions;
    private bool _blocked = true;

    private protected override void Post(object message, IActorRef? sender)
    {
        if (message is null)
            throw new InvalidMessageException();
        switch (_mailbox.Post(message, sender))
        {
            case Posted.Wake:
                _dispatcher.Execute(this);
                break;
            case Posted.Dead:
                _system.Bury(message, sender, this);
                break;
        }
    }

    private protected override void PostSystem(SystemMessage message)
    {
        switch (_mailbox.PostSystem(message, ref _systemPending))
        {
            case Posted.Wake:
                _dispatcher.Execute(this);
                break;
            case Posted.Dead:
                AfterDeath(message);
                break;
        }
    }

    public void SendSystem(SystemMessage message) => PostSystem(message);

    void IThreadPoolWorkItem.Execute() => Dispatch.ThreadPoolDispatcher.Work(this);

    /// <summary>Handles up to a dispatcher's throughput of messages; system messages go before each of them.</summary>
    public void Run()
    {
        var outer = t_current;
        t_current = this;
        var left = _dispatcher.Throughput;
        var deadline = _dispatcher.DeadlineFrom(_system.TimeProvider);
        while (true)
        {
            try
            {
                HandleSome(ref left, deadline);
                if (!MoreIsComing(left))
                    break;
            }
            catch (Exception e)
            {
                Fail(e, perpetrator: null);
            }
        }
        t_current = outer;
        if (_taken is { } segment && segment.Next == segment.Count && segment.After is null && !Mailbox.WorthKeepingWhenIdle(segment))
            _taken = null;
        if (_mailbox.Rest(UserMessagesTaken))
            _dispatcher.ExecuteAgain(this);
    }

    /// <summary>
    /// In the middle of a stream the next message is some nanoseconds away; to rest and be woken would cost both sides more.
    /// </summary>
    private bool MoreIsComing(int left)
    {
        if (_blocked || left <= 0 || _dispatcher.Throughput - left < StreamMessagesMin)
            return false;
        for (var i = 0; i < StreamSpinsMax; i++)
        {
            if (_mailbox.HasUserMessages)
                return true;
            Thread.SpinWait(1);
        }
        return false;
    }

    /// <summary>Puts messages before all others; only while this cell runs.</summary>
    public void Prepend(IReadOnlyCollection<Envelope> envelopes)
    {
        if (envelopes.Count == 0)
            return;
        var segment = new Mailbox.Segment(envelopes.Count) { After = _taken };
        foreach (var envelope in envelopes)
        {
            segment.Items[segment.Count++] = new Mailbox.Slot { Message = envelope.Message, Sender = envelope.Sender };
            if (envelope.Message is Terminated terminated)
                (_noticesQueued ??= []).Add(terminated.ActorRef); // it was accepted once, and will have to be again
        }
        _taken = segment;
    }

    private bool UserMessagesTaken
    {
        get
        {
            for (var segment = _taken; segment is not null; segment = segment.After)
                if (segment.Next < segment.Count)
                    return true;
            return false;
        }
    }

    private void HandleSome(ref int left, long deadline)
    {
        while (true)
        {
            if (Volatile.Read(ref _systemPending))
                HandleSystem();
            if (_blocked || left <= 0 || !TryTake())
                return;
            left--;
            HandledCount++;
            HandleUser(_current.Message!);
            _current = default;
            if (deadline != 0 && _system.TimeProvider.GetTimestamp() >= deadline)
                left = 0;
        }
    }

    private bool TryTake()
    {
        var segment = _taken;
        while (segment is null || segment.Next == segment.Count)
        {
            var next = segment?.After;
            if (next is null && (!_mailbox.HasUserMessages || (next = _mailbox.Take(segment)) is null))
                return false;
            _taken = segment = next;
        }
        ref var slot = ref segment.Items[segment.Next++];
        _current = slot;
        slot = default;
        return true;
    }

    private void HandleUser(object message)
    {
        if (message is IAutoReceivedMessage)
            HandleAutomatically(message);
        else
            Deliver(message);
        if (_receiveTimer is not null && message is not INotInfluenceReceiveTimeout)
            _receiveTimer.Touch();
    }

    private void Deliver(object message)
    {
        if (!_actor!.Handle(_behavior, message))
            _actor.ReportUnhandled(message);
    }

    private void HandleAutomatically(object message)
    {
        switch (message)
        {
            case CellTimers.Timer timer:
                if (_timers?.TryAccept(timer, out var payload) == true)
                {
                    _current.Message = payload;
                    HandleUser(payload);
                }
                break;
            case ReceiveTimer.Check check:
                if (ReferenceEquals(check.Timer, _receiveTimer) && check.Timer.IsDue())
                    Deliver(_current.Message = Actors.ReceiveTimeout.Instance);
                break;
            case Terminated terminated:
                HandleTerminated(terminated);
                break;
            case WatchNotice notice:
                HandleTerminated(notice.Terminated, notice.Instead);
                break;
            case PoisonPill:
                Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, this), this);
                break;
            default:
                Deliver(message);
                break;
        }
    }

    private void HandleSystem()
    {
        var queued = _mailbox.TakeSystem(ref _systemPending);
        while (NextSystem(ref queued) is { } message)
        {
            try
            {
                if (_mailbox.IsClosed)
                    AfterDeath(message);
                else
                    Handle(message);
            }
            catch (Exception e)
            {
                Fail(e, perpetrator: null);
            }
        }
    }

    /// <summary>The next message whose time has come; one that had to wait goes before those that came later.</summary>
    private SystemMessage? NextSystem(ref SystemMessage? queued)
    {
        if (_waiting is { Count: > 0 } && !MustWait(_waiting.Peek()))
            return _waiting.Dequeue();
        if (_failuresWaiting is { Count: > 0 } && !MustWait(_failuresWaiting.Peek()))
            return _failuresWaiting.Dequeue();
        while (queued is { } message)
        {
            (queued, message.Next) = (message.Next, null);
            if (_mailbox.IsClosed || !MustWait(message))
                return message;
            if (message is Failed)
                (_failuresWaiting ??= []).Enqueue(message);
            else
                (_waiting ??= []).Enqueue(message);
        }
        return null;
    }

    private void Handle(SystemMessage message)
    {
        switch (message)
        {
            case Create: CreateFirst(); break;
            case Recreate m: RecreateAfter(m.Cause); break;
            case Suspend: SuspendAll(); break;
            case Resume m: ResumeAll(m.CausedByFailure); break;
            case Terminate: BeginTermination(); break;
            case Failed m: HandleFailed(m); break;
            case Watch m: AddWatcher(m); break;
            case Unwatch m: RemoveWatcher(m); break;
            case DeathWatchNotification m: HandleDeath(m); break;
            case Continuation m: m.Handling.Continue(m); break;
            case HandlerEnded m: EndHandling(m); break;
        }
    }

    private void Suspended(int change)
    {
        _suspensions += change;
        UpdateBlocked();
    }

    private void UpdateBlocked()
    {
        var blocked = _suspensions > 0 || _handling is not null || _actor is null;
        if (blocked != _blocked)
            _mailbox.Block(_blocked = blocked);
    }

    private void Publish(LogEvent logged)
    {
        try
        {
            _system.EventStream.Publish(logged);
        }
        catch (Exception e)
        {
            // A logger that throws must not take the actor with it; standard error is all that is left.
            Console.Error.WriteLine($"cannot publish {logged}: {e}");
        }
    }
}
