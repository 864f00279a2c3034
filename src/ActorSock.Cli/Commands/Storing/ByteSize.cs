using System.Globalization;

namespace ActorSock.Cli.Commands.Storing;

/// <summary>Writes sizes and times for people.</summary>
internal static class ByteSize
{
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>Such as <c>3.4 MiB</c>.</summary>
    public static string Of(double bytes)
    {
        var unit = 0;
        for (; bytes >= 1024 && unit < s_units.Length - 1; unit++) bytes /= 1024;
        var format = unit == 0 || bytes >= 99.95 ? "0" : "0.0";
        return string.Create(CultureInfo.InvariantCulture, $"{bytes.ToString(format, CultureInfo.InvariantCulture)} {s_units[unit]}");
    }

    /// <summary>Such as <c>1:02:03</c> or <c>0:07</c>.</summary>
    public static string Of(TimeSpan time) => string.Create(CultureInfo.InvariantCulture,
        $"{(time.TotalHours >= 1 ? $"{(long)time.TotalHours}:{time.Minutes:00}" : $"{time.Minutes}")}:{time.Seconds:00}");
}
