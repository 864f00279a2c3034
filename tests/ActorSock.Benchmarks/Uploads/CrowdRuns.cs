using System.Net.Sockets;

namespace ActorSock.Benchmarks.Uploads;

/// <summary>Many clients: a thousand that send at once, ten thousand that only stay connected.</summary>
internal static class CrowdRuns
{
    private const int Idlers = 10_000;

    public static async Task<int> Run(UploadOptions options)
    {
        var many = options with { Scenarios = [.. Scenario.All.Where(s => s.Name == "many")] };
        if (UploadRuns.Run(many) is not 0 and var code)
            return code;
        using var scratch = new Scratch(options.Folder);
        using var node = ServerProcess.Node(scratch.Folder("idle"), options);
        await Idle(node);
        return 0;
    }

    private static async Task Idle(ServerProcess node)
    {
        using var sources = new SourceFiles(4096);
        LoadClient.Run(node.Port, 4, 50, sources); // warm: code compiled, pools filled
        var before = node.Resident;
        var sockets = new List<Socket>(Idlers);
        for (var i = 0; i < Idlers; i++)
            sockets.Add(LoadClient.Connect(node.Port));
        // The last of them sends a file: when its verdict is here, every one before it has been accepted.
        LoadClient.Run(node.Port, 1, 1, sources);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var after = node.Resident;
        Console.WriteLine($"{Idlers} idle connections: {(after - before) / 1024.0 / Idlers:0.0} KiB each "
            + $"({before / 1048576.0:0} to {after / 1048576.0:0} MiB)");
        sockets.ForEach(s => s.Dispose());
    }
}
