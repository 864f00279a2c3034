namespace ActorSock.Actors;

/// <summary>Something that takes messages: an actor reference or a selection of them.</summary>
public interface ICanTell
{
    /// <summary>Puts a message into the mailbox and returns at once; never blocks, never throws for a dead receiver.</summary>
    void Tell(object message, IActorRef sender);
}

/// <summary>A handle to an actor. It stays valid over restarts; after a stop, messages to it become dead letters.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    ActorPath Path { get; }
}

/// <summary>Marks a message that the engine handles itself before the actor would see it.</summary>
public interface IAutoReceivedMessage;

/// <summary>Marks a message that can harm an actor when a stranger sends it, such as <see cref="PoisonPill"/>.</summary>
public interface IPossiblyHarmful;

/// <summary>Marks a message that does not count as activity for the receive timeout.</summary>
public interface INotInfluenceReceiveTimeout;

/// <summary>Marks a message that need not be checked for serializability; this engine is local and never serializes.</summary>
public interface INoSerializationVerificationNeeded;

public static class ActorRefs
{
    /// <summary>The sender of a message that nobody sent.</summary>
    public static readonly IActorRef NoSender = null!;

    public static readonly Nobody Nobody = Nobody.Instance;
}

public static class ActorRefExtensions
{
    /// <summary>True when the reference is null or <see cref="Nobody"/>.</summary>
    public static bool IsNobody(this IActorRef actorRef) => actorRef is null or Nobody;

    public static IActorRef GetOrElse(this IActorRef actorRef, Func<IActorRef> elseValue) =>
        actorRef.IsNobody() ? elseValue() : actorRef;
}

public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Tells with the current actor, if there is one, as the sender.</summary>
    public static void Tell(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.Current!);

    /// <summary>Passes a message on under the name of whoever sent the one being handled.</summary>
    public static void Forward(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.Current is { } cell ? cell.Sender : ActorRefs.NoSender);
}
