namespace ActorSock.Actors;

/// <summary>Handles a message; false when it does not know it.</summary>
public delegate bool Receive(object message);

/// <summary>Handles a message; whether it knew it is not asked.</summary>
public delegate void UntypedReceive(object message);

/// <summary>One actor: state that only its own messages touch, one at a time.</summary>
public abstract class ActorBase
{
    private readonly ActorCell _cell;
    private Receive? _initial;

    /// <summary>Actors are made by <c>ActorOf</c> alone, in the cell that they will live in.</summary>
    /// <exception cref="InvalidOperationException">when constructed by hand</exception>
    protected ActorBase()
    {
        _cell = ActorCell.Current is { IsConstructing: true } cell
            ? cell
            : throw new InvalidOperationException($"an actor is started with ActorOf, not with new: {GetType()}");
        _cell.BecomeInitial();
    }

    /// <summary>Who this is; also right outside of message handling, for example after an await.</summary>
    protected IActorRef Self => _cell;

    /// <summary>Who sent the message at hand; dead letters when nobody did.</summary>
    protected IActorRef Sender => _cell.Sender;

    /// <exception cref="NotSupportedException">when no message is being handled on this thread</exception>
    protected static IActorContext Context => ActorCell.CurrentOrThrow;

    protected static Receive EmptyReceive { get; } = static _ => false;

    protected abstract bool Receive(object message);

    /// <summary>Around each message; an override may add what concerns all messages.</summary>
    protected virtual bool AroundReceive(Receive receive, object message) => receive(message);

    /// <summary>What happens to children that fail. The default restarts them.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actors.SupervisorStrategy.DefaultStrategy;

    /// <summary>Runs before the first message, and by <see cref="PostRestart"/> again after a restart.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Runs after the last message.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>Runs on the failed instance before it is replaced: stops all children and calls <see cref="PostStop"/>.</summary>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in _cell.GetChildren())
        {
            _cell.Unwatch(child);
            _cell.Stop(child);
        }
        PostStop();
    }

    /// <summary>Runs on the new instance: calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>What happens to a message that no state knows: it is published as unhandled.</summary>
    /// <exception cref="DeathPactException">for a <see cref="Terminated"/> that the actor did not handle</exception>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
            throw new DeathPactException(terminated.ActorRef);
        _cell.System.EventStream.Publish(new Event.UnhandledMessage(message, Sender, Self));
    }

    protected void Become(Receive receive) => _cell.Become(receive);

    protected void BecomeStacked(Receive receive) => _cell.BecomeStacked(receive);

    protected void UnbecomeStacked() => _cell.UnbecomeStacked();

    /// <summary>Sends <see cref="ReceiveTimeout"/> after this long without a message; null switches it off. A restart does not.</summary>
    protected void SetReceiveTimeout(TimeSpan? timeout) => _cell.SetReceiveTimeout(timeout);

    /// <summary>Handles a message by a behaviour; null is the one that the class itself declares.</summary>
    internal bool Handle(Receive? receive, object message) => AroundReceive(receive ?? (_initial ??= Receive), message);

    internal SupervisorStrategy ChooseStrategy() => SupervisorStrategy();

    internal void ReportUnhandled(object message) => Unhandled(message);

    public virtual void AroundPreStart() => PreStart();

    public virtual void AroundPostStop() => PostStop();

    public virtual void AroundPreRestart(Exception cause, object message) => PreRestart(cause, message);

    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);
}
