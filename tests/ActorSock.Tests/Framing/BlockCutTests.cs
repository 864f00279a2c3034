using ActorSock.Testing;

namespace ActorSock.Tests.Framing;

/// <summary>Where bodies are cut into blocks, however their bytes come.</summary>
public sealed class BlockCutTests
{
    private const int Page = 4096;

    private static readonly string[] s_settings =
        ["actorsock.files.direct-bytes-min=100KiB", "actorsock.memory.blocks-max=1MiB", "actorsock.memory.block-bytes=64KiB"];

    [Theory]
    [InlineData(300_000, 1)]
    [InlineData(1_234_567, 2)]
    [InlineData(100 * Page, 3)]
    [InlineData(100 * Page + 1, 4)]
    public async Task Every_write_of_a_large_body_but_the_last_begins_and_ends_on_a_page(int size, int seed)
    {
        RecordsWrites? store = null;
        await using var node = await TestNode.Start(null, real => store = new RecordsWrites(real), s_settings);
        var body = Bodies.Of(size, seed);

        await PutInPieces(node, body, new Random(seed), pieceMax: size / 20);

        var writes = store!.Writes;
        writes.Sum(write => (long)write.Length).ShouldBe(size);
        writes.ShouldAllBe(write => write.Address % Page == 0 && write.Offset % Page == 0);
        writes.SkipLast(1).ShouldAllBe(write => write.Length % Page == 0);
        writes.Count.ShouldBeGreaterThan(10);
        node.Stored()["a.bin"].AsSpan().SequenceEqual(body).ShouldBeTrue();
        node.Node.Parts.LongHeaders.BytesTaken.ShouldBe(0);
    }

    [Fact]
    public async Task Where_no_memory_is_left_for_rests_of_pages_the_file_is_right_all_the_same()
    {
        RecordsWrites? store = null;
        await using var node = await TestNode.Start(null, real => store = new RecordsWrites(real), s_settings);
        var rests = node.Node.Parts.LongHeaders;
        rests.TryTake(256 * 1024).ShouldBeTrue(); // a quarter of the blocks: all
        var body = Bodies.Of(300_001);

        await PutInPieces(node, body, new Random(5), pieceMax: 20_000);

        store!.Writes.SkipLast(1).ShouldContain(write => write.Length % Page != 0);
        node.Stored()["a.bin"].AsSpan().SequenceEqual(body).ShouldBeTrue();
        rests.BytesTaken.ShouldBe(256 * 1024);
    }

    [Fact]
    public async Task A_peer_that_leaves_in_the_middle_of_a_page_leaves_nothing()
    {
        await using var node = await TestNode.Start(s_settings);
        using var client = await node.Connect();
        await client.Send(WireClient.Header("a.bin", 200_000), Bodies.Of(10_001));
        await Bodies.Until("the rest of a page is kept", () => node.Node.Parts.LongHeaders.BytesTaken > 0);

        client.Reset();

        await node.UntilClosed("c-000001");
        await node.NothingIsLeft();
        await Bodies.Until("its memory is back", () => node.Node.Parts.LongHeaders.BytesTaken == 0);
    }

    [Fact]
    public async Task A_small_body_in_many_pieces_takes_one_block_while_the_peer_is_waited_for()
    {
        await using var node = await TestNode.Start(s_settings);
        var body = Bodies.Of(65_536);
        var most = 0;

        await PutInPieces(node, body, new Random(6), pieceMax: 2_000, atEachPiece: () =>
        {
            most = Math.Max(most, node.Node.Parts.Blocks.BlocksOut);
            return Bodies.Until("one block has all that came", () => node.Node.Parts.Blocks.BlocksOut <= 1);
        });

        most.ShouldBeInRange(1, 2);
        node.Stored()["a.bin"].ShouldBe(body);
    }

    /// <summary>Sends a body in pieces of odd sizes, and each when the one before was read.</summary>
    private static async Task PutInPieces(TestNode node, byte[] body, Random random, int pieceMax, Func<Task>? atEachPiece = null)
    {
        using var client = await node.Connect();
        var header = WireClient.Header("a.bin", body.Length);
        await client.Send(header);
        for (var sent = 0; sent < body.Length;)
        {
            var piece = Math.Min(random.Next(1, pieceMax + 1), body.Length - sent);
            await client.Send(body[sent..(sent + piece)]);
            sent += piece;
            await Bodies.Until($"{sent} bytes are read", async () => (await Note(node)).Contains($" {header.Length + sent} bytes in,"));
            await (atEachPiece?.Invoke() ?? Task.CompletedTask);
        }
        (await client.Read(2)).ShouldBe("OK");
        await client.Send(WireClient.Digits(body));
        (await client.Read(3)).ShouldBe("203");
    }

    private static async Task<string> Note(TestNode node) =>
        (await node.Node.Tree()).Children.Single(child => child.Name == "connections").Children is [{ Note: var note }, ..]
            ? note
            : ""; // it was not accepted yet
}
