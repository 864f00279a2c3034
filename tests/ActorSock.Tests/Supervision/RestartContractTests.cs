using System.Security.Cryptography;
using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;

namespace ActorSock.Tests.Supervision;

/// <summary>The table of ARCHITECTURE, row by row: a fault in one connection while others upload.</summary>
public sealed class RestartContractTests
{
    private const int Neighbours = 50;

    [Fact]
    public async Task A_crash_of_a_connection_actor_refuses_its_request_and_keeps_its_socket()
    {
        await using var node = await TestNode.Start();
        var (victim, neighbours) = await HalfWayWithNeighbours(node);

        await Crash(node, "c-000001");
        await node.Events.Until<ServerEvent.Restarted>(e => e.Path.EndsWith("/c-000001", StringComparison.Ordinal));
        await victim.Send(Body[Half..]);

        (await victim.Read(2)).ShouldBe("OK");
        await victim.Send(WireClient.Digits(Body));
        (await victim.Read(3)).ShouldBe("500");
        (await victim.Put("after.bin", Body)).ShouldBe("203");
        await AllStored(node, neighbours);
        node.Stored().Keys.ShouldNotContain("victim.bin");
        node.Stored()["after.bin"].ShouldBe(Body);
        victim.Dispose();
    }

    [Fact]
    public async Task A_crash_of_a_framer_restarts_its_connection_and_no_other()
    {
        await using var node = await TestNode.Start();
        var (victim, neighbours) = await HalfWayWithNeighbours(node);

        await Crash(node, "c-000001/framer");
        await node.Events.Until<ServerEvent.Restarted>();
        await victim.Send(Body[Half..], WireClient.Digits(Body));

        (await victim.Read(5)).ShouldBe("OK500");
        (await victim.Put("after.bin", Body)).ShouldBe("203");
        await AllStored(node, neighbours);
        node.Events.Of<ServerEvent.Restarted>().Select(e => e.Path).ShouldBe(["/user/server/connections/c-000001"]);
        node.Events.Of<ServerEvent.Escalated>().Select(e => e.Path).ShouldBe(["/user/server/connections/c-000001/framer"]);
        victim.Dispose();
    }

    [Fact]
    public async Task A_crash_of_a_writer_refuses_its_upload_and_the_conversation_goes_on()
    {
        await using var node = await TestNode.Start();
        var (victim, neighbours) = await HalfWayWithNeighbours(node);

        await Crash(node, "c-000001/writer-1");
        await node.Events.Until<ServerEvent.Refused>(e => e.Connection == "c-000001");
        await victim.Send(Body[Half..], WireClient.Digits(Body));

        (await victim.Read(5)).ShouldBe("OK500");
        (await victim.Put("after.bin", Body)).ShouldBe("203");
        await AllStored(node, neighbours);
        node.Events.Of<ServerEvent.Restarted>().ShouldBeEmpty();
        victim.Dispose();
    }

    [Fact]
    public async Task A_crash_of_a_small_uploads_writer_refuses_its_upload_and_the_conversation_goes_on()
    {
        await using var node = await TestNode.Start();
        var body = Body[..20_000];
        using var victim = await node.Connect();
        await victim.Send(WireClient.Header("victim.bin", body.Length), body[..10_000]);
        await HasRead(node, WireClient.Header("victim.bin", body.Length).Length + 10_000);
        var neighbours = await Neighbourhood(node, uploadsBefore: 1);

        await Crash(node, "c-000001/writer-1");
        await node.Events.Until<ServerEvent.Refused>(e => e.Connection == "c-000001");
        await victim.Send(body[10_000..], WireClient.Digits(body));

        (await victim.Read(5)).ShouldBe("OK500");
        (await victim.Put("after.bin", body)).ShouldBe("203");
        await AllStored(node, neighbours);
        node.Events.Of<ServerEvent.Restarted>().ShouldBeEmpty();
        node.Stored().Keys.ShouldNotContain("victim.bin");
        await Bodies.Until("its allowance is back", () => node.Node.Parts.SmallBodies.BytesTaken == 0);
    }

    [Fact]
    public async Task A_crash_of_the_journal_between_commits_disturbs_nobody()
    {
        await using var node = await TestNode.Start();

        await CrashDisturbsNobody(node, "journal", restarts: "journal");

        node.Events.Of<ServerEvent.Restarted>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_crash_of_a_checkpoint_restarts_the_journal_and_disturbs_nobody()
    {
        await using var node = await TestNode.Start();

        await CrashDisturbsNobody(node, "journal/checkpoints", restarts: "journal");
    }

    [Fact]
    public async Task A_crash_of_a_digest_lane_between_rounds_disturbs_nobody()
    {
        await using var node = await TestNode.Start("actorsock.lanes.threads=1");

        await CrashDisturbsNobody(node, "lanes-0", restarts: "lanes-0");
    }

    [Fact]
    public async Task A_digest_that_a_lane_has_lost_refuses_its_upload_and_no_other()
    {
        await using var node = await TestNode.Start("actorsock.lanes.threads=1");
        var (victim, neighbours) = await HalfWayWithNeighbours(node);

        var writer = await node.Node.System.ActorSelection("/user/server/connections/c-000001/writer-1").ResolveOne(TimeSpan.FromSeconds(10));
        writer.Tell(ActorSock.Lanes.DigestLanesActor.Event.Broken.Instance, ActorRefs.NoSender);
        await node.Events.Until<ServerEvent.Refused>(e => e.Connection == "c-000001");
        await victim.Send(Body[Half..], WireClient.Digits(Body));

        (await victim.Read(5)).ShouldBe("OK500");
        (await victim.Put("after.bin", Body)).ShouldBe("203");
        await AllStored(node, neighbours);
        victim.Dispose();
    }

    [Fact]
    public async Task A_connection_that_crashes_while_idle_goes_on_as_if_nothing_had_been()
    {
        await using var node = await TestNode.Start();
        using var client = await node.Connect();
        (await client.Put("before.bin", Body)).ShouldBe("203");

        await Crash(node, "c-000001");
        await node.Events.Until<ServerEvent.Restarted>();

        (await client.Put("after.bin", Body)).ShouldBe("203");
        node.Events.Of<ServerEvent.Refused>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_that_crashes_inside_a_header_cannot_find_the_boundary_and_closes()
    {
        await using var node = await TestNode.Start();
        using var client = await node.Connect();
        await client.Send(WireClient.Header("a.bin", 5)[..20]);
        await HasRead(node, 20);

        await Crash(node, "c-000001");

        (await client.ReadToEnd()).ShouldStartWith("500 the server failed at this request");
    }

    [Fact]
    public async Task A_connection_that_crashes_again_and_again_is_stopped()
    {
        await using var node = await TestNode.Start("actorsock.connections.restarts-max=2");
        using var client = await node.Connect();
        await node.Events.Until<ServerEvent.ConnectionOpened>();

        for (var i = 1; i <= 2; i++)
        {
            await Crash(node, "c-000001");
            await node.Events.UntilCount<ServerEvent.Restarted>(i);
        }
        await Crash(node, "c-000001");

        (await client.ReadToEnd()).ShouldBe("");
        await node.Events.Until<ServerEvent.ActorStopped>(e => e.Path.EndsWith("/c-000001", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bare_upload_in_hand_at_a_crash_ends_with_a_line_and_a_close()
    {
        await using var node = await TestNode.Start();
        using var client = await node.Connect();
        await client.Send("""{"filename":"a.bin","filesize":100}""" + new string('x', 50));
        await HasRead(node, 85);

        await Crash(node, "c-000001");

        (await client.ReadToEnd()).ShouldStartWith("500 the server failed at this request");
        node.Stored().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_disk_refuses_one_upload_and_takes_the_next()
    {
        await using var node = await TestNode.Start(null, real => new DiskFullAfter(real, 300_000, name => name == "big.bin"));
        using var client = await node.Connect();
        var big = RandomNumberGenerator.GetBytes(1_000_000);

        await client.Send(WireClient.Header("big.bin", big.Length), big);
        (await client.Read(2)).ShouldBe("OK");
        await client.Send(WireClient.Digits(big));
        (await client.Read(3)).ShouldBe("507");

        (await client.Put("small.bin", Body)).ShouldBe("203");
        (await node.Events.Until<ServerEvent.Refused>()).Rejection.ShouldBe("DiskFull");
        node.Stored().Keys.ShouldBe(["small.bin"]);
        node.Parts().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_disk_behind_a_bare_acknowledged_upload_closes_with_a_line()
    {
        await using var node = await TestNode.Start(null, real => new DiskFullAfter(real, 10, _ => true));
        using var client = await node.Connect();

        await client.Send("""{"action":"put","filename":"a","filesize":100}""");
        (await client.Read(3)).ShouldBe("200");
        await client.Send(new string('x', 100));

        (await client.ReadToEnd()).ShouldStartWith("507 the disk is full");
    }

    [Fact]
    public async Task The_event_feed_survives_a_reader_that_throws()
    {
        await using var node = await TestNode.Start();
        using var client = await node.Connect();

        node.Node.System.ActorSelection("/user/server/events").Tell(Kill.Instance, ActorRefs.NoSender);
        await node.Events.Until<ServerEvent.Restarted>(e => e.Path == "/user/server/events");

        (await client.Put("a.bin", Body)).ShouldBe("203");
        await node.Events.Until<ServerEvent.Stored>(e => e.File == "a.bin");
    }

    private static readonly byte[] Body = Enumerable.Range(0, 400_000).Select(i => (byte)(i * 31)).ToArray();

    private static int Half => Body.Length / 2;

    /// <summary>Fails an actor that serves all connections while they are half-way; each upload is stored all the same.</summary>
    private static async Task CrashDisturbsNobody(TestNode node, string below, string restarts)
    {
        var (victim, neighbours) = await HalfWayWithNeighbours(node);

        node.Node.System.ActorSelection($"/user/server/{below}").Tell(Kill.Instance, ActorRefs.NoSender);
        await node.Events.Until<ServerEvent.Restarted>(e => e.Path == $"/user/server/{restarts}");
        await victim.Send(Body[Half..], WireClient.Digits(Body));

        (await victim.Read(5)).ShouldBe("OK203");
        await AllStored(node, neighbours);
        node.Events.Of<ServerEvent.Refused>().ShouldBeEmpty();
        victim.Dispose();
    }

    /// <summary>Fails an actor as a bug would: by an exception while it handles a message.</summary>
    private static async Task Crash(TestNode node, string below)
    {
        var actor = await node.Node.System.ActorSelection($"/user/server/connections/{below}").ResolveOne(TimeSpan.FromSeconds(10));
        actor.Tell(Kill.Instance, ActorRefs.NoSender);
    }

    /// <summary>Waits until the first connection has read so much of what it was sent.</summary>
    private static async Task HasRead(TestNode node, int bytes)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(30); DateTime.UtcNow < deadline; await Task.Yield())
        {
            var connections = (await node.Node.Tree()).Children.Single(c => c.Name == "connections");
            if (connections.Children.Any(c => c.Name == "c-000001" && c.Note.Contains($" {bytes} bytes in", StringComparison.Ordinal)))
                return;
        }
        throw new TimeoutException($"c-000001 has not read {bytes} bytes:\n{(await node.Node.Tree()).ToText()}");
    }

    /// <summary>One connection in the middle of a body, and many others at the same place.</summary>
    private static async Task<(WireClient Victim, WireClient[] Neighbours)> HalfWayWithNeighbours(TestNode node)
    {
        var victim = await node.Connect();
        await victim.Send(WireClient.Header("victim.bin", Body.Length), Body[..Half]);
        await HasRead(node, WireClient.Header("victim.bin", Body.Length).Length + Half);
        return (victim, await Neighbourhood(node, uploadsBefore: 1));
    }

    private static async Task<WireClient[]> Neighbourhood(TestNode node, int uploadsBefore)
    {
        var neighbours = await Task.WhenAll(Enumerable.Range(0, Neighbours).Select(_ => node.Connect()));
        await Task.WhenAll(neighbours.Select((n, i) => n.Send(WireClient.Header($"n{i}.bin", Body.Length), Body[..Half])));
        await node.Events.UntilCount<ServerEvent.UploadStarted>(uploadsBefore + Neighbours);
        return neighbours;
    }

    private static async Task AllStored(TestNode node, WireClient[] neighbours)
    {
        await Task.WhenAll(neighbours.Select(async n =>
        {
            await n.Send(Body[Half..], WireClient.Digits(Body));
            (await n.Read(5)).ShouldBe("OK203");
            n.Dispose();
        }));
        var stored = node.Stored();
        for (var i = 0; i < neighbours.Length; i++)
            stored[$"n{i}.bin"].ShouldBe(Body);
    }
}
