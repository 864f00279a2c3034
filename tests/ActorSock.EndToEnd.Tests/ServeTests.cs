using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ActorSock.EndToEnd.Tests;

/// <summary>The executable as an operator meets it: starting, failing to start, stopping, being killed.</summary>
public sealed class ServeTests
{
    [Fact]
    public async Task It_prints_one_ready_line_and_drains_on_SIGTERM()
    {
        await using var node = await RunningNode.Start();

        node.Ready.ShouldMatch(@"^ready transfer=tcp://127\.0\.0\.1:\d+ admin=unix:.+/admin\.sock$");
        (await node.Terminate()).ShouldBe(0);
        node.Log.ShouldContain("node stopped");
    }

    [Fact]
    public async Task A_drain_lets_the_upload_in_flight_finish()
    {
        await using var node = await RunningNode.Start();
        var body = RandomNumberGenerator.GetBytes(1_000_000);
        using var client = await Connect(node.Port);
        await client.SendAsync((byte[])[.. Header("slow.bin", body.Length), .. body[..1000]]);
        await UntilPartIs(node, 1000);

        var exit = node.Terminate();
        await client.SendAsync(body.AsMemory(1000));
        await client.SendAsync(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(MD5.HashData(body))));

        (await ReadAll(client)).ShouldBe("OK203");
        (await exit).ShouldBe(0);
        node.Stored("slow.bin").ShouldBe(body);
    }

    [Fact]
    public async Task A_second_signal_cuts_what_is_in_flight()
    {
        await using var node = await RunningNode.StartIn(Directory.CreateTempSubdirectory("as-e2e-").FullName, "--set", "actorsock.drain.limit=1h");
        using var client = await Connect(node.Port);
        await client.SendAsync((byte[])[.. Header("slow.bin", 1_000_000), .. new byte[1000]]);
        await UntilPartIs(node, 1000);
        RunningNode.Signal(node.ProcessId, 15).ShouldBeTrue();
        await node.UntilLogged("node drains: a signal");

        (await node.Terminate()).ShouldBe(0);

        (await ReadAll(client)).ShouldContain("503 the server is stopping");
        node.Log.ShouldContain("node cuts what is in flight: another signal");
    }

    [Fact]
    public async Task Killed_and_started_again_it_has_what_it_acknowledged_and_nothing_else()
    {
        var folder = Directory.CreateTempSubdirectory("as-e2e-").FullName;
        var kept = new Dictionary<string, byte[]>();
        await using var last = await KillAndRestart(folder, kept, rounds: 3);

        foreach (var (name, body) in kept)
            last.Stored(name).ShouldBe(body);
        Directory.GetFiles(last.Inbox).Select(Path.GetFileName).Order().ShouldBe(kept.Keys.Order());
        Directory.GetFiles(Path.Combine(last.Inbox, ".actorsock", "staging")).ShouldBeEmpty();
        last.Log.ShouldContain("part file");
    }

    [Fact]
    public async Task It_restarts_on_its_port_at_once()
    {
        var folder = Directory.CreateTempSubdirectory("as-e2e-").FullName;
        var first = await RunningNode.StartIn(folder);
        var port = first.Port;
        using var client = await Connect(port);
        await client.SendAsync(Header("x", 10));
        await first.Kill();

        await using var second = await RunningNode.StartIn(folder, "--set", $"actorsock.transfer.endpoint=127.0.0.1:{port}");

        second.Port.ShouldBe(port);
    }

    [Fact]
    public async Task An_address_in_use_ends_with_3_and_says_what_to_do()
    {
        await using var node = await RunningNode.Start();
        var other = Directory.CreateTempSubdirectory("as-e2e-").FullName;

        var ended = await Executable.Run(other, "serve", "--set", $"actorsock.transfer.endpoint=127.0.0.1:{node.Port}");

        ended.ExitCode.ShouldBe(3);
        ended.Error.ShouldContain($"cannot listen on transfer tcp://127.0.0.1:{node.Port}: the address is in use: stop the other server or set actorsock.transfer.endpoint");
        ended.Output.ShouldBe("");
        Directory.Delete(other, recursive: true);
    }

    [Fact]
    public async Task A_root_that_another_node_holds_is_refused()
    {
        await using var node = await RunningNode.Start();

        var ended = await Executable.Run(node.Folder, "serve", "--set", "actorsock.transfer.endpoint=127.0.0.1:0");

        ended.ExitCode.ShouldBe(3);
        ended.Error.ShouldContain("inbox");
    }

    [Fact]
    public async Task A_root_that_is_a_file_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("as-e2e-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "inbox"), "in the way");

        var ended = await Executable.Run(folder, "serve", "--set", "actorsock.transfer.endpoint=127.0.0.1:0");

        ended.ExitCode.ShouldBe(3);
        ended.Error.ShouldContain("inbox");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Bad_settings_end_with_2_and_all_problems_at_once()
    {
        var folder = Directory.CreateTempSubdirectory("as-e2e-").FullName;

        var ended = await Executable.Run(folder, "serve", "--set", "actorsock.conections.max=5", "--set", "actorsock.drain.limit=soon");

        ended.ExitCode.ShouldBe(2);
        ended.Error.ShouldContain("actorsock.connections");
        ended.Error.ShouldContain("actorsock.drain.limit");
        ended.Output.ShouldBe("");
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("after-lunch")]
    [InlineData("after-log-flush:often")]
    [InlineData("after-log-flush:0")]
    [InlineData("3")]
    public async Task A_crash_test_that_there_is_not_ends_the_start_with_2(string fault)
    {
        var folder = Directory.CreateTempSubdirectory("as-e2e-").FullName;
        using var node = Executable.BeginWith([("ACTORSOCK_FAULT", fault)], Executable.Path, folder, "serve", "--set", "actorsock.transfer.endpoint=127.0.0.1:0");

        (await node.StandardOutput.ReadToEndAsync()).ShouldBe("");
        var error = await node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync();

        node.ExitCode.ShouldBe(2);
        error.ShouldContain($"ACTORSOCK_FAULT = {fault} (environment): names no step of a commit: set one of after-log-write, ");
        Directory.Exists(Path.Combine(folder, "inbox")).ShouldBeFalse();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Nodes_that_share_a_log_file_lose_no_line_and_a_failed_start_is_in_it()
    {
        var folder = Directory.CreateTempSubdirectory("as-e2e-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "config"));
        File.Copy(Path.Combine(Executable.Repository, "config", "serilog.json"), Path.Combine(folder, "config", "serilog.json"));
        await using (var first = await RunningNode.StartIn(folder))
        {
            var second = await Executable.Run(folder, "serve", "--root", "other", "--set", $"actorsock.transfer.endpoint=127.0.0.1:{first.Port}");
            second.ExitCode.ShouldBe(3);
            using var client = await Connect(first.Port);
            (await Put(client, "a.bin", [1])).ShouldBe("OK203");
            (await first.Terminate()).ShouldBe(0);

            var log = string.Concat(Directory.GetFiles(Path.Combine(folder, "logs")).Select(File.ReadAllText));

            log.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.StartsWith("{\"time\":\"20") && line.EndsWith('}'));
            log.ShouldContain("node did not start: cannot listen on transfer");
            log.ShouldContain("\"file\":\"a.bin\"");
        }
    }

    [Fact]
    public async Task Put_takes_no_unknown_option_for_a_file()
    {
        await using var node = await RunningNode.Start();

        var ended = await Executable.Run(node.Folder, "put", node.Source("a", [1]), "--to", $"127.0.0.1:{node.Port}", "--bogus");

        ended.ExitCode.ShouldBe(2);
        ended.Error.ShouldContain("unknown option --bogus");
        File.Exists(Path.Combine(node.Inbox, "a")).ShouldBeFalse();
    }

    [Fact]
    public async Task Tree_shows_the_running_node()
    {
        await using var node = await RunningNode.Start();

        var ended = await Executable.Run(node.Folder, "tree", "--brief");

        ended.Error.ShouldBe("");
        ended.ExitCode.ShouldBe(0);
        ended.Output.ShouldContain("├─ connections");
        ended.Output.ShouldContain("TcpListenerActor");
        (await Executable.Run(node.Folder, "tree", "--json")).Output.ShouldStartWith("""{"name":"server","type":"ServerSupervisor",""");
    }

    [Fact]
    public async Task Tree_without_a_node_ends_with_3()
    {
        var folder = Directory.CreateTempSubdirectory("as-e2e-").FullName;

        var ended = await Executable.Run(folder, "tree");

        ended.ExitCode.ShouldBe(3);
        ended.Error.ShouldContain("cannot reach a node");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task IPv6_and_Unix_sockets_take_uploads()
    {
        var folder = Directory.CreateTempSubdirectory("as-e2e-").FullName;
        var path = Path.Combine(folder, "up.sock");
        await using var node = await RunningNode.StartIn(folder, "--set", $"actorsock.transfer.endpoint=[\"127.0.0.1:0\", \"[::1]:0\", \"unix:{path}\"]");
        var port = int.Parse(node.Ready.Split("transfer-2=tcp://[::1]:")[1].Split(' ')[0]);

        using var v6 = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        await v6.ConnectAsync(IPAddress.IPv6Loopback, port);
        using var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await unix.ConnectAsync(new UnixDomainSocketEndPoint(path));

        (await Put(v6, "six.bin", [6, 6])).ShouldBe("OK203");
        (await Put(unix, "unix.bin", [1])).ShouldBe("OK203");
        node.Stored("six.bin").ShouldBe([6, 6]);
        node.Stored("unix.bin").ShouldBe([1]);
        (await node.Terminate()).ShouldBe(0);
        File.Exists(path).ShouldBeFalse();
    }

    private static async Task<RunningNode> KillAndRestart(string folder, Dictionary<string, byte[]> kept, int rounds)
    {
        var node = await RunningNode.StartIn(folder);
        for (var round = 0; round < rounds; round++)
        {
            using var half = await Connect(node.Port);
            await half.SendAsync((byte[])[.. Header($"half-{round}", 500_000), .. new byte[200_000]]);
            await UntilPartIs(node, 200_000);
            using var client = await Connect(node.Port);
            var body = RandomNumberGenerator.GetBytes(300_000);
            (await Put(client, $"whole-{round}", body)).ShouldBe("OK203");
            kept.Add($"whole-{round}", body);
            await node.Kill();
            node = await RunningNode.StartIn(folder);
        }
        return node;
    }

    private static async Task<Socket> Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    private static byte[] Header(string name, long size)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"action":"put","filename":"{{name}}","filesize":{{size}}}""");
        return [.. BitConverter.GetBytes(json.Length), .. json];
    }

    private static async Task<string> Put(Socket socket, string name, byte[] body)
    {
        await socket.SendAsync((byte[])[.. Header(name, body.Length), .. body, .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(MD5.HashData(body)))]);
        var reply = "";
        var buffer = new byte[5];
        while (reply.Length < 5)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(0, 5 - reply.Length));
            if (got == 0)
                return reply;
            reply += Encoding.ASCII.GetString(buffer, 0, got);
        }
        return reply;
    }

    private static async Task<string> ReadAll(Socket socket)
    {
        await using var stream = new NetworkStream(socket);
        return await new StreamReader(stream).ReadToEndAsync();
    }

    /// <summary>Waits until a part file has so many bytes: then the node has read them.</summary>
    private static async Task UntilPartIs(RunningNode node, long bytes)
    {
        var staging = Path.Combine(node.Inbox, ".actorsock", "staging");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!Directory.GetFiles(staging).Any(path => new FileInfo(path) is { Exists: true } part && part.Length == bytes))
            await Task.Delay(5, patience.Token);
    }
}
