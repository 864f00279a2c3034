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
    private readonly HashSet<IEventSink> _failing = [];

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

    /// <summary>A reader that throws misses what it threw at; the others, and the feed, go on. It is told of once until it works again.</summary>
    private void Pass(ServerEvent happened)
    {
        foreach (var sink in _sinks)
        {
            try
            {
                sink.On(happened);
                _failing.Remove(sink);
            }
            catch (Exception e)
            {
                if (_failing.Add(sink))
                    TellOthers(sink, e);
            }
        }
    }

    private void TellOthers(IEventSink failed, Exception cause)
    {
        var told = new ServerEvent.EngineSpoke(_parts.Now, Severity.Error, Self.Path.ToStringWithoutAddress(),
            $"{failed.GetType().Name} cannot take events: {cause.Message}", cause);
        foreach (var sink in _sinks.Where(each => !_failing.Contains(each)))
        {
            try
            {
                sink.On(told);
            }
            catch (Exception)
            {
                _failing.Add(sink); // it is noticed, and told of, when it fails at the next event of its own
            }
        }
    }

    private static Severity SeverityOf(LogLevel level) => level switch
    {
        LogLevel.ErrorLevel => Severity.Error,
        LogLevel.WarningLevel => Severity.Warning,
        LogLevel.InfoLevel => Severity.Information,
        _ => Severity.Debug,
    };
}
