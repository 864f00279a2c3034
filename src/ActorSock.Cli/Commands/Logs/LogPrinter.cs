using System.Globalization;
using ActorSock.Logging;
using ActorSock.Wire;
using Serilog.Events;

namespace ActorSock.Cli.Commands.Logs;

/// <summary>Makes a line of the log what a person sees, or a program reads.</summary>
/// <param name="isJson">the line as JSON</param>
/// <param name="isOnTerminal">whether control characters would be obeyed</param>
/// <param name="hasColours">whether colours tell what is important</param>
/// <param name="zone">where the person is</param>
internal sealed class LogPrinter(bool isJson, bool isOnTerminal, bool hasColours, TimeZoneInfo zone)
{
    private const string Plain = "\e[0m", Dim = "\e[2m", Yellow = "\e[33m", Red = "\e[31m", WhiteOnRed = "\e[97;41m";

    /// <summary>The line, without its last end: a line for each of an exception's comes behind it.</summary>
    public string Shown(LogLine line)
    {
        if (isJson)
            return isOnTerminal ? Escaping.Printable(line.Json) : line.Json;
        var message = Escaping.Printable(line.Message);
        if (line.Time is { } at)
        {
            var time = TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture);
            message = $"{Coloured(time, Dim)} {Coloured(Short(line.Level), ColourOf(line.Level))} {message}";
        }
        return line.Exception is { } exception ? $"{message}\n{Indented(exception)}" : message;
    }

    private static string Indented(string exception) => string.Join('\n', exception.Split('\n')
        .Select(line => $"    {Escaping.Printable(line.Trim('\r').TrimStart(' '))}"));

    private string Coloured(string text, string colour) => hasColours && colour.Length > 0 ? colour + text + Plain : text;

    private static string Short(LogEventLevel? level) => level switch
    {
        LogEventLevel.Verbose => "VRB",
        LogEventLevel.Debug => "DBG",
        LogEventLevel.Information => "INF",
        LogEventLevel.Warning => "WRN",
        LogEventLevel.Error => "ERR",
        LogEventLevel.Fatal => "FTL",
        _ => "   ",
    };

    private static string ColourOf(LogEventLevel? level) => level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => Dim,
        LogEventLevel.Warning => Yellow,
        LogEventLevel.Error => Red,
        LogEventLevel.Fatal => WhiteOnRed,
        _ => "",
    };
}
