using ActorSock.Actors.Event;

namespace ActorSock.Actors;

/// <summary>A queued notice of a death that a watch with a message of its own waits for.</summary>
internal sealed class WatchNotice(Terminated terminated, object instead) : IAutoReceivedMessage, IDeadLetterSuppression
{
    public Terminated Terminated => terminated;

    public object Instead => instead;
}

/// <summary>Watching others and being watched.</summary>
internal sealed partial class ActorCell
{
    /// <summary>Whom this cell watches, with the message it wants instead of Terminated, or null.</summary>
    private Dictionary<IActorRef, object?>? _watching;

    /// <summary>Deaths whose notice is queued and not yet handled: Unwatch takes them back.</summary>
    private HashSet<IActorRef>? _noticesQueued;

    private List<ISystemRef>? _watchers;

    public IActorRef Watch(IActorRef subject) => Watch(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Watch(subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        if (_watching?.Remove(subject) == true)
            ((ISystemRef)subject).SendSystem(new Unwatch((ISystemRef)subject, this));
        _noticesQueued?.Remove(subject);
        return subject;
    }

    private IActorRef Watch(IActorRef subject, object? message)
    {
        var target = subject as ISystemRef ?? throw new ArgumentException($"cannot watch {subject}: not a reference of this system", nameof(subject));
        if (ReferenceEquals(subject, this))
            return subject;
        if (_watching?.TryGetValue(subject, out var already) == true)
        {
            if (!Equals(already, message))
                throw new InvalidOperationException($"{this} already watches {subject} with another message: unwatch it first");
            return subject;
        }
        (_watching ??= []).Add(subject, message);
        target.SendSystem(new Watch(target, this));
        return subject;
    }

    private void AddWatcher(Watch watch)
    {
        if (!ReferenceEquals(watch.Watchee, this) && !watch.Watchee.Equals(this))
            return;
        if (ReferenceEquals(watch.Watcher, _parent))
            return; // a parent is told in any case
        _watchers ??= [];
        if (!_watchers.Contains(watch.Watcher))
            _watchers.Add(watch.Watcher);
    }

    private void RemoveWatcher(Unwatch unwatch) => _watchers?.Remove(unwatch.Watcher);

    private void TellWatchers()
    {
        foreach (var watcher in _watchers ?? [])
            if (!ReferenceEquals(watcher, _parent))
                watcher.SendSystem(new DeathWatchNotification(this, existenceConfirmed: true));
        _watchers = null;
        foreach (var subject in _watching?.Keys ?? Enumerable.Empty<IActorRef>())
            ((ISystemRef)subject).SendSystem(new Unwatch((ISystemRef)subject, this));
        _watching = null;
        _noticesQueued = null;
    }

    /// <summary>A death: of a child, of somebody watched, or of a child that is watched.</summary>
    private void HandleDeath(DeathWatchNotification death)
    {
        if (_watching?.Remove(death.Actor, out var instead) == true && _afterChildren != AfterChildren.Terminate)
        {
            (_noticesQueued ??= []).Add(death.Actor);
            var terminated = new Terminated(death.Actor, death.ExistenceConfirmed, addressTerminated: false);
            Post(instead is null ? terminated : new WatchNotice(terminated, instead), death.Actor);
        }
        if (death.Actor is ActorCell child && ReferenceEquals(child._parent, this))
            RemoveChild(child);
    }

    private void HandleTerminated(Terminated terminated, object? instead = null)
    {
        if (_noticesQueued?.Remove(terminated.ActorRef) != true)
            return;
        if (instead is not null)
            _current.Message = instead;
        Deliver(instead ?? terminated);
    }
}
