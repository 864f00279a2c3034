using ActorSock.Benchmarks.Uploads;

namespace ActorSock.Benchmarks.Native;

/// <summary>What rivals have reached, as markdown: the first is what the others are measured by.</summary>
internal static class NativeTable
{
    /// <summary>With rates, and CPU by files or bytes.</summary>
    public static void PrintRates(string title, params Rival[] rivals)
    {
        var (unit, cpu) = (rivals[0].Work.RateUnit, rivals[0].Work.CpuUnit);
        Head(title, unit, $"of {rivals[0].Name}", $"client {cpu}", "ratio", $"server {cpu}", "client's peak MiB");
        var format = rivals[0].Work.CountsFiles ? "0.000" : "0.00";
        foreach (var who in rivals)
        {
            Row(who.Name, Rates(who).Spread(), Ratio(Rates(who), Rates(rivals[0])),
                Cpu(who).Spread(format), Ratio(Cpu(who), Cpu(rivals[0])),
                who.Turns.ConvertAll(t => who.Work.CpuShare(TimeSpan.FromSeconds(t.ServerCpu))).Spread(format), Peak(who));
        }
    }

    /// <summary>With seconds, for work that is no matter of rates.</summary>
    public static void PrintSeconds(string title, params Rival[] rivals)
    {
        Head(title, "s", $"of {rivals[0].Name}", "client CPU s", "ratio", "server CPU s", "client's peak MiB");
        foreach (var who in rivals)
        {
            Row(who.Name, Seconds(who).Spread("0.000"), Ratio(Seconds(who), Seconds(rivals[0])),
                ClientCpu(who).Spread("0.00"), Ratio(ClientCpu(who), ClientCpu(rivals[0])),
                who.Turns.ConvertAll(t => t.ServerCpu).Spread("0.00"), Peak(who));
        }
    }

    /// <summary>The ratio of median rates.</summary>
    public static double RateOf(this Rival who, Rival other) => Rates(who).Median() / Rates(other).Median();

    public static void PrintTarget(string what, string reached, bool isMet) =>
        Console.WriteLine($"\nTarget: {what}. Reached: {reached}, {(isMet ? "met" : "not met")}.");

    private static void Head(string title, params string[] columns)
    {
        Console.WriteLine($"\n### {title}\n");
        Row("", columns);
        Console.WriteLine($"|---|{string.Concat(columns.Select(_ => "--:|"))}");
    }

    private static void Row(string name, params string[] cells) =>
        Console.WriteLine($"| {name} | {string.Join(" | ", cells)} |");

    private static List<double> Rates(Rival who) => who.Turns.ConvertAll(t => who.Work.Rate(t.Seconds));

    private static List<double> Cpu(Rival who) =>
        who.Turns.ConvertAll(t => who.Work.CpuShare(TimeSpan.FromSeconds(t.ClientCpu)));

    private static List<double> Seconds(Rival who) => who.Turns.ConvertAll(t => t.Seconds);

    private static List<double> ClientCpu(Rival who) => who.Turns.ConvertAll(t => t.ClientCpu);

    private static string Ratio(List<double> its, List<double> others) => $"{its.Median() / others.Median():0.00}";

    private static string Peak(Rival who) =>
        who.Turns.Select(t => t.PeakMiB).OfType<double>().ToList() is { Count: > 0 } peaks ? peaks.Spread("0") : "";
}
