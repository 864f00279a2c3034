using System.Globalization;
using Serilog.Events;

namespace ActorSock.Logging;

/// <summary>A duration in a line of the log: for programs as any other, for people as they would say it.</summary>
internal sealed class DurationValue(TimeSpan span) : ScalarValue(span)
{
    public override void Render(TextWriter output, string? format = null, IFormatProvider? formatProvider = null) => output.Write(Said(span));

    /// <summary>Such as <c>20 ms</c>, <c>1.25 s</c>, <c>5 min</c> or <c>2 h 4 min</c>.</summary>
    public static string Said(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0.###} ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s"),
        { TotalHours: < 1 } => $"{span.Minutes} min{And(span.Seconds, "s")}",
        _ => $"{(long)span.TotalHours} h{And(span.Minutes, "min")}",
    };

    private static string And(int count, string unit) => count == 0 ? "" : $" {count} {unit}";
}
