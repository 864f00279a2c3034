using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;
using static ActorSock.Testing.NativePeer;

namespace ActorSock.Tests.Native;

/// <summary>The rows of the restart contract that are about native conversations.</summary>
public sealed class NativeRestartTests
{
    private static readonly byte[] s_body = Bodies.Of(400_000);

    private static readonly byte[] s_header =
        Frame(new { id = 1, action = "put", name = "victim", body = s_body.Length, md5 = "after" });

    private static readonly byte[] s_trailer = Frame(new { md5 = Md5(s_body) });

    [Theory]
    [InlineData("c-000001")]
    [InlineData("c-000001/framer")]
    public async Task A_crash_in_the_middle_of_a_body_refuses_that_upload_and_goes_on(string crashed)
    {
        await using var node = await TestNode.Start();
        using var peer = await HalfWay(node);
        using var neighbour = await Connect(node);

        await Crash(node, crashed);
        await node.Events.Until<ServerEvent.Restarted>();
        await peer.Wire.Send(s_body[200_000..], s_trailer, Put(2, "after", s_body));
        var replies = await peer.Read(2);

        (replies[0].Id, replies[0].Error, replies[0].Closes).ShouldBe((1, "Crashed", false));
        (replies[1].Id, replies[1].Status).ShouldBe((2, 201));
        await neighbour.Wire.Send(Put(1, "neighbour", s_body));
        (await neighbour.Read()).Status.ShouldBe(201);
        node.Stored().Keys.Order().ShouldBe(["after", "neighbour"]);
        node.Events.Of<ServerEvent.Restarted>().Select(e => e.Path).ShouldBe(["/user/server/connections/c-000001"]);
        await node.NothingIsLeft();
    }

    [Fact]
    public async Task A_crash_of_a_writer_refuses_its_upload_and_the_conversation_goes_on()
    {
        await using var node = await TestNode.Start();
        using var peer = await HalfWay(node);

        await Crash(node, "c-000001/writer-1");
        (await peer.Read()).Error.ShouldBe("Crashed");
        await peer.Wire.Send(s_body[200_000..], s_trailer, Put(1, "after", s_body));

        (await peer.Read()).Status.ShouldBe(201);
        node.Events.Of<ServerEvent.Restarted>().ShouldBeEmpty();
        (await node.Events.Until<ServerEvent.Refused>()).BytesReceived.ShouldBe(200_000);
        node.Stored().Keys.ShouldBe(["after"]);
        await node.NothingIsLeft();
    }

    [Theory]
    [InlineData("c-000001")]
    [InlineData("c-000001/framer")]
    public async Task A_crash_inside_a_header_loses_nothing(string crashed)
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        var put = Put(1, "a", s_body);
        await peer.Wire.Send(put[..30]);
        await node.UntilRead("c-000001", HelloBytes + 30);

        await Crash(node, crashed);
        await node.Events.Until<ServerEvent.Restarted>();
        await peer.Wire.Send(put[30..]);

        (await peer.Read()).Status.ShouldBe(201);
        node.Events.Of<ServerEvent.Refused>().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_journal_has_is_answered_over_a_crash_and_what_was_read_and_not_begun_is_refused()
    {
        var disk = new DiskScript();
        await using var node = await TestNode.Start(null, disk.Around, "actorsock.native.requests-max=3");
        using var peer = await Connect(node);
        var held = disk.Hold(DiskStep.LogWrite);
        var puts = Enumerable.Range(1, 6).Select(i => Put(i, $"f{i}", Bodies.Of(100, i))).ToArray();

        await peer.Wire.Send(puts);
        await held.Reached;
        await Bodies.Until("three are under way", async () => (await Note(node)).Contains("3 requests under way", StringComparison.Ordinal));
        await node.Events.UntilCount<ServerEvent.UploadStarted>(3);
        await Crash(node, "c-000001");
        await node.Events.Until<ServerEvent.Restarted>();
        held.Release();
        var replies = (await peer.Read(6)).ToDictionary(reply => reply.Id!.Value, reply => reply.Error ?? $"{reply.Status}");

        // The fourth was read and had no room; the fifth and sixth were not read.
        replies.Keys.Order().ShouldBe([1, 2, 3, 4, 5, 6]);
        new[] { replies[1], replies[5], replies[6] }.ShouldAllBe(said => said == "201");
        replies[4].ShouldBe("Crashed");
        var stored = node.Stored();
        foreach (var (id, said) in replies)
            stored.ContainsKey($"f{id}").ShouldBe(said == "201", $"f{id}");
        await node.Events.UntilCount<ServerEvent.Stored>(replies.Values.Count(said => said == "201"));
    }

    [Fact]
    public async Task A_conversation_that_crashes_again_and_again_is_stopped()
    {
        await using var node = await TestNode.Start("actorsock.connections.restarts-max=2");
        using var peer = await Connect(node);

        for (var i = 1; i <= 2; i++)
        {
            await Crash(node, "c-000001");
            await node.Events.UntilCount<ServerEvent.Restarted>(i);
        }
        await Crash(node, "c-000001");

        (await peer.IsClosed()).ShouldBeTrue();
        await node.Events.Until<ServerEvent.ActorStopped>(e => e.Path.EndsWith("/c-000001", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_full_disk_refuses_one_upload_and_takes_the_next()
    {
        await using var node = await TestNode.Start(null, real => new DiskFullAfter(real, 300_000, name => name == "big"));
        using var peer = await Connect(node);

        await peer.Wire.Send(Put(1, "big", Bodies.Of(2_000_000)), Put(2, "small", s_body));
        var replies = await peer.Read(2);

        replies.OrderBy(reply => reply.Id).Select(reply => (reply.Id, reply.Error)).ShouldBe([(1, "DiskFull"), (2, null)]);
        node.Stored().Keys.ShouldBe(["small"]);
        await node.NothingIsLeft();
    }

    private static int HelloBytes => Frame(new { action = "hello", versions = new[] { 1 }, agent = "test" }).Length;

    private static async Task<NativePeer> HalfWay(TestNode node)
    {
        var peer = await Connect(node);
        await peer.Wire.Send(s_header, s_body[..200_000]);
        await node.UntilRead("c-000001", HelloBytes + s_header.Length + 200_000);
        return peer;
    }

    private static async Task<string> Note(TestNode node) =>
        (await node.Node.Tree()).Children.Single(c => c.Name == "connections").Children is [var first, ..] ? first.Note : "";

    /// <summary>Fails an actor as a bug would: by an exception while it handles a message.</summary>
    private static async Task Crash(TestNode node, string below)
    {
        var actor = await node.Node.System.ActorSelection($"/user/server/connections/{below}").ResolveOne(TimeSpan.FromSeconds(10));
        actor.Tell(Kill.Instance, ActorRefs.NoSender);
    }
}
