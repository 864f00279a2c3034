using ActorSock.Actors.Event;

namespace ActorSock.Actors;

/// <summary>What a cell does when the last dying child is gone.</summary>
internal enum AfterChildren
{
    Nothing,
    Create,
    Recreate,
    Terminate,
}

/// <summary>Children: their names, their failures, their ends.</summary>
internal sealed partial class ActorCell
{
    private const string NameAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    private Dictionary<string, ActorCell>? _children;
    private ActorCell[]? _childrenSnapshot;
    private long _namesGiven;
    private int _dying;
    private bool _isDying;
    private AfterChildren _afterChildren;
    private Exception? _recreationCause;

    /// <summary>How often this cell was restarted by its parent in the current window, and when that began; the parent's book.</summary>
    internal int RestartsInWindow;
    internal TimeSpan? WindowStart;

    private bool WaitsForChildren => _afterChildren != AfterChildren.Nothing;

    /// <summary>A snapshot of the children; the table may change while it is walked.</summary>
    public ActorCell[] Children
    {
        get
        {
            if (_children is null)
                return [];
            lock (_mailbox)
                return _childrenSnapshot ??= _children is { } children ? [.. children.Values] : [];
        }
    }

    public IEnumerable<IActorRef> GetChildren() => Children;

    public IActorRef Child(string name) => (IActorRef?)FindChild(name) ?? ActorRefs.Nobody;

    public ActorCell? FindChild(string name)
    {
        if (_children is null)
            return null;
        lock (_mailbox)
            return _children?.GetValueOrDefault(name);
    }

    /// <summary>Starts a child; may be called by any thread, as <c>ActorSystem.ActorOf</c> does.</summary>
    public ActorCell AttachChild(Props props, string? name)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (name is not null && !ActorPath.IsValidPathElement(name))
            throw new InvalidActorNameException(name.Length == 0
                ? "an actor's name must not be empty"
                : $"not a valid actor name: '{name}': it may not start with $ and contains ASCII letters, digits and {ActorPath.ValidSymbols} only");
        ActorCell child;
        lock (_mailbox)
        {
            if (_afterChildren == AfterChildren.Terminate || _mailbox.IsClosed)
                throw new InvalidOperationException($"cannot create a child of {this} while it is terminating or terminated");
            child = new ActorCell(_system, props, this, name ?? NextName());
            if (!(_children ??= []).TryAdd(child._name, child))
                throw new InvalidActorNameException($"the actor name '{name}' is not unique below {Path}");
            _childrenSnapshot = null;
        }
        child.Start();
        if (ReferenceEquals(t_current, this))
        {
            // Started by a hook or by the rest of a handler while this actor stands still: the child does as well,
            // and whatever ends that for its parent ends it for the child.
            for (var i = 0; i < _suspensions; i++)
                child.SendSystem(new Suspend());
        }
        return child;
    }

    public void Stop(IActorRef child)
    {
        if (child is ActorCell cell && ReferenceEquals(cell._parent, this) && !cell._isDying && ReferenceEquals(FindChild(cell._name), cell))
        {
            cell._isDying = true;
            _dying++;
        }
        (child as ISystemRef)?.SendSystem(new Terminate());
    }

    public static void RestartChild(ActorCell child, Exception cause, bool suspendFirst)
    {
        if (suspendFirst)
            child.SendSystem(new Suspend());
        child.SendSystem(new Recreate(cause));
    }

    private string NextName()
    {
        Span<char> name = stackalloc char[16];
        var length = 0;
        name[length++] = '$';
        var number = _namesGiven++;
        do
        {
            name[length++] = NameAlphabet[(int)(number & 63)];
            number >>= 6;
        }
        while (number > 0);
        return new string(name[..length]);
    }

    private void HandleFailed(Failed failed)
    {
        var child = failed.Child;
        if (!ReferenceEquals(FindChild(child._name), child))
            return;
        bool decided;
        try
        {
            var strategy = Props.SupervisorStrategy ?? _actor?.ChooseStrategy() ?? SupervisorStrategy.DefaultStrategy;
            decided = strategy.HandleFailure(this, child, failed.Cause, Children);
        }
        catch (Exception e)
        {
            // The child still waits for a decision: what is decided about this actor now will be decided about it.
            Fail(e, child);
            return;
        }
        if (!decided)
            Fail(failed.Cause, child);
    }

    /// <summary>Forgets a child that has ended, and goes on with what waited for it.</summary>
    private void RemoveChild(ActorCell child)
    {
        lock (_mailbox)
        {
            if (_children is null || !_children.TryGetValue(child._name, out var known) || !ReferenceEquals(known, child))
                return;
            _children.Remove(child._name);
            if (_children.Count == 0)
                _children = null;
            _childrenSnapshot = null;
        }
        if (child._isDying)
            _dying--;
        if (_dying > 0 || !WaitsForChildren)
            return;
        var (next, cause) = (_afterChildren, _recreationCause);
        if (next != AfterChildren.Terminate)
            (_afterChildren, _recreationCause) = (AfterChildren.Nothing, null);
        switch (next)
        {
            case AfterChildren.Create: FinishCreation(); break;
            case AfterChildren.Recreate: FinishRecreation(cause!); break;
            case AfterChildren.Terminate: FinishTermination(); break;
        }
    }

    /// <summary>True when children are still on their way out and this cell has to wait for them.</summary>
    private bool WaitForDying(AfterChildren next, Exception? cause)
    {
        if (_dying == 0)
            return false;
        _afterChildren = next;
        _recreationCause = cause;
        return true;
    }
}
