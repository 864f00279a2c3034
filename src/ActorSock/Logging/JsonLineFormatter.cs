using System.Globalization;
using Serilog.Formatting;
using Serilog.Formatting.Json;
using LogEvent = Serilog.Events.LogEvent;

namespace ActorSock.Logging;

/// <summary>
/// Writes each line of the log as one line of JSON: <c>time</c> (UTC), <c>level</c>, <c>message</c>, the properties under their
/// names (<c>connection</c>, <c>peer</c>, <c>file</c>, ...), and <c>exception</c> where there is one. In <c>serilog.json</c> it is
/// the <c>formatter</c> of a sink; <c>actorsock logs</c> reads it.
/// </summary>
/// <remarks>A property that bears the name of one of the four has an underscore in front of it.</remarks>
public sealed class JsonLineFormatter : ITextFormatter
{
    private const string TimeKey = "time", LevelKey = "level", MessageKey = "message", ExceptionKey = "exception";

    private static readonly JsonValueFormatter s_values = new(typeTagName: null);

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(logEvent);
        ArgumentNullException.ThrowIfNull(output);
        Format(logEvent, logEvent.Timestamp, output);
    }

    /// <summary>The same as of another time than that of the writing.</summary>
    internal static void Format(LogEvent logEvent, DateTimeOffset at, TextWriter output)
    {
        output.Write($"{{\"{TimeKey}\":\"");
        output.Write(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        output.Write($"\",\"{LevelKey}\":\"");
        output.Write(logEvent.Level.ToString().ToLowerInvariant());
        output.Write($"\",\"{MessageKey}\":");
        JsonValueFormatter.WriteQuotedJsonString(logEvent.RenderMessage(CultureInfo.InvariantCulture), output);
        foreach (var (name, value) in logEvent.Properties)
        {
            output.Write(',');
            JsonValueFormatter.WriteQuotedJsonString(KeyOf(name), output);
            output.Write(':');
            s_values.Format(value, output);
        }
        if (logEvent.Exception is { } exception)
        {
            output.Write($",\"{ExceptionKey}\":");
            JsonValueFormatter.WriteQuotedJsonString(exception.ToString(), output);
        }
        output.Write("}\n");
    }

    private static string KeyOf(string property) => char.ToLowerInvariant(property[0]) + property[1..] is var key
        && key is TimeKey or LevelKey or MessageKey or ExceptionKey ? "_" + key : key;
}
