using System.Globalization;
using System.Text.RegularExpressions;
using Serilog.Events;

namespace ActorSock.Logging;

/// <summary>Reads a line of the log that is text, as sinks write it with the template
/// <c>{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} {Level:u3} {Message:l}{NewLine}{Exception}</c>.</summary>
/// <remarks>
/// In text, only what stands in front of anything that a peer chose can be told for sure: connection and peer, and where the name
/// of a stored file begins and ends. Of a refused one the end is a guess when it has quotes in it, and a command that was refused
/// can be made to look like one. JSON has no such doubts.
/// </remarks>
internal static partial class TextLogLine
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss.fff zzz";
    private const int TimeLength = 30, HeadLength = TimeLength + 5;

    public static LogLine? Parse(string line)
    {
        if (line.Length < HeadLength || line[TimeLength] != ' ' || line[HeadLength - 1] != ' '
            || LevelOf(line.AsSpan(TimeLength + 1, 3)) is not { } level
            || !DateTimeOffset.TryParseExact(line.AsSpan(0, TimeLength), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return null;
        var message = line[HeadLength..];
        var subject = Subject().Match(message);
        return new LogLine
        {
            Time = time,
            Level = level,
            Message = message,
            Connection = subject.Success ? subject.Groups["connection"].Value : ConnectionAt(message),
            Peer = subject.Success ? subject.Groups["peer"].Value : null,
            File = subject.Success ? FileOf(message[subject.Length..]) : null,
        };
    }

    /// <summary>Whether a line goes on with the one before: exceptions are written with blanks in front.</summary>
    public static bool GoesOn(ReadOnlySpan<byte> utf8) => utf8 is [(byte)' ' or (byte)'\t', ..];

    private static LogEventLevel? LevelOf(ReadOnlySpan<char> three) => three switch
    {
        "VRB" => LogEventLevel.Verbose,
        "DBG" => LogEventLevel.Debug,
        "INF" => LogEventLevel.Information,
        "WRN" => LogEventLevel.Warning,
        "ERR" => LogEventLevel.Error,
        "FTL" => LogEventLevel.Fatal,
        _ => null,
    };

    /// <summary>"/user/server/connections/c-000042/writer-3 failed and ...", "engine, /user/...: ..."</summary>
    private static string? ConnectionAt(string message)
    {
        var path = Path().Match(message);
        return path.Success ? JsonLogLine.ConnectionIn(path.Groups[1].Value) : null;
    }

    private static string? FileOf(string said)
    {
        var match = said.StartsWith(" refused", StringComparison.Ordinal) ? RefusedFile().Match(said) : StoredFile().Match(said);
        return match.Success ? match.Groups[1].Value : null;
    }

    [GeneratedRegex("^(?<connection>c-[0-9]{6,})(?: writer-[0-9]+)? (?:of|opened by) (?<peer>[^ ]+)")]
    private static partial Regex Subject();

    [GeneratedRegex("^(?:engine, )?(/user/[^ :]+)")]
    private static partial Regex Path();

    [GeneratedRegex("^ (?:stored|begins) \"(.*)\": [0-9]+ bytes, (?:md5 [0-9a-f]{32} in [0-9][0-9:.a-z ]*|dialect [^\"]+)$")]
    private static partial Regex StoredFile();

    [GeneratedRegex("^ refused \"(.*?)\" after [0-9]+ bytes: [0-9]{3} [A-Za-z]+: ")]
    private static partial Regex RefusedFile();
}
