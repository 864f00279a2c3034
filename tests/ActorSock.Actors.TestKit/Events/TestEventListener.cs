namespace ActorSock.Actors.TestKit;

/// <summary>Stands in a configuration where loggers that print would stand.</summary>
/// <remarks>
/// It does nothing: <see cref="TestEvents"/> listens without an actor, so that an event has been counted when
/// whoever logged it goes on.
/// </remarks>
public class TestEventListener : UntypedActor
{
    protected override void OnReceive(object message) => Unhandled(message);
}
