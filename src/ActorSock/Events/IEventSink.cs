namespace ActorSock.Events;

/// <summary>Reads the events of a node.</summary>
public interface IEventSink
{
    /// <summary>Takes one event. Called on the thread of whoever publishes, by several at once if need be:
    /// an implementation is thread-safe, does not block and does not throw.</summary>
    void On(ServerEvent e);
}
