using ActorSock.Events;
using ActorSock.Testing;

namespace ActorSock.Tests.Connections;

/// <summary>A node that ends: what is in flight finishes, what is acknowledged is there, nobody is reset.</summary>
public sealed class DrainTests
{
    private static readonly byte[] Body = Bodies.Of(300_000);

    private static int Half => Body.Length / 2;

    [Fact]
    public async Task Idle_connections_are_closed_orderly()
    {
        await using var node = await TestNode.Start();
        using var silent = await node.Connect();
        using var spoke = await node.Connect();
        (await spoke.Put("a.bin", Body)).ShouldBe("203");

        await node.Node.Drain("test");

        node.Events.Of<ServerEvent.NodeCutting>().ShouldBeEmpty();
        // A reset would be an exception here.
        (await silent.ReadToEnd()).ShouldBe("");
        (await spoke.ReadToEnd()).ShouldBe("");
        node.Events.Of<ServerEvent.ConnectionClosed>().Select(e => e.Reason).ShouldBe(["drained", "drained"]);
    }

    [Fact]
    public async Task An_upload_in_flight_finishes_and_is_acknowledged()
    {
        await using var node = await TestNode.Start();
        using var client = await HalfWay(node);

        var drained = await BeginDrain(node);
        await client.Send(Body[Half..], WireClient.Digits(Body));

        (await client.ReadToEnd()).ShouldBe("OK203");
        client.Dispose();
        await drained;
        node.Stored()["a.bin"].ShouldBe(Body);
    }

    [Fact]
    public async Task A_request_behind_the_one_in_hand_is_told_that_the_server_stops()
    {
        await using var node = await TestNode.Start();
        using var client = await HalfWay(node);

        var drained = await BeginDrain(node);
        await client.Send([.. Body[Half..], .. WireClient.Digits(Body), .. WireClient.Header("b.bin", 5), .. "hello"u8]);

        (await client.ReadToEnd()).ShouldStartWith("OK203503 the server is stopping");
        client.Dispose();
        await drained;
        node.Stored().Keys.ShouldBe(["a.bin"]);
        node.Events.Of<ServerEvent.Refused>().Select(e => (e.Rejection, e.File)).ShouldBe([("Draining", "b.bin")]);
    }

    [Fact]
    public async Task A_header_that_is_on_its_way_is_told_that_the_server_stops()
    {
        await using var node = await TestNode.Start();
        using var client = await node.Connect();
        var header = WireClient.Header("a.bin", 5);
        await client.Send(header[..20]);
        await Until(node, " 20 bytes in");

        var drained = await BeginDrain(node);
        await client.Send(header[20..]);

        (await client.ReadToEnd()).ShouldStartWith("503 the server is stopping");
        client.Dispose();
        await drained;
    }

    [Fact]
    public async Task The_limit_ends_a_stalled_upload_and_nothing_of_it_is_stored()
    {
        await using var node = await TestNode.Start("actorsock.drain.limit=300ms");
        using var client = await HalfWay(node);

        await node.Node.Drain("test");

        node.Events.Of<ServerEvent.NodeCutting>().Single().Reason.ShouldBe("0.3 s have passed");
        (await client.ReadToEnd()).ShouldStartWith("503 the server is stopping");
        node.Events.Of<ServerEvent.Refused>().Select(e => (e.Rejection, e.File)).ShouldBe([("Draining", "a.bin")]);
        node.Stored().ShouldBeEmpty();
        node.Parts().ShouldBeEmpty();
        node.Node.Parts.Blocks.BlocksOut.ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_ends_a_stalled_upload_at_once_whether_a_drain_has_begun_or_not(bool isDraining)
    {
        await using var node = await TestNode.Start("actorsock.drain.limit=1h");
        using var client = await HalfWay(node);
        var drained = isDraining ? await BeginDrain(node) : Task.CompletedTask;

        await node.Node.Cut("in a hurry");
        await drained;

        (await client.ReadToEnd()).ShouldStartWith("503 the server is stopping");
        node.Events.Of<ServerEvent.NodeCutting>().Single().Reason.ShouldBe("in a hurry");
        node.Events.Of<ServerEvent.NodeDraining>().Count().ShouldBe(1);
        node.Stored().ShouldBeEmpty();
        node.Parts().ShouldBeEmpty();
        node.Node.Parts.Blocks.BlocksOut.ShouldBe(0);
    }

    [Fact]
    public async Task Who_is_cut_without_anything_in_flight_hears_that_the_server_stops()
    {
        await using var node = await TestNode.Start();
        using var peer = await NativePeer.Connect(node);
        (await peer.Ask(new { id = 1, action = "ping" })).Status.ShouldBe(200);

        await node.Node.Cut("in a hurry");

        (await peer.Read()).Error.ShouldBe("Draining");
    }

    [Fact]
    public async Task The_last_event_is_that_the_node_stopped()
    {
        await using var node = await TestNode.Start();
        using var client = await node.Connect();
        (await client.Put("a.bin", Body)).ShouldBe("203");

        await node.Node.Drain("because");

        var told = node.Events.All.SkipWhile(e => e is not ServerEvent.NodeDraining).Select(e => e.GetType().Name).ToList();
        node.Events.Of<ServerEvent.NodeDraining>().Single().Reason.ShouldBe("because");
        told.First().ShouldBe(nameof(ServerEvent.NodeDraining));
        told.Last().ShouldBe(nameof(ServerEvent.NodeStopped));
        told.ShouldNotContain(nameof(ServerEvent.Undelivered), string.Join('\n', node.Events.All));
        told.Count(name => name == nameof(ServerEvent.ConnectionClosed)).ShouldBe(1);
        told.Count(name => name == nameof(ServerEvent.ListenerClosed)).ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost()
    {
        await using var node = await TestNode.Start();
        var enough = new TaskCompletionSource();
        var acknowledged = 0;
        var clients = Enumerable.Range(0, 20).Select(async c =>
        {
            var names = new List<string>();
            using var client = await node.Connect();
            try
            {
                while (await client.Put($"{c}-{names.Count}", Bodies.Of(20_000, c)) == "203")
                {
                    names.Add($"{c}-{names.Count}");
                    if (Interlocked.Increment(ref acknowledged) == 60)
                        enough.SetResult();
                }
            }
            catch (System.Net.Sockets.SocketException)
            {
                // closed between two uploads, in the face of the next one
            }
            return names;
        }).ToArray();
        await enough.Task;

        var drained = node.Node.Drain("test");

        var names = (await Task.WhenAll(clients)).SelectMany(list => list).ToList();
        await drained;
        names.Count.ShouldBeGreaterThanOrEqualTo(60);
        var stored = node.Stored();
        foreach (var name in names)
            stored[name].ShouldBe(Bodies.Of(20_000, int.Parse(name.Split('-')[0])));
        node.Parts().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("connections")]
    [InlineData("listeners")]
    public async Task A_room_that_fails_ends_the_node_with_its_cause(string room)
    {
        await using var node = await TestNode.Start();
        using var client = await HalfWay(node);

        node.Node.System.ActorSelection($"/user/server/{room}").Tell(Kill.Instance, ActorRefs.NoSender);
        await node.Events.Until<ServerEvent.NodeDraining>(e => e.Reason == $"{room} has ended");
        if (room == "listeners")
        {
            await client.Send(Body[Half..], WireClient.Digits(Body));
            (await client.ReadToEnd()).ShouldBe("OK203");
            client.Dispose();
        }

        await Should.ThrowAsync<ActorKilledException>(() => node.Node.Completion.WaitAsync(TimeSpan.FromSeconds(20)));
        node.Parts().ShouldBeEmpty();
    }

    private static async Task<Task> BeginDrain(TestNode node)
    {
        var drained = node.Node.Drain("test");
        await node.Events.Until<ServerEvent.NodeDraining>();
        await Until(node, ", draining"); // the connection has been told, too
        return drained;
    }

    private static async Task<WireClient> HalfWay(TestNode node)
    {
        var client = await node.Connect();
        await client.Send(WireClient.Header("a.bin", Body.Length), Body[..Half]);
        await node.Events.Until<ServerEvent.UploadStarted>();
        await Until(node, $" {Half + WireClient.Header("a.bin", Body.Length).Length} bytes in");
        return client;
    }

    /// <summary>Waits until the live tree says so of the first connection.</summary>
    private static Task Until(TestNode node, string said) => Bodies.Until(said, async () =>
        (await node.Node.Tree()).Children.Single(c => c.Name == "connections").Children is [var first, ..] && first.Note.Contains(said));
}
