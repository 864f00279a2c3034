namespace ActorSock.Cli.Commands.Loading;

/// <summary>Writes durations, sizes and rates so that a person can compare them at a glance.</summary>
internal static class Shown
{
    public static string Of(TimeSpan time) => time.TotalMilliseconds switch
    {
        < 1 => $"{time.TotalMicroseconds:0} us",
        < 10 => $"{time.TotalMilliseconds:0.00} ms",
        < 1000 => $"{time.TotalMilliseconds:0.0} ms",
        < 60_000 => $"{time.TotalSeconds:0.0} s",
        _ => $"{(int)time.TotalMinutes} min {time.Seconds} s",
    };

    public static string Size(double bytes) => bytes switch
    {
        < 10_000 => $"{bytes:0} B",
        < 10_000_000 => $"{bytes / 1e3:0} kB",
        < 10_000_000_000 => $"{bytes / 1e6:0} MB",
        _ => $"{bytes / 1e9:0.0} GB",
    };

    public static string Rate(double bytesPerSecond) => Size(bytesPerSecond) + "/s";
}
