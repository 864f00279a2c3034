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
                HalfLoad(servers, options, udp, best / 2, upload: false);
                HalfLoad(servers, options, udp, best / 2, upload: true);
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

    /// <summary>At a rate, alone or while a file of 1 GiB is sent to the same server.</summary>
    private static void HalfLoad(List<Server> servers, UploadOptions options, bool udp, double rate, bool upload)
    {
        using var sources = new SourceFiles(upload ? UploadBytes : 4096);
        var uploads = servers.ToDictionary(server => server, _ => new List<double>());
        servers.ForEach(server => server.Turns.Clear());
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var server in round % 2 == 0 ? servers : servers.AsEnumerable().Reverse())
            {
                Exception? failure = null;
                var uploading = true;
                var sender = new Thread(() =>
                {
                    try
                    {
                        uploads[server].Add(LoadClient.Run(server.Process.Port, 1, 1, sources).Wall.TotalSeconds);
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
                    if (!upload)
                        return client.RunAt(rate, s_turn, () => true);
                    sender.Start();
                    var result = client.RunAt(rate, TimeSpan.FromMinutes(1), () => Volatile.Read(ref uploading));
                    sender.Join();
                    return result;
                });
                if (failure is not null)
                    throw new InvalidOperationException($"the upload to {server.Name} failed: {failure.Message}", failure);
            }
        }
        var loop = servers[1..].Min(server => server.Turns.Select(turn => P99(turn.Result)).Median());
        Console.WriteLine($"### {(udp ? "UDP" : "TCP")} at {rate:N0} exchanges a second, half of the faster loop's{(upload ? ", while 1 GiB is uploaded" : "")}\n");
        Console.WriteLine($"| | exchanges a second | p99 to the better loop's | p50 ms | p99 ms | server CPU µs each{(upload ? ", upload and all" : "")} | lost | peak MiB |\n|---|---|---|---|---|---|---|---|");
        foreach (var server in servers)
            Row(server, $"{server.Turns.Select(turn => P99(turn.Result)).Median() / loop:0.00}");
        if (upload)
            Console.WriteLine($"\nThe upload took {string.Join(", ", servers.Select(server => $"{uploads[server].Spread("0.0")} s ({server.Name})"))}.");
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
