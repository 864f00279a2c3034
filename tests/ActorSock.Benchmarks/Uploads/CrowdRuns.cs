using System.Net.Sockets;
using System.Security.Cryptography;

namespace ActorSock.Benchmarks.Uploads;

/// <summary>Many clients: a thousand that send at once, ten thousand that only stay connected.</summary>
internal static class CrowdRuns
{
    private const int Senders = 1000, Idlers = 10_000;

    public static async Task<int> Run()
    {
        var scratch = Directory.CreateTempSubdirectory("as-bench-").FullName;
        try
        {
            using (var node = ServerProcess.Node(Path.Combine(scratch, "crowd")))
            {
                var body = RandomNumberGenerator.GetBytes(1 << 20);
                var seconds = LoadClient.Run(node.Port, Senders, 1, body);
                Console.WriteLine($"{Senders} clients x 1 MiB at once: all verified in {seconds:0.0} s, {Senders * 1.048576 / seconds:0} MB/s, "
                    + $"peak {node.ResidentPeak / 1048576.0:0} MiB");
            }
            using (var node = ServerProcess.Node(Path.Combine(scratch, "idle")))
                await Idle(node);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
        return 0;
    }

    private static async Task Idle(ServerProcess node)
    {
        LoadClient.Run(node.Port, 4, 50, new byte[4096]); // warm: code compiled, pools filled
        var before = node.Resident;
        var sockets = new List<Socket>(Idlers);
        for (var i = 0; i < Idlers; i++)
            sockets.Add(LoadClient.Connect(node.Port));
        // The last of them sends a file: when its verdict is here, every one before it has been accepted.
        LoadClient.Run(node.Port, 1, 1, new byte[1]);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var after = node.Resident;
        Console.WriteLine($"{Idlers} idle connections: {(after - before) / 1024.0 / Idlers:0.0} KiB each ({before / 1048576.0:0} to {after / 1048576.0:0} MiB)");
        sockets.ForEach(s => s.Dispose());
    }
}
