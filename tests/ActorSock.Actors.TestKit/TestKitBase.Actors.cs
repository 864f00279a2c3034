namespace ActorSock.Actors.TestKit;

/// <summary>Starting, finding and watching actors.</summary>
public abstract partial class TestKitBase
{
    public IActorRef ActorOf(Props props) => Sys.ActorOf(props, null);

    public IActorRef ActorOf(Props props, string? name) => Sys.ActorOf(props, name);

    public IActorRef ActorOf<TActor>() where TActor : ActorBase, new() => ActorOf<TActor>((string?)null);

    public IActorRef ActorOf<TActor>(string? name) where TActor : ActorBase, new() =>
        Sys.ActorOf(Props.Create(static () => new TActor()), name);

    public IActorRef ActorOf<TActor>(Func<TActor> factory) where TActor : ActorBase => ActorOf(factory, null);

    public IActorRef ActorOf<TActor>(Func<TActor> factory, string? name) where TActor : ActorBase =>
        Sys.ActorOf(Props.Create(factory), name);

    /// <summary>Starts a child of the test actor.</summary>
    public IActorRef ChildActorOf(Props props, CancellationToken cancellationToken = default) =>
        StartChild(props, null, null, cancellationToken);

    /// <inheritdoc cref="ChildActorOf(Props, CancellationToken)"/>
    /// <param name="supervisorStrategy">what happens when this child fails</param>
    public IActorRef ChildActorOf(
        Props props, SupervisorStrategy supervisorStrategy, CancellationToken cancellationToken = default) =>
        StartChild(props, null, supervisorStrategy, cancellationToken);

    /// <inheritdoc cref="ChildActorOf(Props, CancellationToken)"/>
    public IActorRef ChildActorOf(Props props, string name, CancellationToken cancellationToken = default) =>
        StartChild(props, name, null, cancellationToken);

    /// <inheritdoc cref="ChildActorOf(Props, SupervisorStrategy, CancellationToken)"/>
    public IActorRef ChildActorOf(
        Props props, string name, SupervisorStrategy supervisorStrategy,
        CancellationToken cancellationToken = default) =>
        StartChild(props, name, supervisorStrategy, cancellationToken);

    public ActorSelection ActorSelection(ActorPath actorPath) => Sys.ActorSelection(actorPath);

    public ActorSelection ActorSelection(string actorPath) => Sys.ActorSelection(actorPath);

    /// <summary>Actors by a path that starts at another actor.</summary>
    public ActorSelection ActorSelection(IActorRef anchorRef, string actorPath) =>
        Actors.ActorSelection.Of(actorPath, (ActorCell)((anchorRef as TestProbe)?.Ref ?? anchorRef), Local);

    /// <summary>
    /// From when this returns, the test actor gets a <see cref="Terminated"/> when that actor has stopped.
    /// </summary>
    public IActorRef Watch(IActorRef actorToWatch)
    {
        Command(testActor => testActor.Watch(actorToWatch));
        return actorToWatch;
    }

    /// <summary>Takes a watch back.</summary>
    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        Command(testActor => testActor.Unwatch(actorToUnwatch));
        return actorToUnwatch;
    }

    /// <inheritdoc cref="Watch"/>
    public Task<IActorRef> WatchAsync(IActorRef actorToWatch) => Task.FromResult(Watch(actorToWatch));

    /// <inheritdoc cref="Unwatch"/>
    public Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch) => Task.FromResult(Unwatch(actorToUnwatch));

    /// <summary>Lets a pilot react to each further message before the test sees it.</summary>
    public void SetAutoPilot(AutoPilot pilot) => Command(testActor => testActor.FlyBy(pilot));

    /// <summary>Further messages that fit are thrown away.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) =>
        Command(testActor => testActor.Ignore(shouldIgnoreMessage));

    /// <inheritdoc cref="IgnoreMessages(Func{object, bool})"/>
    public void IgnoreMessages<TMsg>() => IgnoreMessages(static message => message is TMsg);

    /// <inheritdoc cref="IgnoreMessages(Func{object, bool})"/>
    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) =>
        IgnoreMessages(message => message is TMsg known && shouldIgnoreMessage(known));

    /// <summary>Ends what <see cref="IgnoreMessages(Func{object, bool})"/> began.</summary>
    public void IgnoreNoMessages() => Command(static testActor => testActor.Ignore(null));

    private IActorRef StartChild(Props props, string? name, SupervisorStrategy? strategy,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IActorRef child = ActorRefs.Nobody;
        Command(testActor => child = testActor.Start(props, name, strategy));
        return child;
    }
}
