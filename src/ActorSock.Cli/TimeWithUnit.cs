using System.Globalization;
using ActorSock.Hocon;

namespace ActorSock.Cli;

/// <summary>Reads a time of the command line, such as <c>500us</c>, <c>50ms</c> or <c>5s</c>.</summary>
internal static class TimeWithUnit
{
    /// <summary>The time; null when it is none, or a number alone: settings take that for milliseconds, and a person means seconds.</summary>
    public static TimeSpan? Of(string? text) =>
        !double.TryParse(text, CultureInfo.InvariantCulture, out _) && HoconConversions.TryParseDuration(text, out var time) ? time : null;
}
