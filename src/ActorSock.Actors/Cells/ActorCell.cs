using ActorSock.Actors.Dispatch;

namespace ActorSock.Actors;

/// <summary>What stays of an actor over its restarts: reference, mailbox, children, watches, and the rules they live by.</summary>
/// <remarks>
/// Reference and cell are one object, to keep an idle actor small. What the taker of messages writes lives here, what senders
/// write lives in <see cref="Mailbox"/>. Everything here but the children's table is touched only by the thread that runs the
/// cell; the dispatcher sees to it that this is one at a time.
/// </remarks>
internal sealed partial class ActorCell : InternalActorRefBase, IUntypedActorContext, IThreadPoolWorkItem
{
    [ThreadStatic]
    private static ActorCell? t_current;

    private static long s_uids;

    private readonly LocalActorSystem _system;
    private readonly ActorCell? _parent;
    private readonly string _name;
    private readonly MessageDispatcher _dispatcher;
    private ActorPath? _path;
    private ActorBase? _actor;
    private Receive? _behavior; // null: what the actor's class declares
    private Stack<Receive?>? _behaviorsBelow;
    private Mailbox.Slot _current;

    public ActorCell(LocalActorSystem system, Props props, ActorCell? parent, string name)
    {
        _system = system;
        _parent = parent;
        _name = name;
        Props = props;
        Uid = parent is null ? 0 : Interlocked.Increment(ref s_uids);
        _dispatcher = system.Dispatchers.Lookup(props.Dispatcher);
    }

    /// <summary>The cell whose message this thread is handling, or null.</summary>
    public static ActorCell? Current => t_current;

    /// <summary>Makes a cell, or none, the current one of this thread, and returns which one it was.</summary>
    /// <remarks>For test kits alone: their thread stands for an actor, so that messages from it have a sender.</remarks>
    internal static ActorCell? ReplaceCurrent(ActorCell? cell)
    {
        var before = t_current;
        t_current = cell;
        return before;
    }

    public static ActorCell CurrentOrThrow => t_current
        ?? throw new NotSupportedException("there is no active ActorContext: it exists only while a message is being handled; "
            + "keep Self or Sender in a variable before going to another thread");

    public bool IsConstructing { get; private set; }

    public long Uid { get; }

    public Props Props { get; }

    public LocalActorSystem System => _system;

    public MessageDispatcher Dispatcher => _dispatcher;

    public override ActorPath Path => _path ??= _parent is null
        ? new RootActorPath(_system.Address)
        : new ChildActorPath(_parent.Path, _name, Uid);

    public string Name => _name;

    public IActorRef Self => this;

    public IActorRef Sender => _current.Sender ?? _system.DeadLetters;

    public IActorRef Parent => _parent ?? (IActorRef)this;

    public Envelope CurrentEnvelope => new(_current.Message!, _current.Sender!);

    /// <summary>Counts handled messages, so that the stash can tell one from the next.</summary>
    public long HandledCount { get; private set; }

    ActorSystem IActorContext.System => _system;

    private protected override bool HasTerminated => _mailbox.IsClosed;

    public override bool Equals(IActorRef? other) => ReferenceEquals(this, other)
        || (other is not (null or ActorCell) && base.Equals(other));

    public override int GetHashCode() => Uid.GetHashCode();

    public override bool Equals(object? obj) => obj is IActorRef other && Equals(other);

    public IActorRef ActorOf(Props props, string? name = null) => AttachChild(props, name);

    public ActorSelection ActorSelection(ActorPath actorPath) => Actors.ActorSelection.Of(actorPath, _system);

    public ActorSelection ActorSelection(string actorPath) => Actors.ActorSelection.Of(actorPath, this, _system);

    public void BecomeInitial()
    {
        IsConstructing = false;
        _behavior = null;
        _behaviorsBelow = null;
    }

    public void Become(Receive receive) => _behavior = receive;

    public void BecomeStacked(Receive receive)
    {
        (_behaviorsBelow ??= []).Push(_behavior);
        _behavior = receive;
    }

    public void UnbecomeStacked()
    {
        if (_behaviorsBelow is { Count: > 0 })
            _behavior = _behaviorsBelow.Pop();
    }

    void IUntypedActorContext.Become(UntypedReceive receive) => Become(Known(receive));

    void IUntypedActorContext.BecomeStacked(UntypedReceive receive) => BecomeStacked(Known(receive));

    public void Become(UntypedReceive receive) => Become(Known(receive));

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(Known(receive));

    private static Receive Known(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };
}
