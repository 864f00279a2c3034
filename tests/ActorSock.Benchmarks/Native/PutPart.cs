using ActorSock.Benchmarks.Uploads;
using ActorSock.Client.Native;
using ActorSock.Wire;

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
            NodeSender.RunAsync(node.Address, folder, filesAtOnce, options: null, known: null, bench.Interrupted));
        var inPlace = NewRival($"NodeClient, {filesAtOnce} files at once, read in place", flat, () =>
            NodeSender.RunAsync(node.Address, folder, filesAtOnce, new NodeOptions { ReadsInPlace = true }, known: null, bench.Interrupted));
        // What tutorial's clients are told, too, and off the clock.
        var told = NewRival($"NodeClient, {filesAtOnce} files at once, digests known", flat, () =>
            NodeSender.RunAsync(node.Address, folder, filesAtOnce, options: null, Known, bench.Interrupted));
        var put = NewRival("`actorsock put`, start included", inFolder, () =>
            Task.FromResult(program.Run(bench.ActorSock, "put", folder.Path, "--to", node.Address)));
        // Small files are read in one piece.
        Rival[] rivals = work.CountsFiles ? [tutorial, native, told, put] : [tutorial, native, inPlace, told, put];
        await bench.TakeTurnsAsync(part, work.WarmRounds, rivals);

        NativeTable.PrintRates($"Put {work.Title}", rivals);
        Console.WriteLine($"\nPeak resident memory of the node: {node.PeakMiB:0} MiB.");

        Md5Digest Known(int file) => Md5Digest.TryParse(sources.Digits(file), out var digest) ? digest : throw new FormatException();

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
