namespace ActorSock.Actors;

/// <summary>Something that starts actors.</summary>
public interface IActorRefFactory
{
    /// <summary>Starts an actor; without a name it gets a unique one.</summary>
    /// <exception cref="InvalidActorNameException">the name is taken or is not a valid path element</exception>
    IActorRef ActorOf(Props props, string? name = null);

    ActorSelection ActorSelection(ActorPath actorPath);

    /// <summary>Actors by path: absolute (<c>/user/server</c>), relative (<c>../sibling</c>), with * and ? as wildcards.</summary>
    ActorSelection ActorSelection(string actorPath);
}

public interface ICanWatch
{
    /// <summary>Asks for a <see cref="Terminated"/> when the subject has stopped, also when it already has.</summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>As <see cref="Watch"/>, with a message of one's own instead of <see cref="Terminated"/>.</summary>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>Takes a watch back; not even a notice that is already queued will come.</summary>
    IActorRef Unwatch(IActorRef subject);
}

/// <summary>What an actor sees of the engine while it handles a message.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    IActorRef Self { get; }

    IActorRef Sender { get; }

    IActorRef Parent { get; }

    Props Props { get; }

    ActorSystem System { get; }

    Dispatch.MessageDispatcher Dispatcher { get; }

    TimeSpan? ReceiveTimeout { get; }

    /// <summary>The child of this name, or <see cref="Nobody"/>.</summary>
    IActorRef Child(string name);

    IEnumerable<IActorRef> GetChildren();

    void Become(Receive receive);

    void BecomeStacked(Receive receive);

    void UnbecomeStacked();

    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>Stops an actor after the message at hand; its children stop first.</summary>
    void Stop(IActorRef child);
}

public interface IUntypedActorContext : IActorContext
{
    void Become(UntypedReceive receive);

    void BecomeStacked(UntypedReceive receive);
}
