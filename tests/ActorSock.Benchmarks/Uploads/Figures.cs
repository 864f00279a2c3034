namespace ActorSock.Benchmarks.Uploads;

/// <summary>Several measurements of one thing, as people want to read them.</summary>
internal static class Figures
{
    public static double Median(this IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The value that a share of all do not pass.</summary>
    public static TimeSpan Percentile(this IReadOnlyList<TimeSpan> sorted, double share) =>
        sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];

    /// <summary>Median (least–most).</summary>
    public static string Spread(this IReadOnlyCollection<double> figures, string format = "N0") =>
        $"{figures.Median().ToString(format)} ({figures.Min().ToString(format)}–{figures.Max().ToString(format)})";
}
