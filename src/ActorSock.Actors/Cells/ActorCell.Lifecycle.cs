using ActorSock.Actors.Event;

namespace ActorSock.Actors;

/// <summary>From creation over restarts to the end.</summary>
internal sealed partial class ActorCell
{
    private bool _failed;
    private ActorCell? _perpetrator;
    private object? _failedMessage;

    /// <summary>What cannot be done before the dying children are gone.</summary>
    private Queue<SystemMessage>? _waiting;

    /// <summary>
    /// Failures of children that cannot be decided before this cell goes on itself. They stand apart: what lets it go on may
    /// itself be waiting, and must not wait behind them.
    /// </summary>
    private Queue<SystemMessage>? _failuresWaiting;
    private CellTimers? _timers;
    private ReceiveTimer? _receiveTimer;

    public TimeSpan? ReceiveTimeout => _receiveTimer?.Timeout;

    /// <summary>The first run of the cell constructs the actor.</summary>
    public void Start() => _dispatcher.Execute(this);

    /// <summary>Stops this actor after the message at hand.</summary>
    public void Stop() => SendSystem(new Terminate());

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        _receiveTimer?.Dispose();
        _receiveTimer = timeout is { } time && time > TimeSpan.Zero ? new ReceiveTimer(this, time) : null;
    }

    private void CreateFirst()
    {
        try
        {
            Instantiate();
            UpdateBlocked();
            _actor!.AroundPreStart();
        }
        catch (Exception e)
        {
            SetReceiveTimeout(null);
            LetGoOfActor();
            throw e as ActorInitializationException
                ?? new ActorInitializationException(this, $"exception during creation of {this}: {e.Message}", e);
        }
    }

    private void Instantiate()
    {
        IsConstructing = true;
        try
        {
            var actor = Props.NewActor() ?? throw new ActorInitializationException(this, $"the factory of {this} made no actor");
            if (actor is IActorStash stashing)
                stashing.Stash = new CellStash(this, Props.StashCapacity);
            if (actor is IWithTimers timed)
                timed.Timers = _timers = new CellTimers(this);
            _actor = actor;
        }
        finally
        {
            IsConstructing = false;
        }
    }

    private bool MustWait(SystemMessage message) => message switch
    {
        Failed => WaitsForChildren || _suspensions > 0,
        Recreate or Suspend or Resume => WaitsForChildren,
        _ => false,
    };

    /// <summary>This actor's own trouble: it and what is below it stand still until the parent has decided.</summary>
    private void Fail(Exception cause, ActorCell? perpetrator)
    {
        var message = _current.Message;
        _current = default;
        if (_failed || _mailbox.IsClosed)
        {
            Publish(new Error(cause, Path.ToString(), GetType(), $"failed again before its parent decided: {cause.Message}"));
            return;
        }
        _failed = true;
        _perpetrator = perpetrator;
        _failedMessage = message;
        Suspended(+1);
        foreach (var child in Children)
            if (!ReferenceEquals(child, perpetrator))
                child.SendSystem(new Suspend());
        if (_parent is null)
            _system.Abort(cause);
        else
            _parent.SendSystem(new Failed(this, cause));
    }

    private void SuspendAll()
    {
        Suspended(+1);
        foreach (var child in Children)
            child.SendSystem(new Suspend());
    }

    private void ResumeAll(Exception? causedByFailure)
    {
        if (_actor is null && causedByFailure is not null)
        {
            // It never came to life, so there is nothing to go on with: try again.
            CreateAgain();
            return;
        }
        var perpetrator = _perpetrator;
        if (causedByFailure is not null)
            ForgiveFailure();
        foreach (var child in Children)
            child.SendSystem(new Resume(ReferenceEquals(child, perpetrator) ? causedByFailure : null));
        Suspended(-1);
    }

    private void ForgiveFailure()
    {
        _failed = false;
        _perpetrator = null;
        _failedMessage = null;
    }

    private void RecreateAfter(Exception cause)
    {
        if (_actor is null)
        {
            CreateAgain();
            return;
        }
        var failed = _actor;
        try
        {
            if (failed is IActorStash { Stash.NonEmpty: true } stashing)
                stashing.Stash.UnstashAll();
            failed.AroundPreRestart(cause, _failedMessage!);
        }
        catch (Exception e)
        {
            Publish(new Error(new PreRestartException(this, e, cause, _failedMessage!), Path.ToString(), failed.GetType(), e.Message));
        }
        LetGoOfActor();
        if (!WaitForDying(AfterChildren.Recreate, cause))
            FinishRecreation(cause);
    }

    private void FinishRecreation(Exception cause)
    {
        var survivors = Children; // before the new instance starts children of its own
        ForgiveFailure();
        _suspensions--;
        try
        {
            Instantiate();
            UpdateBlocked();
            _actor!.AroundPostRestart(cause, null!);
        }
        catch (Exception e)
        {
            // The survivors stay as they are, suspended: whatever is decided now, they will be stopped.
            SetReceiveTimeout(null);
            LetGoOfActor();
            Fail(new PostRestartException(this, e, cause), perpetrator: null);
            return;
        }
        foreach (var child in survivors)
            child.SendSystem(new Recreate(cause));
    }

    private void CreateAgain()
    {
        foreach (var child in Children)
            Stop(child);
        if (!WaitForDying(AfterChildren.Create, null))
            FinishCreation();
    }

    private void FinishCreation()
    {
        ForgiveFailure();
        _suspensions--;
        foreach (var child in Children)
            child.SendSystem(new Resume(null)); // one that a handler still under way has started since
        CreateFirst();
    }

    private void BeginTermination()
    {
        if (_afterChildren == AfterChildren.Terminate || _mailbox.IsClosed)
            return;
        SetReceiveTimeout(null);
        lock (_mailbox)
            _afterChildren = AfterChildren.Terminate; // from here on no thread can attach another child
        foreach (var child in Children)
            Stop(child);
        if (_dying > 0)
            Suspended(+1);
        else
            FinishTermination();
    }

    private void FinishTermination()
    {
        var actor = _actor;
        try
        {
            actor?.AroundPostStop();
        }
        catch (Exception e)
        {
            Publish(new Error(e, Path.ToString(), actor!.GetType(), $"exception in PostStop: {e.Message}"));
        }
        var stash = (actor as IActorStash)?.Stash;
        SetReceiveTimeout(null);
        LetGoOfActor();
        _behavior = null;
        BuryWhatIsLeft(stash);
        _parent?.SendSystem(new DeathWatchNotification(this, existenceConfirmed: true));
        TellWatchers();
        (_dispatcher as Dispatch.PinnedDispatcher)?.Release(this);
        if (_parent is null)
            _system.RootStopped();
    }

    private void BuryWhatIsLeft(IStash? stash)
    {
        var (user, system) = _mailbox.Close();
        foreach (var envelope in stash?.ClearStash() ?? [])
            _system.Bury(envelope.Message, envelope.Sender, this);
        Bury(_taken);
        Bury(user);
        _taken = null;
        for (var message = system; message is not null; message = message.Next)
            AfterDeath(message);
        (_waiting, _failuresWaiting) = (null, null); // all of it concerns an actor that is no more

        void Bury(Mailbox.Segment? segment)
        {
            for (; segment is not null; segment = segment.After)
                for (var i = segment.Next; i < segment.Count; i++)
                    if (segment.Items[i].Message is { } message and not (CellTimers.Timer or ReceiveTimer.Check))
                        _system.Bury(message, segment.Items[i].Sender, this);
        }
    }

    /// <summary>System messages to a dead cell: whoever waits for an answer gets it.</summary>
    private void AfterDeath(SystemMessage message)
    {
        switch (message)
        {
            case Watch watch:
                watch.Watcher.SendSystem(new DeathWatchNotification(this, existenceConfirmed: false));
                break;
            case Continuation continuation:
                ThreadPool.UnsafeQueueUserWorkItem(static rest => rest.Handling.ContinueAfterDeath(rest), continuation, preferLocal: false);
                break;
            case HandlerEnded ended:
                EndHandling(ended);
                break;
        }
    }

    private void LetGoOfActor()
    {
        _timers?.Close();
        _timers = null;
        _handling?.Abandon();
        _handling = null;
        _actor = null;
        UpdateBlocked();
    }
}
