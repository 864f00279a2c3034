using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;

namespace ActorSock.Tests.Limits;

/// <summary>What peers cannot make the node hold, in memory or on the disk.</summary>
public sealed class MemoryTests
{
    private const long Terabyte = 1L << 40;

    private static readonly string[] s_small = ["actorsock.memory.blocks-max=1MiB", "actorsock.memory.block-bytes=256KiB"];

    [Fact]
    public async Task A_header_that_announces_more_than_the_disk_has_is_refused_at_once()
    {
        await using var node = await TestNode.Start();
        using var client = await node.Connect();

        await client.Send(WireClient.Header("huge.bin", 10 * Terabyte));

        (await client.ReadToEnd()).ShouldStartWith("507 the disk is full");
        (await node.Events.Until<ServerEvent.Refused>()).Rejection.ShouldBe("DiskFull");
        await node.NothingIsLeft();
        client.EndSending();
        await node.UntilClosed("c-000001");
    }

    [Fact]
    public async Task A_header_over_the_largest_file_is_refused_before_the_disk_is_asked()
    {
        await using var node = await TestNode.Start("actorsock.wire.file-bytes-max=1MiB");
        using var client = await node.Connect();

        await client.Send(WireClient.Header("huge.bin", Terabyte));

        (await client.ReadToEnd()).ShouldStartWith("413 the file is too large");
        node.Events.Of<ServerEvent.UploadStarted>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_terabyte_that_is_announced_and_does_not_come_costs_neither_memory_nor_disk()
    {
        await using var node = await TestNode.Start(null, real => new ClaimsSpace(real, bytesTold: 64 << 20));
        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => node.Connect()));

        await Task.WhenAll(clients.Select((c, i) => c.Send(WireClient.Header($"{i}.bin", Terabyte), Bodies.Of(5000))));
        await node.Events.UntilCount<ServerEvent.UploadStarted>(clients.Length);
        await Bodies.Until("the whole pages of what came are written", () => node.Parts().Count(p => new FileInfo(p).Length == 4096) == clients.Length);

        await Bodies.Until("a peer that is waited for holds no block", () => node.Node.Parts.Blocks.BlocksOut == 0);
        foreach (var client in clients)
            client.Dispose();
        await node.Events.UntilCount<ServerEvent.Refused>(clients.Length, e => e.Rejection == "PeerVanished" && e.BytesReceived == 5000);
        await node.NothingIsLeft();
        node.Stored().ShouldBeEmpty();
    }

    [Fact]
    public async Task Forty_uploads_at_once_stay_under_the_ceiling_and_all_arrive()
    {
        WatchesPool? store = null;
        await using var node = await TestNode.Start(null, real => store = new WatchesPool(real), s_small);
        store!.Gauge = () => node.Node.Parts.Blocks.BytesOut;
        var bodies = Enumerable.Range(0, 40).Select(i => Bodies.Of(2 << 20, i)).ToArray();

        var verdicts = await Task.WhenAll(bodies.Select(async (body, i) =>
        {
            using var client = await node.Connect();
            return await client.Put($"{i}.bin", body);
        }));

        verdicts.ShouldAllBe(verdict => verdict == "203");
        store.Most.ShouldBeInRange(1, 1 << 20);
        var stored = node.Stored();
        for (var i = 0; i < bodies.Length; i++)
            stored[$"{i}.bin"].AsSpan().SequenceEqual(bodies[i]).ShouldBeTrue($"{i}.bin");
        await node.NothingIsLeft();
        node.Node.Parts.Blocks.BytesOut.ShouldBe(0);
    }

    [Fact]
    public async Task Clients_that_stop_in_the_middle_do_not_starve_the_one_that_goes_on()
    {
        await using var node = await TestNode.Start(s_small);
        var stalled = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => node.Connect()));
        await Task.WhenAll(stalled.Select((c, i) => c.Send(WireClient.Header($"stalled-{i}.bin", 200_000), Bodies.Of(100_000))));
        await Bodies.Until("all are half-way", () => node.Parts().Count(p => new FileInfo(p).Length >= 100_000) == stalled.Length);
        var body = Bodies.Of(8 << 20);
        using var live = await node.Connect();

        (await live.Put("live.bin", body)).ShouldBe("203");

        node.Stored().Keys.ShouldBe(["live.bin"]);
        node.Stored()["live.bin"].AsSpan().SequenceEqual(body).ShouldBeTrue();
        foreach (var client in stalled)
            client.Dispose();
        await node.Events.UntilCount<ServerEvent.Refused>(stalled.Length, e => e.Rejection == "PeerVanished");
        await node.NothingIsLeft();
    }
}
