using System.Net;
using System.Net.Sockets;
using ActorSock.Events;
using ActorSock.Listening;
using ActorSock.Settings;
using ActorSock.Testing;
using ActorSock.Tests.Files;

namespace ActorSock.Tests.Listening;

/// <summary>Sockets that accept: how they fail, what they find in their place, and how they come back.</summary>
public sealed class ListenerTests
{
    [Theory]
    [InlineData("127.0.0.1:7074", "off", "")]
    [InlineData("[::1]:7074", "off", "")]
    [InlineData("unix:x.sock", "off", "")]
    [InlineData("off", "off", "")]
    [InlineData("0.0.0.0:7074", "on", "")]
    [InlineData("0.0.0.0:7074", "off", "tcp://0.0.0.0:7074")]
    [InlineData("[\"[::]:7074\", \"127.0.0.1:7075\", \"node.example:7076\"]", "off", "tcp://[::]:7074, tcp://node.example:7076")]
    public void Commands_that_others_may_run_without_a_key_are_told(string endpoint, string challenge, string open)
    {
        var loaded = SettingsLoader.Load(new SettingsSources
        {
            WorkingFolder = Path.GetTempPath(),
            Overrides = [$"actorsock.commands.endpoint={endpoint}", $"actorsock.commands.challenge={challenge}"],
        });

        ListenerPlan.OpenCommands(loaded.Settings).ShouldBe(open);
    }

    [Fact]
    public async Task A_listener_that_fails_comes_back_on_its_port_and_open_connections_survive()
    {
        await using var node = await TestNode.Start("actorsock.listeners.retry-min=50ms");
        using var client = await node.Connect();
        var body = Bodies.Of(100_000);
        await client.Send(WireClient.Header("a.bin", body.Length), body[..1000]);
        await node.Events.Until<ServerEvent.UploadStarted>();
        var endpoint = $"tcp://127.0.0.1:{node.Port}";

        node.Node.System.ActorSelection("/user/server/listeners/transfer").Tell(Kill.Instance, ActorRefs.NoSender);
        await node.Events.UntilCount<ServerEvent.ListenerBound>(2, e => e.Listener == "transfer");

        await client.Send(body[1000..], WireClient.Digits(body));
        (await client.Read(5)).ShouldBe("OK203");
        using var next = await node.Connect();
        (await next.Put("b.bin", body)).ShouldBe("203");
        var told = node.Events.All.Where(e => e is ServerEvent.ListenerFailed or ServerEvent.ListenerBound { Listener: "transfer" }).ToList();
        told[^2].ShouldBeOfType<ServerEvent.ListenerFailed>().RetryIn.ShouldBe(TimeSpan.FromMilliseconds(50));
        told[^1].ShouldBeOfType<ServerEvent.ListenerBound>().Endpoint.ShouldBe(endpoint);
    }

    [Fact]
    public async Task A_listener_whose_port_is_taken_meanwhile_tries_again_until_it_is_free()
    {
        await using var node = await TestNode.Start("actorsock.listeners.retry-min=20ms", "actorsock.listeners.retry-max=40ms");
        using var thief = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        node.Node.System.ActorSelection("/user/server/listeners/transfer").Tell(Kill.Instance, ActorRefs.NoSender);
        await node.Events.Until<ServerEvent.ListenerClosed>(e => e.Listener == "transfer");
        if (!TryListen(thief, node.Port))
            return; // the node was faster: the other test has that case

        await node.Events.UntilCount<ServerEvent.ListenerFailed>(4);
        thief.Dispose();
        await node.Events.UntilCount<ServerEvent.ListenerBound>(2, e => e.Listener == "transfer");

        node.Events.Of<ServerEvent.ListenerFailed>().Select(e => e.RetryIn.TotalMilliseconds).Take(4).ShouldBe([20, 40, 40, 40]);
        using var client = await node.Connect();
        (await client.Put("a.bin", Bodies.Of(100))).ShouldBe("203");
    }

    [Fact]
    public async Task An_address_in_use_stops_the_start_with_what_to_do()
    {
        await using var first = await TestNode.Start();

        var thrown = await Should.ThrowAsync<BindException>(() => TestNode.Start($"actorsock.transfer.endpoint=127.0.0.1:{first.Port}"));

        thrown.Message.ShouldBe($"cannot listen on transfer tcp://127.0.0.1:{first.Port}: the address is in use: "
            + "stop the other server or set actorsock.transfer.endpoint");
    }

    [Fact]
    public async Task Of_several_addresses_in_use_each_is_named()
    {
        await using var one = await TestNode.Start();
        await using var other = await TestNode.Start();

        var thrown = await Should.ThrowAsync<BindException>(() => TestNode.Start(
            $"actorsock.transfer.endpoint=[\"127.0.0.1:{one.Port}\", \"127.0.0.1:0\", \"127.0.0.1:{other.Port}\"]"));

        foreach (var port in (int[])[one.Port, other.Port])
            thrown.Message.ShouldContain($"tcp://127.0.0.1:{port}: the address is in use: ");
        thrown.Message.Split("; ").Length.ShouldBe(2);
    }

    [LinuxFact]
    public async Task Of_a_peer_at_a_socket_file_its_user_is_told()
    {
        using var folder = new Scratch();
        var path = folder.Path("door.sock");
        await using var node = await TestNode.Start(Listening(path));

        using var client = await WireClient.Connect(path);
        await client.Put("a.bin", Bodies.Of(100));

        var uid = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2];
        node.Events.Of<ServerEvent.Stored>().ShouldHaveSingleItem().Peer.ShouldBe($"unix:uid={uid}");
    }

    [Fact]
    public async Task A_socket_file_that_nobody_answers_at_is_replaced()
    {
        using var folder = new Scratch();
        var path = folder.Path("door.sock");
        LeaveStale(path);

        await using var node = await TestNode.Start(Listening(path));
        using var client = await WireClient.Connect(path);

        (await client.Put("a.bin", Bodies.Of(100))).ShouldBe("203");
    }

    [Fact]
    public async Task A_socket_file_that_somebody_answers_at_is_left_to_him()
    {
        using var folder = new Scratch();
        var path = folder.Path("door.sock");
        await using var first = await TestNode.Start(Listening(path));

        var thrown = await Should.ThrowAsync<BindException>(() => TestNode.Start(Listening(path)));

        thrown.Message.ShouldBe($"cannot listen on transfer-2 unix:{path}: the address is in use: "
            + "stop the other server or set actorsock.transfer.endpoint");
        using var client = await WireClient.Connect(path);
        (await client.Put("a.bin", Bodies.Of(100))).ShouldBe("203");
    }

    [LinuxFact]
    public async Task A_socket_whose_queue_is_full_holds_up_no_start_and_is_left_to_its_owner()
    {
        using var folder = new Scratch();
        var path = folder.Path("door.sock");
        using var busy = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        busy.Bind(new UnixDomainSocketEndPoint(path));
        busy.Listen(1);
        var waiting = FillQueue(path);

        var start = Task.Run(() => TestNode.Start(Listening(path)));

        var thrown = await Should.ThrowAsync<BindException>(start.WaitAsync(TimeSpan.FromSeconds(30)));
        thrown.Message.ShouldContain("the address is in use");
        File.Exists(path).ShouldBeTrue();
        waiting.ForEach(each => each.Dispose());
    }

    [Theory]
    [InlineData("")]
    [InlineData("somebody's words")]
    public async Task A_plain_file_in_the_place_of_a_socket_is_not_removed(string content)
    {
        using var folder = new Scratch();
        var path = folder.Path("door.sock");
        File.WriteAllText(path, content);

        await Should.ThrowAsync<BindException>(() => TestNode.Start(Listening(path)));

        File.ReadAllText(path).ShouldBe(content);
    }

    [Fact]
    public async Task A_socket_file_goes_with_its_node()
    {
        using var folder = new Scratch();
        var path = folder.Path("door.sock");
        await using (await TestNode.Start(Listening(path)))
            File.Exists(path).ShouldBeTrue();

        File.Exists(path).ShouldBeFalse();
    }

    [LinuxFact]
    public async Task A_socket_file_has_the_mode_and_the_owner_of_the_settings_and_the_admins_is_the_nodes_own()
    {
        using var folder = new Scratch();
        var path = folder.Path("door.sock");
        var me = Environment.UserName;

        await using var node = await TestNode.Start(
            Listening(path), "actorsock.listeners.unix-mode=0666", $"actorsock.listeners.unix-owner={me}");

        new FileInfo(path).UnixFileMode.ShouldBe((UnixFileMode)Convert.ToInt32("666", 8));
        new FileInfo(Path.Combine(node.Root, ".actorsock", "admin.sock")).UnixFileMode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [LinuxFact]
    public async Task An_owner_that_there_is_not_stops_the_start_with_what_to_do()
    {
        using var folder = new Scratch();

        var thrown = await Should.ThrowAsync<BindException>(() => TestNode.Start(
            Listening(folder.Path("door.sock")), "actorsock.listeners.unix-owner=nobody-of-this-name"));

        thrown.Message.ShouldContain("there is no user 'nobody-of-this-name': make it, or set actorsock.listeners.unix-owner");
        File.Exists(folder.Path("door.sock")).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_nodes_that_start_at_once_on_a_stale_socket_file_one_gets_it()
    {
        using var folder = new Scratch();
        var path = folder.Path("door.sock");
        for (var round = 0; round < 5; round++)
        {
            LeaveStale(path);

            var starts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                try
                {
                    return await TestNode.Start(Listening(path));
                }
                catch (BindException)
                {
                    return null;
                }
            })));

            await using var only = starts.Single(node => node is not null)!;
            using var client = await WireClient.Connect(path);
            (await client.Put("a.bin", Bodies.Of(100))).ShouldBe("203");
        }
    }

    [Fact]
    public async Task A_peer_that_leaves_between_connect_and_accept_disturbs_nobody()
    {
        await using var node = await TestNode.Start();
        for (var i = 0; i < 100; i++)
            (await node.Connect()).Reset();

        using var client = await node.Connect();
        (await client.Put("a.bin", Bodies.Of(100))).ShouldBe("203");
        client.Dispose();
        await Bodies.Until("all are closed again", () =>
            node.Events.Of<ServerEvent.ConnectionClosed>().Count() == node.Events.Of<ServerEvent.ConnectionOpened>().Count());
        node.Events.Of<ServerEvent.ListenerFailed>().ShouldBeEmpty();
    }

    private static string Listening(string path) => $"actorsock.transfer.endpoint=[\"127.0.0.1:0\", \"unix:{path}\"]";

    /// <summary>Connects until the next would have to wait.</summary>
    private static List<Socket> FillQueue(string path)
    {
        List<Socket> waiting = [];
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
            waiting.Add(socket);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                return waiting;
            }
        }
    }

    private static void LeaveStale(string path)
    {
        using (var gone = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            gone.Bind(new UnixDomainSocketEndPoint(path));
            // .NET removes the name when it closes; after a crash it is still there.
            File.Move(path, path + ".kept");
        }
        File.Move(path + ".kept", path);
    }

    private static bool TryListen(Socket socket, int port)
    {
        try
        {
            socket.SetRawSocketOption(1, 2, BitConverter.GetBytes(1)); // SO_REUSEADDR alone
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private sealed class Scratch : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("as-");

        public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
