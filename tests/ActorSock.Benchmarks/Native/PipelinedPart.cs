using ActorSock.Benchmarks.Uploads;
using ActorSock.Client.Native;

namespace ActorSock.Benchmarks.Native;

/// <summary>One connection over a network that is far: two round trips for each file, or many files in each.</summary>
internal static class PipelinedPart
{
    private const int FilesAtOnce = 256, Pings = 200;
    private const double RatioMin = 10;

    private static readonly Scenario s_tutorial = new("pipelined", 1, 1_000, 4096), s_native = s_tutorial with { Files = 8_000 };

    public static async Task RunAsync(Bench bench)
    {
        foreach (var milliseconds in (double[])[0.5, 1])
            await RunAsync(bench, milliseconds);
    }

    private static async Task RunAsync(Bench bench, double milliseconds)
    {
        var part = $"pipelined, {2 * milliseconds} ms";
        using var sources = new SourceFiles(s_native.FileBytes);
        using var folder = new SourceFolder(s_native, sources);
        using var node = bench.Node($"pipelined-{2 * milliseconds}");
        using var relay = new Relay(node.Port, TimeSpan.FromMilliseconds(milliseconds));
        var (address, stored) = ($"127.0.0.1:{relay.Port}", node.Stored());
        // More than the one that small files share are not needed, and it would be seen if there were.
        var options = new NodeOptions { ConnectionsMax = 2 };

        var tutorial = NewRival("tutorial", s_tutorial, () =>
            Task.FromResult(new Sent(LoadClient.Run(relay.Port, 1, s_tutorial.Files, sources).Wall)));
        var native = NewRival("native", s_native, () =>
            NodeSender.RunAsync(address, folder, FilesAtOnce, options, known: null, bench.Interrupted));
        await bench.TakeTurnsAsync(part, s_native.WarmRounds, tutorial, native);
        var ping = await PingAsync(address, bench.Interrupted);

        NativeTable.PrintRates($"Pipelined: 1 connection, 4 KiB files, {2 * milliseconds} ms of round trip added", tutorial, native);
        Console.WriteLine($"\nA ping of the native protocol took {ping:0.00} ms. Peak resident memory of the node: {node.PeakMiB:0} MiB.");
        NativeTable.PrintTarget($"native at least {RatioMin:0} × tutorial, files a second",
            $"{native.RateOf(tutorial):0.0}", native.RateOf(tutorial) >= RatioMin);

        Rival NewRival(string name, Scenario work, Func<Task<Sent>> send) =>
            new(name, work, () => node.Process.Cpu, () => OverOneConnectionAsync(relay, send))
            {
                NotMine = () => relay.Cpu,
                Check = () =>
                {
                    stored.Check(work, sources);
                    stored.PutAway();
                },
            };
    }

    private static async Task<Sent> OverOneConnectionAsync(Relay relay, Func<Task<Sent>> send)
    {
        var before = relay.Accepted;
        var sent = await send();
        relay.Settle();
        return relay.Accepted - before is not 1 and var count
            ? throw new InvalidDataException($"{count} connections were opened, expected 1")
            : sent;
    }

    /// <returns>Median, in milliseconds.</returns>
    private static async Task<double> PingAsync(string address, CancellationToken interrupted)
    {
        await using var client = new NodeClient(address);
        var took = new List<double>(Pings);
        for (var i = 0; i < Pings; i++)
            took.Add((await client.PingAsync(interrupted)).TotalMilliseconds);
        return took.Median();
    }
}
