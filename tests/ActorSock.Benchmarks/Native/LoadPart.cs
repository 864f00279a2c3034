using ActorSock.Benchmarks.Uploads;
using ActorSock.Load;

namespace ActorSock.Benchmarks.Native;

/// <summary>What <c>actorsock load</c> measures with the traffic of our own client, and what it costs.</summary>
internal static class LoadPart
{
    private static readonly Scenario s_crowd = new("crowd", 10_000, 3, 4096);

    // As a load test lasts: the first half of a second, in which the runtime compiles, is all that the small one has.
    private static readonly Scenario s_long = new("long", 16, 4000, 4096);

    /// <summary>What is in the way of so many connections; null when nothing is.</summary>
    /// <remarks>The node needs a descriptor for each of them, and one for each file that it is writing.</remarks>
    public static string? InTheWay =>
        2 * s_crowd.Clients is var needed && Descriptors.Limit() is { } limit && limit < needed
            ? $"load needs {needed} descriptors, and a process may have {limit} here: raise the limit (ulimit -n), or leave load out"
            : null;

    public static async Task RunAsync(Bench bench)
    {
        foreach (var name in (string[])["small", "large"])
            await RunAsync(bench, bench.Options.Scenarios.First(s => s.Name == name));
        await RunAsync(bench, s_long);
        await RunAsync(bench, s_crowd);
    }

    private static async Task RunAsync(Bench bench, Scenario work)
    {
        var part = $"load-{work.Name}";
        using var sources = new SourceFiles(work.FileBytes);
        using var node = bench.Node(part);
        using var load = new LoadCommand(bench.Client(part), bench.ActorSock, node.Address, work);
        var stored = node.Stored();

        var tutorial = NewRival("tutorial", work, () => new Sent(LoadClient.Run(node.Port, work.Clients, work.Files, sources).Wall));
        var loading = NewRival("`actorsock load`", work, () => load.Run(node.Root, work.FileCount));
        // What a run costs before it sends anything: the rest is the price of its files.
        var alone = NewRival("the same, 1 file", work with { Clients = 1, Files = 1 }, () => load.Run(node.Root, 1));
        await bench.TakeTurnsAsync(part, work.WarmRounds, tutorial, loading, alone);

        NativeTable.PrintRates($"Load {work.Title}", tutorial, loading);
        var (all, start) = (loading.Turns.Select(t => t.ClientCpu).Median(), alone.Turns.Select(t => t.ClientCpu).Median());
        var sent = tutorial.Turns.Select(t => t.ClientCpu).Median();
        Console.WriteLine($"""

            The clients' CPU for a turn: {sent:0.00} s, and {all:0.00} s, of which a run with a single file takes {start:0.00} s.
            Without that it is {(all - start) / sent:0.00} of the tutorial client's. Peak resident memory of the node: {node.PeakMiB:0} MiB.
            """);

        Rival NewRival(string name, Scenario its, Func<Sent> send) =>
            new(name, its, () => node.Process.Cpu, () => Task.FromResult(send()))
            {
                Check = () =>
                {
                    // The files of load have been checked by its own measure.
                    if (name == "tutorial")
                        stored.Check(work, sources);
                    stored.PutAway();
                },
            };
    }
}
