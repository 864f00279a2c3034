using System.Text.Json;
using ActorSock.Benchmarks.Uploads;

namespace ActorSock.Benchmarks.Native;

/// <summary>A folder that is the same on both sides: how long it takes to find that out.</summary>
internal static class SyncPart
{
    private const string Part = "sync", Prefix = "tree";

    private static readonly Scenario s_work = new(Part, SmallTree.Folders, SmallTree.FilesOfFolder, SmallTree.FileBytes);

    public static async Task RunAsync(Bench bench)
    {
        using var tree = new SmallTree();
        using var node = bench.Node(Part);
        using var daemon = RsyncDaemon.Program is null ? null : new RsyncDaemon(bench);
        var client = bench.Client(Part);
        var copies = new List<string> { Path.Combine(node.Root, Prefix) };

        var sync = new Rival("`actorsock sync`", s_work, () => node.Process.Cpu, () => Task.FromResult(Sync(sends: false)));
        List<Rival> rivals = [sync];
        Sent? others = null;
        // First: a file that has just been made is not remembered by sync, since it might be written again unseen.
        if (daemon is not null)
        {
            var rsync = new Rival("`rsync -a`", s_work, () => daemon.Cpu, () => Task.FromResult(Rsync()));
            rivals.Insert(0, rsync);
            copies.Add(daemon.Folder);
            others = Rsync();
        }
        var first = Sync(sends: true);
        copies.ForEach(tree.Check);
        await bench.TakeTurnsAsync(Part, s_work.WarmRounds, [.. rivals]);
        copies.ForEach(tree.Check);

        NativeTable.PrintSeconds($"Sync: {SmallTree.Folders} × {SmallTree.FilesOfFolder:N0} × 1 KiB, nothing changed", [.. rivals]);
        var (wall, cpu) = (first.Wall.TotalSeconds, first.Process!.Cpu.TotalSeconds);
        Console.WriteLine($"\nThe first run, which sent everything: {wall:0.0} s, client CPU {cpu:0.0} s{(others is null
            ? ". rsync is not installed: there is no comparison"
            : $"; `rsync -a` {others.Wall.TotalSeconds:0.0} s, client CPU {others.Process!.Cpu.TotalSeconds:0.0} s")}. "
            + $"Peak resident memory of the node: {node.PeakMiB:0} MiB.");

        Sent Sync(bool sends)
        {
            var sent = client.Run(bench.ActorSock, "sync", tree.Path, Prefix, "--to", node.Address, "--json");
            using var report = JsonDocument.Parse(File.ReadLines(client.Output).Last());
            var wanted = sends ? "sent" : "unchanged";
            // Nothing but that: with nothing sent the node took no body.
            foreach (var outcome in (string[])["sent", "unchanged", "deleted", "skipped", "failed"])
            {
                var expected = outcome == wanted ? s_work.FileCount : 0;
                if (report.RootElement.GetProperty(outcome).GetInt32() is var count && count != expected)
                    throw new InvalidDataException($"sync says {count} {outcome}, expected {expected}");
            }
            return sent;
        }

        Sent Rsync() => client.Run(RsyncDaemon.Program!, "-a", tree.Path + "/", daemon!.Url);
    }
}
