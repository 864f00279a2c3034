namespace ActorSock.Actors.TestKit;

/// <summary>Somebody to talk with: an actor with messages of its own, and a reference to it.</summary>
/// <remarks>The probe can be given wherever a reference is wanted; it equals <see cref="Ref"/>.</remarks>
public class TestProbe : TestKitBase, INoImplicitSender, IActorRef, ISystemRef, ISystemOwned
{
    public TestProbe(ActorSystem system, ITestKitAssertions assertions, string? testProbeName = null)
        : base(assertions, system, testProbeName)
    {
    }

    public IActorRef Ref => TestActor;

    /// <summary>Who sent the last message.</summary>
    public IActorRef Sender => LastSender;

    ActorPath IActorRef.Path => Ref.Path;

    bool ISystemRef.IsTerminated => ((ISystemRef)Ref).IsTerminated;

    LocalActorSystem ISystemOwned.System => (LocalActorSystem)Sys;

    /// <summary>Tells somebody something, as the probe.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, Ref);

    /// <summary>Answers the last message.</summary>
    public void Reply(object message) => Sender.Tell(message, Ref);

    /// <summary>Passes the last message on, under the name of its sender.</summary>
    public void Forward(IActorRef actor) => Forward(
        actor, LastMessage ?? throw new InvalidOperationException($"{Ref} has no message to forward"));

    /// <summary>Passes something on, under the name of the last message's sender.</summary>
    public void Forward(IActorRef actor, object message) => actor.Tell(message, Sender);

    void ICanTell.Tell(object message, IActorRef sender) => Ref.Tell(message, sender);

    void ISystemRef.SendSystem(SystemMessage message) => ((ISystemRef)Ref).SendSystem(message);

    bool IEquatable<IActorRef>.Equals(IActorRef? other) => Ref.Equals(Bare(other));

    int IComparable<IActorRef>.CompareTo(IActorRef? other) => Ref.CompareTo(Bare(other));

    public int CompareTo(object? obj) => Ref.CompareTo(Bare(obj as IActorRef));

    public override bool Equals(object? obj) => obj is IActorRef other && Ref.Equals(Bare(other));

    public override int GetHashCode() => Ref.GetHashCode();

    public override string ToString() => Ref.ToString()!;

    private static IActorRef? Bare(IActorRef? actor) => (actor as TestProbe)?.Ref ?? actor;
}
