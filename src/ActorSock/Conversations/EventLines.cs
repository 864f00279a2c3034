using System.Text;
using ActorSock.Events;
using ActorSock.Logging;
using ActorSock.Settings;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using LogEvent = Serilog.Events.LogEvent;

namespace ActorSock.Conversations;

/// <summary>Makes the lines of the log that are wanted of events, the same as the log itself has.</summary>
internal sealed class EventLines : ILogEventSink
{
    private readonly LogFilter _wanted;
    private readonly IEventSink _log;
    private readonly List<byte[]> _made = [];
    private DateTimeOffset _at;

    public EventLines(LogFilter wanted, LoggingSettings settings)
    {
        _wanted = wanted;
        var level = wanted.Level ?? LogEventLevel.Information;
        HasDetails = level < LogEventLevel.Information;
        var logger = new LoggerConfiguration().MinimumLevel.Is(level).Enrich.With(new PrintableEnricher()).WriteTo.Sink(this).CreateLogger();
        // Each stored file and each refusal: who looks for one must not miss it because of others. So nothing is held back that a Dispose would write.
        _log = new EventLog(logger, settings with { StoredLinesMax = int.MaxValue, RefusedLinesMax = int.MaxValue }, TimeProvider.System);
    }

    /// <summary>Whether what comes with each connection and upload is wanted, too.</summary>
    public bool HasDetails { get; }

    /// <summary>None, or one, with its end.</summary>
    public byte[][] Of(ServerEvent e)
    {
        _made.Clear();
        _at = e.At;
        _log.On(e);
        return [.. _made];
    }

    public void Emit(LogEvent logEvent)
    {
        using var text = new StringWriter();
        JsonLineFormatter.Format(logEvent, _at, text);
        var utf8 = Encoding.UTF8.GetBytes(text.ToString());
        if (JsonLogLine.Parse(utf8.AsSpan(0, utf8.Length - 1)) is { } line && _wanted.Matches(line))
            _made.Add(utf8);
    }
}
