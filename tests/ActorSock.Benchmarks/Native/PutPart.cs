using ActorSock.Benchmarks.Uploads;

namespace ActorSock.Benchmarks.Native;

/// <summary>The same files by threads that do nothing else, by a library in this process, and by a program that must start first.</summary>
internal static class PutPart
{
    public static Task RunSmallAsync(Bench bench) => RunAsync(bench, "put-small", "small", filesAtOnce: 64);

    public static Task RunLargeAsync(Bench bench) => RunAsync(bench, "put-large", "large", filesAtOnce: 16);

    private static async Task RunAsync(Bench bench, string part, string scenario, int filesAtOnce)
    {
        var work = bench.Options.Scenarios.First(s => s.Name == scenario);
        using var sources = new SourceFiles(work.FileBytes);
        using var folder = new SourceFolder(work, sources);
        using var node = bench.Node(part);
        var (flat, inFolder) = (node.Stored(), node.Stored(folder.Name));
        var program = bench.Client(part);

        var tutorial = NewRival("tutorial", flat, () =>
            Task.FromResult(new Sent(LoadClient.Run(node.Port, work.Clients, work.Files, sources).Wall)));
        var native = NewRival($"NodeClient, {filesAtOnce} files at once", flat, () =>
            NodeSender.RunAsync(node.Address, folder, filesAtOnce, options: null, bench.Interrupted));
        var put = NewRival("`actorsock put`, start included", inFolder, () =>
            Task.FromResult(program.Run(bench.ActorSock, "put", folder.Path, "--to", node.Address)));
        await bench.TakeTurnsAsync(part, work.WarmRounds, tutorial, native, put);

        NativeTable.PrintRates($"Put {work.Title}", tutorial, native, put);
        Console.WriteLine($"\nPeak resident memory of the node: {node.PeakMiB:0} MiB.");

        Rival NewRival(string name, StoredFiles stored, Func<Task<Sent>> send) => new(name, work, () => node.Process.Cpu, send)
        {
            Check = () =>
            {
                stored.Check(work, sources);
                stored.PutAway();
            },
        };
    }
}
