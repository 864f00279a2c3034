using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Serilog.Events;

namespace ActorSock.Logging;

/// <summary>Reads a line of the log that is JSON: as <see cref="JsonLineFormatter"/> writes it, or Serilog's own
/// <c>JsonFormatter</c>.</summary>
public static partial class JsonLogLine
{
    /// <summary>The line; null when it is no JSON, or says nothing.</summary>
    /// <param name="utf8">the line without its end</param>
    public static LogLine? Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8 is not [(byte)'{', ..])
            return null;
        var reader = new Utf8JsonReader(utf8);
        var fields = new Fields();
        try
        {
            while (reader.Read())
                if (reader.TokenType == JsonTokenType.PropertyName)
                    Take(ref reader, ref fields);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // the second where a string is no text
        }
        return (fields.Message ?? fields.Template) is not { } message ? null : new LogLine
        {
            Time = fields.Time,
            Level = fields.Level,
            Message = message,
            Exception = fields.Exception,
            Connection = fields.Connection ?? ConnectionIn(fields.Place),
            Peer = fields.Peer,
            File = fields.File,
            Json = Encoding.UTF8.GetString(utf8),
        };
    }

    /// <summary>The connection whose part of the tree a path leads to, or who holds something.</summary>
    internal static string? ConnectionIn(string? place) =>
        place is not null && Place().Match(place) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("(?:^|/)(?:challenge-|turned-away-)?(c-[0-9]{6,})(?:/|$)")]
    private static partial Regex Place();

    private static void Take(ref Utf8JsonReader reader, ref Fields fields)
    {
        var isOfLine = reader.CurrentDepth == 1;
        var key = reader.ValueSpan;
        if (key.Length > "RenderedMessage".Length)
        {
            reader.Read();
            reader.Skip();
            return;
        }
        Span<byte> name = stackalloc byte[16];
        key.CopyTo(name);
        name = name[..key.Length];
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject && name.SequenceEqual("Properties"u8))
            return; // the next key is in it
        if (reader.TokenType != JsonTokenType.String)
            reader.Skip();
        else if (isOfLine && name.SequenceEqual("message"u8) || name.SequenceEqual("RenderedMessage"u8))
            fields.Message = reader.GetString();
        else if (name.SequenceEqual("MessageTemplate"u8))
            fields.Template = reader.GetString();
        else if (isOfLine && (name.SequenceEqual("time"u8) || name.SequenceEqual("Timestamp"u8)))
            fields.Time = reader.TryGetDateTimeOffset(out var time) ? time : null;
        else if (isOfLine && (name.SequenceEqual("level"u8) || name.SequenceEqual("Level"u8)))
            fields.Level = Enum.TryParse<LogEventLevel>(reader.GetString(), ignoreCase: true, out var level) ? level : null;
        else if (isOfLine && (name.SequenceEqual("exception"u8) || name.SequenceEqual("Exception"u8)))
            fields.Exception = reader.GetString();
        else if (name.SequenceEqual("connection"u8) || name.SequenceEqual("Connection"u8))
            fields.Connection = reader.GetString();
        else if (name.SequenceEqual("peer"u8) || name.SequenceEqual("Peer"u8))
            fields.Peer = reader.GetString();
        else if (name.SequenceEqual("file"u8) || name.SequenceEqual("File"u8))
            fields.File = reader.GetString();
        else if (name.SequenceEqual("path"u8) || name.SequenceEqual("Path"u8) || name.SequenceEqual("holder"u8) || name.SequenceEqual("Holder"u8))
            fields.Place = reader.GetString();
    }

    private struct Fields
    {
        public DateTimeOffset? Time;
        public LogEventLevel? Level;
        public string? Message, Template, Exception, Connection, Peer, File, Place;
    }
}
