using ActorSock.Actors.Event;

namespace ActorSock.Actors;

/// <summary>A reference behind which there is no actor.</summary>
public abstract class MinimalActorRef : InternalActorRefBase
{
    private protected override bool HasTerminated => false;

    private protected override void Post(object message, IActorRef sender)
    {
        // Nobody listens: that is what this reference is for.
    }

    private protected override void PostSystem(SystemMessage message)
    {
        if (message is Watch watch)
            watch.Watcher.SendSystem(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false));
    }
}

/// <summary>No actor: what a look-up answers that found none.</summary>
public sealed class Nobody : MinimalActorRef
{
    public static readonly Nobody Instance = new();

    private Nobody()
    {
    }

    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "all-systems")) / "Nobody";
}

/// <summary>Takes everything and says nothing, not even as a dead letter.</summary>
internal sealed class IgnoreActorRef(Address address) : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(address) / "ignore";
}

/// <summary>Where messages to the dead end: each is published on the event stream.</summary>
internal sealed class DeadLetterActorRef(LocalActorSystem system) : MinimalActorRef, ISystemOwned
{
    private readonly EventStream _events = system.EventStream;

    public override ActorPath Path { get; } = new RootActorPath(system.Address) / "deadLetters";

    LocalActorSystem ISystemOwned.System => system;

    private protected override void Post(object message, IActorRef sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message is AllDeadLetters already)
            _events.Publish(already);
        else
            Bury(message, sender, this);
    }

    internal void Bury(object message, IActorRef? sender, IActorRef recipient)
    {
        switch (message)
        {
            case AllDeadLetters:
                break; // it waited in a subscriber that has died: everybody else has seen it
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), this); // whoever asks who is there learns: nobody
                break;
            case IDeadLetterSuppression suppressed:
                _events.Publish(new SuppressedDeadLetter(suppressed, sender ?? this, recipient));
                break;
            default:
                _events.Publish(new DeadLetter(message, sender ?? this, recipient));
                break;
        }
    }
}
