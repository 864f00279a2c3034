using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Serilog.Events;

namespace ActorSock.Logging;

/// <summary>One line of a node's log, as <see cref="LogFilter"/> looks at it: from a file of JSON or of text, or from a running
/// node.</summary>
/// <remarks>Its texts may come from anywhere: whoever shows them escapes them.</remarks>
public sealed record LogLine
{
    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string? _json;

    /// <summary>When it was written; null where the line does not say.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>How much it matters; null where the line does not say.</summary>
    public LogEventLevel? Level { get; init; }

    /// <summary>What it says; the whole line where its form is not known.</summary>
    public string Message { get; init; } = "";

    /// <summary>The exception that it tells of, most often of several lines; null without one.</summary>
    public string? Exception { get; init; }

    /// <summary>The connection that it is about, such as <c>c-000042</c>; null where it is about none.</summary>
    public string? Connection { get; init; }

    /// <summary>The peer that it is about, such as <c>tcp://192.0.2.7:5000</c>; null where it is about none.</summary>
    public string? Peer { get; init; }

    /// <summary>The name of the uploaded file that it is about; null where it is about none.</summary>
    public string? File { get; init; }

    /// <summary>The line as JSON: as it was where it came so, else what is known of it under the same keys.</summary>
    public string Json
    {
        get => _json ??= Written();
        init => _json = value;
    }

    private string Written()
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, s_readable))
        {
            writer.WriteStartObject();
            if (Time is { } time)
                writer.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            Write(writer, "level", Level?.ToString().ToLowerInvariant());
            Write(writer, "message", Message);
            Write(writer, "connection", Connection);
            Write(writer, "peer", Peer);
            Write(writer, "file", File);
            Write(writer, "exception", Exception);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, string key, string? value)
    {
        if (value is not null)
            writer.WriteString(key, value);
    }
}
