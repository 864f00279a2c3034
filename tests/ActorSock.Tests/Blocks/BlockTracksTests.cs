using ActorSock.Blocks;
using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Tests.Logging;

namespace ActorSock.Tests.Blocks;

/// <summary>Who keeps a block is found out.</summary>
public sealed class BlockTracksTests : IDisposable
{
    private const int KiB = 1024;

    private readonly BlockPool _pool = new(64 * KiB, new BlockTracks(TimeProvider.System));

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void A_block_that_is_out_tells_who_rented_it_and_where()
    {
        var (kept, given) = (RentForSomebody(), _pool.TryRent(4 * KiB, "c-000002")!);

        given.Return();

        var rental = _pool.Rentals.ShouldHaveSingleItem();
        rental.Holder.ShouldBe("c-000001");
        rental.Bytes.ShouldBe(16 * KiB);
        rental.Place.ShouldContain(nameof(BlockTracksTests));
        rental.Age.ShouldBeGreaterThanOrEqualTo(TimeSpan.Zero);
        $"{rental}".ShouldStartWith("16384 bytes, rented by c-000001 ");
        kept.Return();
        _pool.Rentals.ShouldBeEmpty();
    }

    [Fact]
    public void A_block_that_was_waited_for_tells_who_waited_and_not_who_made_room()
    {
        var all = _pool.TryRent(64 * KiB, "c-000001")!;
        Block? granted = null;

        _pool.Wait(64 * KiB, new CallsBack(block => granted = block), "c-000002");
        all.Return();

        _pool.Rentals.ShouldHaveSingleItem().Holder.ShouldBe("c-000002");
        granted!.Return();
        _pool.Rentals.ShouldBeEmpty();
    }

    [Fact]
    public void The_oldest_comes_first()
    {
        var blocks = Enumerable.Range(1, 5).Select(i => _pool.TryRent(4 * KiB, $"c-{i}")!).ToList();

        blocks[2].Return();

        _pool.Rentals.Select(each => each.Holder).ShouldBe(["c-1", "c-2", "c-4", "c-5"]);
    }

    [Fact]
    public void Without_tracks_nobody_is_remembered()
    {
        using var pool = new BlockPool(64 * KiB);

        var block = pool.TryRent(4 * KiB, "c-000001")!;

        pool.IsTracked.ShouldBeFalse();
        pool.Rentals.ShouldBeEmpty();
        block.Return();
    }

    [Fact]
    public async Task A_node_that_ends_while_a_block_is_out_tells_who_has_it()
    {
        await using var node = await TestNode.Start();
        var block = node.Node.Parts.Blocks.TryRent(4 * KiB, "c-000042")!;

        await node.Node.Drain("test");

        node.Events.Of<ServerEvent.BlocksKept>().Select(e => (e.Blocks, e.Bytes, e.Tracked)).ShouldBe([(1, 4096, true)]);
        var kept = node.Events.Of<ServerEvent.BlockKept>().ShouldHaveSingleItem();
        LogLines.Of(kept).Text.ShouldMatch("^ERR never returned: 4096 bytes, rented by c-000042 .* before: BlockTracksTests");
        node.Events.All[^1].ShouldBeOfType<ServerEvent.NodeStopped>();
        (await Should.ThrowAsync<InvalidOperationException>(async () => await node.DisposeAsync())).Message.ShouldContain("c-000042");
        block.Return();
    }

    [Fact]
    public async Task A_node_that_does_not_track_tells_how_to_find_out()
    {
        await using var node = await TestNode.Start("actorsock.memory.track-blocks=off");
        var block = node.Node.Parts.Blocks.TryRent(4 * KiB)!;

        await node.Node.Drain("test");

        LogLines.Of(node.Events.Of<ServerEvent.BlocksKept>().Single()).Text.ShouldBe(
            "ERR 1 blocks (4096 bytes) were never returned: actorsock.memory.track-blocks = on tells who keeps them\n");
        node.Events.Of<ServerEvent.BlockKept>().ShouldBeEmpty();
        block.Return();
    }

    private Block RentForSomebody() => _pool.TryRent(10 * KiB, "c-000001")!;
}
