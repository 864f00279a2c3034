using System.Security.Cryptography;

namespace ActorSock.Benchmarks.Uploads;

/// <summary>Our node and the yardstick by turns, in one run: 8 clients, 2 files each.</summary>
internal static class UploadRuns
{
    private const int Clients = 8, Files = 2, Rounds = 5;

    public static Task<int> Run(string[] args)
    {
        var mib = args is [var size, ..] ? int.Parse(size) : 128;
        var body = RandomNumberGenerator.GetBytes(mib << 20);
        var total = (double)body.Length * Clients * Files;
        Console.WriteLine($"{Clients} clients x {Files} x {mib} MiB, durable and verified; {Rounds} rounds by turns after a warm one");
        var scratch = Directory.CreateTempSubdirectory("as-bench-").FullName;
        try
        {
            using var plain = ServerProcess.Plain(Path.Combine(scratch, "plain"));
            using var node = ServerProcess.Node(Path.Combine(scratch, "node"));
            var (ours, theirs) = (new List<Round>(), new List<Round>());
            for (var round = -1; round < Rounds; round++)
            {
                var (a, b) = (Measure(plain, body, total), Measure(node, body, total));
                Console.WriteLine($"{(round < 0 ? "warm" : $"{round + 1}")}: yardstick {a.Rate:0} MB/s, node {b.Rate:0} MB/s, ratio {b.Rate / a.Rate:0.00}");
                if (round < 0)
                    continue;
                theirs.Add(a);
                ours.Add(b);
            }
            Print("yardstick", theirs, plain);
            Print("node", ours, node);
            Console.WriteLine($"ratio of medians {Median(ours, r => r.Rate) / Median(theirs, r => r.Rate):0.00}");
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
        return Task.FromResult(0);
    }

    private sealed record Round(double Rate, double CpuPerGB);

    private static Round Measure(ServerProcess server, byte[] body, double total)
    {
        var cpu = server.Cpu;
        var seconds = LoadClient.Run(server.Port, Clients, Files, body);
        return new Round(total / 1e6 / seconds, (server.Cpu - cpu).TotalSeconds / (total / 1e9));
    }

    private static double Median(List<Round> rounds, Func<Round, double> of) => rounds.Select(of).Order().ElementAt(rounds.Count / 2);

    private static void Print(string who, List<Round> rounds, ServerProcess server) => Console.WriteLine(
        $"{who,-10} {Median(rounds, r => r.Rate),6:0} MB/s ({rounds.Min(r => r.Rate):0}-{rounds.Max(r => r.Rate):0}), "
        + $"{Median(rounds, r => r.CpuPerGB):0.00} CPU s/GB, peak {server.ResidentPeak / 1048576.0:0} MiB");
}
