namespace ActorSock.EngineTests;

/// <summary>Answers each message with the same message.</summary>
internal sealed class Echo : UntypedActor
{
    protected override void OnReceive(object message) => Sender.Tell(message, Self);
}
