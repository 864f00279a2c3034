namespace ActorSock.Actors;

/// <summary>The engine's side of a reference: it also takes system messages.</summary>
internal interface ISystemRef : IActorRef
{
    bool IsTerminated { get; }

    void SendSystem(SystemMessage message);
}

/// <summary>What all references of the engine share: identity is path and uid.</summary>
public abstract class InternalActorRefBase : ISystemRef
{
    private protected InternalActorRefBase()
    {
    }

    public abstract ActorPath Path { get; }

    bool ISystemRef.IsTerminated => HasTerminated;

    private protected abstract bool HasTerminated { get; }

    public void Tell(object message, IActorRef sender) => Post(message, sender);

    void ISystemRef.SendSystem(SystemMessage message) => PostSystem(message);

    private protected abstract void Post(object message, IActorRef sender);

    private protected abstract void PostSystem(SystemMessage message);

    public virtual bool Equals(IActorRef? other) =>
        other is not null && (ReferenceEquals(this, other) || (Path.Uid == other.Path.Uid && Path.Equals(other.Path)));

    public override bool Equals(object? obj) => obj is IActorRef other && Equals(other);

    public override int GetHashCode() => Path.GetHashCode() ^ Path.Uid.GetHashCode();

    public int CompareTo(IActorRef? other) => other is null ? 1 : Path.CompareTo(other.Path);

    public int CompareTo(object? obj) => CompareTo(obj as IActorRef);

    public override string ToString() => $"[{Path.ToStringWithUid()}]";
}
