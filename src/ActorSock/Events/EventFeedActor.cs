using ActorSock.Supervision;

namespace ActorSock.Events;

/// <summary>Hands every event of the node to those who read events: logs today, counters and consoles as they come.</summary>
/// <remarks>
/// Parent: <see cref="ServerSupervisor"/>. Children: none.<br/>
/// States: one.<br/>
/// On restart: begins again with the next event; what is queued is kept.
/// </remarks>
internal sealed class EventFeedActor : ServerActor
{
    private readonly NodeParts _parts;
    private readonly IReadOnlyList<IEventSink> _sinks;

    public EventFeedActor(NodeParts parts, IReadOnlyList<IEventSink> sinks)
    {
        (_parts, _sinks) = (parts, sinks);
        Receive<ServerEvent>(Pass);
        Receive<DeadLetter>(letter => Pass(new ServerEvent.Undelivered(
            _parts.Now, letter.Message.GetType().Name, letter.Recipient.Path.ToStringWithoutAddress())));
        Receive<LogEvent>(said => Pass(new ServerEvent.EngineSpoke(
            _parts.Now, SeverityOf(said.LogLevel()), said.LogSource, $"{said.Message}", said.Cause)));
    }

    public static Props PropsOf(NodeParts parts, IReadOnlyList<IEventSink> sinks) => Props.Create(() => new EventFeedActor(parts, sinks));

    /// <summary>Lets a feed hear what is published from now on.</summary>
    /// <remarks>For the parent: in <c>PreStart</c> it would be too late for what a sibling publishes in its
    /// own, which may well run first.</remarks>
    public static void Subscribe(IActorRef feed, EventStream stream)
    {
        stream.Subscribe(feed, typeof(ServerEvent));
        stream.Subscribe(feed, typeof(DeadLetter));
        // In the place of the engine's own loggers, which write to standard output.
        for (var level = stream.LogLevel; level <= LogLevel.ErrorLevel; level++)
            stream.Subscribe(feed, level.ClassFor());
    }

    private void Pass(ServerEvent happened)
    {
        foreach (var sink in _sinks)
            sink.On(happened);
    }

    private static Severity SeverityOf(LogLevel level) => level switch
    {
        LogLevel.ErrorLevel => Severity.Error,
        LogLevel.WarningLevel => Severity.Warning,
        LogLevel.InfoLevel => Severity.Information,
        _ => Severity.Debug,
    };
}
