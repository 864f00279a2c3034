using System.Globalization;
using ActorSock.Benchmarks.Uploads;

namespace ActorSock.Benchmarks.Exchanges;

/// <summary>Title over TCP and UDP, 64 clients with a message in flight each, beside plain loops; then at half that load during uploads.</summary>
internal static class ExchangeRuns
{
    private const int Clients = 64;
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(2), s_warm = TimeSpan.FromSeconds(3);
    private const int UploadBytes = 1 << 30;

    /// <summary>A server, and what it gave in each round.</summary>
    private sealed class Server(string name, ServerProcess process) : IDisposable
    {
        public string Name => name;

        public ServerProcess Process => process;

        public List<(ExchangeClient.Result Result, double CpuMicroseconds)> Turns { get; } = [];

        public int Port(bool udp) => process.PortOf(udp ? "title-udp" : "title");

        public void Dispose() => process.Dispose();
    }

    public static int Run(UploadOptions options)
    {
        Console.WriteLine($"{Machine.Description}\n");
        foreach (var udp in (bool[])[false, true])
        {
            using var scratch = new Scratch(options.Folder);
            var servers = Start(scratch, options, udp);
            try
            {
                var best = FullLoad(servers, options, udp);
                HalfLoad(servers, options, udp, best / 2);
            }
            finally
            {
                servers.ForEach(server => server.Dispose());
            }
        }
        return 0;
    }

    private static List<Server> Start(Scratch scratch, UploadOptions options, bool udp)
    {
        var servers = new List<Server>
        {
            new("actorsock", ServerProcess.Node(scratch.Folder("node"), options with
            {
                Settings = [.. options.Settings, "actorsock.title.endpoint=127.0.0.1:0", "actorsock.title.udp-endpoint=127.0.0.1:0"],
            })),
            new(udp ? "loop" : "loop, threads", ServerProcess.Loop(scratch.Folder("threads"), threads: true)),
        };
        if (!udp)
            servers.Add(new("loop, async", ServerProcess.Loop(scratch.Folder("async"), threads: false)));
        return servers;
    }

    /// <summary>Gives the rate of the fastest loop.</summary>
    private static double FullLoad(List<Server> servers, UploadOptions options, bool udp)
    {
        foreach (var server in servers)
            Turn(server, udp, client => client.Run(s_warm));
        servers.ForEach(server => server.Turns.Clear());
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var server in round % 2 == 0 ? servers : servers.AsEnumerable().Reverse())
                Turn(server, udp, client => client.Run(s_turn));
        }
        var loop = servers[1..].Max(server => server.Turns.Select(turn => turn.Result.Rate).Median());
        Console.WriteLine($"### {(udp ? "UDP" : "TCP")}, {Clients} clients, one message of {ExchangeClient.MessageBytes} bytes in flight each\n");
        Console.WriteLine("| | exchanges a second | to the faster loop | p50 ms | p99 ms | server CPU µs each | lost | peak MiB |\n|---|---|---|---|---|---|---|---|");
        foreach (var server in servers)
            Row(server, $"{server.Turns.Select(t => t.Result.Rate).Median() / loop:0.00}");
        Console.WriteLine();
        return loop;
    }

    /// <summary>At a rate, while files of 1 GiB are sent to the same server one after the other.</summary>
    private static void HalfLoad(List<Server> servers, UploadOptions options, bool udp, double rate)
    {
        using var sources = new SourceFiles(UploadBytes);
        servers.ForEach(server => server.Turns.Clear());
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var server in round % 2 == 0 ? servers : servers.AsEnumerable().Reverse())
            {
                Exception? failure = null;
                var uploading = true;
                var upload = new Thread(() =>
                {
                    try
                    {
                        LoadClient.Run(server.Process.Port, 1, 1, sources);
                    }
                    catch (Exception e)
                    {
                        failure = e;
                    }
                    Volatile.Write(ref uploading, false);
                });
                Turn(server, udp, client =>
                {
                    client.Run(TimeSpan.FromMilliseconds(200)); // connected, and at work
                    upload.Start();
                    var result = client.RunAt(rate, TimeSpan.FromMinutes(1), () => Volatile.Read(ref uploading));
                    upload.Join();
                    return result;
                });
                if (failure is not null)
                    throw new InvalidOperationException($"the upload to {server.Name} failed: {failure.Message}", failure);
            }
        }
        var loop = servers[1..].Min(server => server.Turns.Select(turn => P99(turn.Result)).Median());
        Console.WriteLine($"### {(udp ? "UDP" : "TCP")} at {rate:N0} exchanges a second, half of the faster loop's, while 1 GiB is uploaded\n");
        Console.WriteLine("| | exchanges a second | p99 to the better loop's | p50 ms | p99 ms | server CPU µs each, upload and all | lost | peak MiB |\n|---|---|---|---|---|---|---|---|");
        foreach (var server in servers)
            Row(server, $"{server.Turns.Select(turn => P99(turn.Result)).Median() / loop:0.00}");
        Console.WriteLine();
    }

    private static void Turn(Server server, bool udp, Func<ExchangeClient, ExchangeClient.Result> run)
    {
        using var client = new ExchangeClient(server.Port(udp), Clients, udp);
        var cpu = server.Process.Cpu;
        var result = run(client);
        cpu = server.Process.Cpu - cpu;
        server.Turns.Add((result, cpu.TotalMicroseconds / Math.Max(1, result.Latencies.Length)));
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{server.Name}: {result.Rate:N0}/s, p99 {P99(result):0.000} ms, {server.Turns[^1].CpuMicroseconds:0.0} µs CPU, {result.Lost} lost"));
    }

    private static void Row(Server server, string ratio)
    {
        var turns = server.Turns;
        Console.WriteLine($"| {server.Name} | {turns.Select(t => t.Result.Rate).ToList().Spread()} | {ratio} "
            + $"| {turns.Select(t => t.Result.Latencies.Percentile(0.5).TotalMilliseconds).ToList().Spread("0.000")} "
            + $"| {turns.Select(t => P99(t.Result)).ToList().Spread("0.000")} | {turns.Select(t => t.CpuMicroseconds).ToList().Spread("0.0")} "
            + $"| {turns.Sum(t => t.Result.Lost)} | {server.Process.ResidentPeak / (double)(1 << 20):0} |");
    }

    private static double P99(ExchangeClient.Result result) => result.Latencies.Percentile(0.99).TotalMilliseconds;
}
