using ActorSock.Actors.Event;

namespace ActorSock.Actors;

/// <summary>From creation over restarts to the end.</summary>
internal sealed partial class ActorCell
{
    private bool _failed;
    private ActorCell? _perpetrator;
    private object? _failedMessage;
    private Queue<SystemMessage>? _waiting;
    private CellTimers? _timers;
    private ReceiveTimer? _receiveTimer;

    public TimeSpan? ReceiveTimeout => _receiveTimer?.Timeout;

    /// <summary>Queues the creation; the first run of the cell constructs the actor.</summary>
    public void Start()
    {
        _blocked = true;
        _mailbox.Block(true);
        SendSystem(new Create());
    }

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
            _actor = null;
            UpdateBlocked();
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
        if (_actor is null)
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
        ActorCell[] survivors = [.. Children];
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
            _actor = null;
            UpdateBlocked();
            Fail(new PostRestartException(this, e, cause), perpetrator: null);
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
        while (_waiting?.TryDequeue(out var waiting) == true)
            AfterDeath(waiting);

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
                // The actor is gone, its handler is not: what the handler holds must still be let go of.
                ThreadPool.UnsafeQueueUserWorkItem(static rest => rest.Run(), continuation, preferLocal: false);
                break;
            case HandlerEnded { Task.Exception: { } unheard }:
                Publish(new Warning(unheard, Path.ToString(), GetType(), $"a handler failed after its actor had stopped: {unheard.Message}"));
                break;
        }
    }

    private void LetGoOfActor()
    {
        _timers?.CancelAll();
        _timers = null;
        SetReceiveTimeout(null);
        _handler = null;
        _actor = null;
        UpdateBlocked();
    }
}
