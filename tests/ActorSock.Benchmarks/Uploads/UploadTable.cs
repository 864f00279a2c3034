namespace ActorSock.Benchmarks.Uploads;

/// <summary>A scenario's figures and its targets, as markdown.</summary>
internal static class UploadTable
{
    private const double PeakMiBMax = 256;

    private static readonly double[] Percentiles = [0.5, 0.99, 1];

    private sealed record Target(string What, string Reached, bool Met);

    public static void Print(
        Scenario scenario, Contestant node, Contestant yardstick, IEnumerable<Contestant> others, Limits? limits)
    {
        string[] columns =
        [
            "", scenario.RateUnit, "of the yardstick", $"server {scenario.CpuUnit}", "client CPU s", "other CPU s",
            "peak resident MiB", "ms for a file, p50 / p99 / max",
        ];
        Console.WriteLine($"""

            ### {scenario.Title}

            |{string.Join(" | ", columns)} |
            |---|--:|--:|--:|--:|--:|--:|--:|
            """);
        foreach (var who in (Contestant[])[yardstick, .. others, node])
            Console.WriteLine(Row(who, who.Rate() / yardstick.Rate()));
        foreach (var (what, figures) in limits?.Rows ?? [])
            Console.WriteLine($"| {what} | {figures.Spread()} | {figures.Median() / yardstick.Rate():0.00} | | | | | |");
        Console.WriteLine("""

            | target | reached | |
            |---|--:|---|
            """);
        foreach (var (what, reached, met) in Targets(scenario, node, yardstick, limits))
            Console.WriteLine($"| {what} | {reached} | {(met ? "met" : "not met")} |");
    }

    private static string Row(Contestant who, double ratio)
    {
        var files = who.Turns.SelectMany(t => t.Files).Order().ToList();
        var latency = string.Join(" / ", Percentiles.Select(p => files.Percentile(p).TotalMilliseconds.ToString("N1")));
        return $"| {who.Name} | {who.Turns.ConvertAll(t => t.Rate).Spread()} | {ratio:0.00} "
            + $"| {who.Turns.ConvertAll(t => t.Cpu).Spread("0.00")} | {who.Turns.Select(t => t.ClientCpu).Median():0.00} "
            + $"| {who.Turns.Select(t => t.OtherCpu).Median():0.00} "
            + $"| {who.PeakMiB:0} | {latency} |";
    }

    private static IEnumerable<Target> Targets(Scenario scenario, Contestant node, Contestant yardstick, Limits? limits)
    {
        var ratio = node.Rate() / yardstick.Rate();
        double? wanted = scenario.Name switch { "large" => 2.5, "small" => 2.0, "alone" => 1.0, _ => null };
        if (wanted is { } least)
            yield return new($"at least {least:0.0} × the yardstick", $"{ratio:0.00}", ratio >= least);
        if (scenario.Name == "large" && limits is not null)
        {
            var (loopback, disk) = (limits.Rounds.Select(r => r.Loopback).Median(), limits.Rounds.Select(r => r.Disk).Median());
            var slower = Math.Min(loopback, disk);
            var share = node.Rate() / slower;
            yield return new("at least 60 % of the slower of loopback and disk", $"{share:0 %}", share >= 0.6);
            var cpu = node.Cpu() / yardstick.Cpu();
            yield return new("at most half the yardstick's CPU s/GB", $"{cpu:0.00}", cpu <= 0.5);
        }
        yield return new($"peak resident memory under {PeakMiBMax:0} MiB", $"{node.PeakMiB:0}", node.PeakMiB < PeakMiBMax);
    }

    private static double Rate(this Contestant who) => who.Turns.Select(t => t.Rate).Median();

    private static double Cpu(this Contestant who) => who.Turns.Select(t => t.Cpu).Median();
}
