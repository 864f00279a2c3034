using ActorSock.Actors.Event;

namespace ActorSock.Actors.TestKit;

/// <summary>Stands in a configuration for the kit's listener, in place of loggers that print.</summary>
/// <remarks>The kit listens itself, synchronously, so that this actor has nothing left to do.</remarks>
public class TestEventListener : UntypedActor
{
    protected override void OnReceive(object message) => Unhandled(message);
}

/// <summary>What a system logs and buries, seen by filters.</summary>
internal sealed class TestEvents(ActorSystem system)
{
    public ActorSystem System => system;
}
