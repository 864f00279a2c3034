namespace ActorSock.Actors.TestKit;

/// <summary>A message that reached a test actor, and who sent it.</summary>
public abstract class MessageEnvelope
{
    public abstract object Message { get; }

    public abstract IActorRef Sender { get; }
}

/// <summary>A message as it came.</summary>
public sealed class RealMessageEnvelope(object message, IActorRef sender) : MessageEnvelope
{
    public override object Message => message;

    public override IActorRef Sender => sender;

    public override string ToString() => $"<{Message}> from {Sender}";
}
