using System.Net.Sockets;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;
using static ActorSock.Testing.NativePeer;

namespace ActorSock.Tests.Native;

/// <summary>What a native peer cannot make the node wait for, or hold.</summary>
public sealed class NativeLimitTests
{
    private static readonly byte[] s_body = Bodies.Of(5_000);

    [Theory]
    [InlineData("connections.idle-limit=100ms", "", "IdleTooLong")]
    [InlineData("connections.header-deadline=100ms", "header", "HeaderLate")]
    [InlineData("connections.body-grace=100ms", "body", "BodyLate")]
    [InlineData("connections.body-grace=100ms", "refused", "BodyLate")]
    [InlineData("connections.digest-deadline=100ms", "trailer", "DigestLate")]
    public async Task Who_keeps_the_server_waiting_is_told_so_and_closed_upon(string setting, string where, string error)
    {
        await using var node = await TestNode.Start($"actorsock.{setting}");
        using var peer = await Connect(node);

        await peer.Wire.Send(where switch
        {
            "header" => Frame("{}")[..3],
            "body" => Frame("""{"id":4,"action":"put","name":"x","body":100}""", [1, 2, 3]),
            "refused" => Frame("""{"id":4,"action":"put","name":"../x","body":100}""", [1, 2, 3]),
            "trailer" => Frame("""{"id":4,"action":"put","name":"x","body":3,"md5":"after"}""", [1, 2, 3]),
            _ => [],
        });
        var reply = await peer.Read();
        if (where == "refused")
            reply = await peer.Read();

        (reply.Error, reply.Closes).ShouldBe((error, true));
        if (where is "body" or "trailer")
            reply.Id.ShouldBe(4);
        (await peer.IsClosed()).ShouldBeTrue();
        await node.UntilClosed("c-000001");
        await node.NothingIsLeft();
    }

    [Fact]
    public async Task A_peer_that_waits_for_its_answer_is_not_idle()
    {
        var disk = new DiskScript();
        await using var node = await TestNode.Start(null, disk.Around, "actorsock.connections.idle-limit=50ms");
        using var peer = await Connect(node);
        var held = disk.Hold(DiskStep.LogWrite);
        await peer.Wire.Send(Put(1, "slow", s_body));
        await held.Reached;

        // Others are closed meanwhile: the limit has passed, surely twice.
        for (var i = 2; i <= 3; i++)
        {
            using var idle = await Connect(node);
            (await idle.Read()).Error.ShouldBe("IdleTooLong");
        }
        held.Release();

        (await peer.Read()).Status.ShouldBe(201);
        (await peer.Read()).Error.ShouldBe("IdleTooLong");
    }

    [Fact]
    public async Task With_as_many_requests_under_way_as_may_be_the_next_one_waits_and_is_not_refused()
    {
        var disk = new DiskScript();
        await using var node = await TestNode.Start(null, disk.Around, "actorsock.native.requests-max=3");
        using var peer = await Connect(node);
        var held = disk.Hold(DiskStep.LogWrite);

        await peer.Wire.Send([.. Enumerable.Range(0, 10).Select(i => Put(i, $"f{i}", Bodies.Of(100, i)))]);
        await held.Reached;
        await node.Events.UntilCount<ServerEvent.UploadStarted>(3);
        using var neighbour = await Connect(node); // has gone through all actors that a fourth one would have
        node.Events.Of<ServerEvent.UploadStarted>().Count().ShouldBe(3);
        held.Release();

        (await peer.Read(10)).ShouldAllBe(reply => reply.Status == 201);
    }

    [Fact]
    public async Task A_peer_that_asks_and_never_reads_is_closed_at_the_send_deadline_and_disturbs_nobody()
    {
        // Over a Unix socket, where a few hundred replies fill the buffer; over TCP it would take megabytes.
        var folder = Directory.CreateTempSubdirectory("as-");
        var path = Path.Combine(folder.FullName, "door.sock");
        await using (var node = await TestNode.Start(
            $"actorsock.transfer.endpoint=[\"127.0.0.1:0\", \"unix:{path}\"]", "actorsock.connections.send-deadline=300ms"))
        {
            using var deaf = new NativePeer(await WireClient.Connect(path));
            await deaf.Hello();
            var sending = SendInVain(deaf, 100_000);
            var most = 0L;

            using var live = await Connect(node);
            for (var i = 0; !node.Events.Of<ServerEvent.ConnectionClosed>().Any(e => e.Connection == "c-000001"); i++)
            {
                await live.Wire.Send(Put(i, $"live-{i % 10}", s_body));
                (await live.Read()).Status.ShouldBe(201);
                most = Math.Max(most, node.Node.Parts.Unsent.BytesTaken);
            }

            (await node.UntilClosed("c-000001")).Reason.ShouldBe("a reply was not taken within 0.3 s");
            most.ShouldBeLessThan(64 * 2048);
            node.Node.Parts.Unsent.BytesTaken.ShouldBe(0);
            await sending;
            await node.NothingIsLeft();
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Where_there_is_no_room_for_more_replies_one_request_goes_on_after_the_other()
    {
        await using var node = await TestNode.Start();
        var unsent = node.Node.Parts.Unsent;
        unsent.TryTake((int)node.Node.Parts.Settings.Memory.BlocksMax / 4).ShouldBeTrue(); // all of it
        using var peer = await Connect(node);
        var name = new string('n', 200) + "/" + new string('m', 200);

        var sending = peer.Wire.Send([.. Enumerable.Range(0, 50).Select(i => Put(i, $"{name}{i}", s_body))]);
        var replies = await peer.Read(50);
        await sending;

        replies.ShouldAllBe(reply => reply.Status == 201);
        unsent.BytesTaken.ShouldBe(node.Node.Parts.Settings.Memory.BlocksMax / 4);
    }

    [Fact]
    public async Task A_drain_finishes_what_was_read_and_refuses_what_comes_then()
    {
        await using var node = await TestNode.Start();
        using var busy = await Connect(node);
        using var idle = await Connect(node);
        var put = Put(1, "a", s_body);
        await busy.Wire.Send(put[..^10]);
        await node.Events.Until<ServerEvent.UploadStarted>();

        var draining = node.Node.Drain("test");
        (await idle.Read()).Error.ShouldBe("Draining");
        await busy.Wire.Send(put[^10..], Put(2, "b", s_body));
        var (first, second) = (await busy.Read(), await busy.Read());

        (first.Status, second.Error, second.Closes).ShouldBe((201, "Draining", true));
        (await busy.IsClosed()).ShouldBeTrue();
        busy.Dispose();
        idle.Dispose();
        await draining;
        node.Stored().Keys.ShouldBe(["a"]);
    }

    [Fact]
    public async Task The_limit_of_a_drain_cuts_what_does_not_finish()
    {
        await using var node = await TestNode.Start("actorsock.drain.limit=50ms");
        using var peer = await Connect(node);
        await peer.Wire.Send(Put(1, "a", s_body)[..^10]);
        await node.Events.Until<ServerEvent.UploadStarted>();

        await node.Node.Drain("test");

        (await peer.Read()).Error.ShouldBe("Draining");
        (await node.Events.Until<ServerEvent.Refused>()).Rejection.ShouldBe("Draining");
        node.Stored().ShouldBeEmpty();
    }

    [Fact]
    public async Task Uploads_of_all_sorts_on_many_connections_stay_under_the_ceiling_and_all_arrive()
    {
        WatchesPool? store = null;
        await using var node = await TestNode.Start(null, real => store = new WatchesPool(real),
            "actorsock.memory.blocks-max=1MiB", "actorsock.memory.block-bytes=256KiB");
        store!.Gauge = () => node.Node.Parts.Blocks.BytesOut;
        var bodies = Enumerable.Range(0, 12).Select(i => Bodies.Of(i % 3 == 0 ? 1_500_000 : 20_000 * i, i)).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(async who =>
        {
            using var peer = await Connect(node);
            var sending = peer.Wire.Send([.. bodies.SelectMany((body, i) => i % 2 == 0
                ? Put(i, $"{who}/{i}", body)
                : Frame(new { id = i, action = "put", name = $"{who}/{i}", body = "chunked" }, [.. body.Chunk(9_999).SelectMany(Chunk)], Length(0)))]);
            (await peer.Read(bodies.Length)).ShouldAllBe(reply => reply.Status == 201);
            await sending;
        }));

        store.Most.ShouldBeInRange(1, 1 << 20);
        var stored = node.Stored();
        for (var who = 0; who < 10; who++)
        {
            for (var i = 0; i < bodies.Length; i++)
                stored[$"{who}/{i}"].AsSpan().SequenceEqual(bodies[i]).ShouldBeTrue($"{who}/{i}");
        }
        await node.NothingIsLeft();
    }

    private static async Task SendInVain(NativePeer peer, int requests)
    {
        try
        {
            for (var i = 0; i < requests; i++)
                await peer.Send(new { id = i, action = "ping" });
        }
        catch (SocketException)
        {
            // closed upon, as it should be
        }
    }

    [Fact]
    public async Task Lists_that_the_disk_does_not_answer_hold_up_no_upload()
    {
        using var answers = new ManualResetEventSlim();
        using var asked = new SemaphoreSlim(0);
        await using var node = await TestNode.Start(null, store => new ListsStall(store, asked, answers), "actorsock.files.threads=2");
        var listers = new List<NativePeer>();
        try
        {
            for (var i = 0; i < 4; i++)
            {
                listers.Add(await Connect(node));
                await listers[i].Send(new { id = 1, action = "list" });
            }
            for (var threads = 0; threads < 2; threads++)
                await asked.WaitAsync();
            using var peer = await Connect(node);
            await peer.Wire.Send(Put(1, "large", Bodies.Of(500_000)));

            (await peer.Read()).Status.ShouldBe(201);
            answers.Set();
            foreach (var lister in listers)
                (await lister.Read()).Status.ShouldBe(200);
        }
        finally
        {
            answers.Set();
            listers.ForEach(lister => lister.Dispose());
        }
    }

    private sealed class ListsStall(IFileStore real, SemaphoreSlim asked, ManualResetEventSlim answers) : StoreDouble(real)
    {
        public override FilePage List(in FileQuery query)
        {
            asked.Release();
            answers.Wait();
            return base.List(query);
        }

        protected override IIncomingFile Around(IIncomingFile file) => file;
    }
}
