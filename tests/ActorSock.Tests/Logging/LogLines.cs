using System.Text;
using ActorSock.Events;
using ActorSock.Logging;
using ActorSock.Settings;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using LogEvent = Serilog.Events.LogEvent;
using Serilog.Formatting.Display;

namespace ActorSock.Tests.Logging;

/// <summary>What an event becomes in the log: as the sinks get it, and as text.</summary>
internal sealed class LogLines : ILogEventSink
{
    private readonly List<LogEvent> events = [];
    private readonly StringBuilder text = new();
    private readonly MessageTemplateTextFormatter formatter =
        new("{Level:u3} {Message:l}{NewLine}{Exception}");

    public static LogLines Of(ServerEvent e)
    {
        var lines = new LogLines();
        using var logger = Logger(lines);
        using var log = new EventLog(logger, new LoggingSettings { Serilog = null, StoredLinesMax = 100, RefusedLinesMax = 100 }, TimeProvider.System);
        log.On(e);
        return lines;
    }

    public static Logger Logger(ILogEventSink sink) => new LoggerConfiguration()
        .MinimumLevel.Verbose().Enrich.With(new PrintableEnricher()).WriteTo.Sink(sink).CreateLogger();

    public LogEvent Single => events.ShouldHaveSingleItem();

    public string Text => text.Replace("\r\n", "\n").ToString();

    public object? this[string property] =>
        Single.Properties.TryGetValue(property, out var value) ? ((ScalarValue)value).Value : null;

    public void Emit(LogEvent logEvent)
    {
        events.Add(logEvent);
        using var writer = new StringWriter(text);
        formatter.Format(logEvent, writer);
    }
}
