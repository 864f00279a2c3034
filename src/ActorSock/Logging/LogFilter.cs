using System.Text.Json.Serialization;
using Serilog.Events;

namespace ActorSock.Logging;

/// <summary>Which lines of a log are wanted: those for which everything holds that is said here. A line that does not say what is
/// asked for is not wanted.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LogFilter
{
    /// <summary>Everything.</summary>
    public static LogFilter All { get; } = new();

    /// <summary>At least so important.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<LogEventLevel>))]
    public LogEventLevel? Level { get; init; }

    /// <summary>About this connection: <c>c-000042</c>.</summary>
    public string? Connection { get; init; }

    /// <summary>About a peer whose address begins so, with or without its scheme: <c>tcp://192.0.2.7</c>, <c>192.0.2.7</c>.</summary>
    public string? Peer { get; init; }

    /// <summary>About an uploaded file whose name begins so.</summary>
    public string? File { get; init; }

    /// <summary>Written then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Written then or earlier.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>With these words in what it says, or in its exception, in upper or lower case.</summary>
    public string? Text { get; init; }

    /// <summary>The names of the levels, from the least important on.</summary>
    public static IReadOnlyList<string> Levels { get; } = [.. Enum.GetNames<LogEventLevel>().Select(name => name.ToLowerInvariant())];

    /// <summary>Whether a line is wanted.</summary>
    public bool Matches(LogLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return (Level is null || line.Level >= Level)
            && (Since is null || line.Time >= Since)
            && (Until is null || line.Time <= Until)
            && (Connection is null || line.Connection == Connection)
            && (File is null || line.File?.StartsWith(File, StringComparison.Ordinal) == true)
            && (Peer is null || IsOfPeer(line.Peer, Peer))
            && (Text is null || Says(line.Message, Text) || Says(line.Exception, Text));
    }

    private static bool IsOfPeer(string? peer, string wanted)
    {
        if (peer is null)
            return false;
        var address = peer.IndexOf("://", StringComparison.Ordinal) + 3;
        return peer.StartsWith(wanted, StringComparison.Ordinal)
            || (address > 3 && peer.AsSpan(address).StartsWith(wanted, StringComparison.Ordinal));
    }

    private static bool Says(string? text, string words) => text?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;
}
