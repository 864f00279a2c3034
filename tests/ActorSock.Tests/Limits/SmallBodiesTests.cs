using ActorSock.Events;
using ActorSock.Testing;

namespace ActorSock.Tests.Limits;

/// <summary>What peers who send no digest can hold of the memory for small bodies.</summary>
public sealed class SmallBodiesTests
{
    private const int Rude = 300;

    [Theory]
    [InlineData(1)] // takes a block of 4 KiB: three hundred of these would be all there is
    [InlineData(5_000)]
    public async Task A_crowd_that_keeps_its_digests_back_starves_nobody(int bytes)
    {
        await using var node = await TestNode.Start("actorsock.memory.blocks-max=1MiB", "actorsock.memory.block-bytes=64KiB");
        var crowd = await Task.WhenAll(Enumerable.Range(0, Rude).Select(_ => node.Connect()));
        await Task.WhenAll(crowd.Select(async (client, i) =>
        {
            await client.Send(WireClient.Header($"{i}.bin", bytes), Bodies.Of(bytes));
            (await client.Read(2)).ShouldBe("OK");
        }));

        var (blocks, allowance) = (node.Node.Parts.Blocks, node.Node.Parts.SmallBodies);
        allowance.BytesTaken.ShouldBeInRange(1, 256 * 1024);
        await Bodies.Until("only small bodies keep blocks", () => blocks.BytesOut == allowance.BytesTaken);
        node.Parts().Length.ShouldBeGreaterThan(200, "the others are stored as large ones are");
        using var next = await node.Connect();
        (await next.Put("small.bin", Bodies.Of(100))).ShouldBe("203");
        (await next.Put("large.bin", Bodies.Of(1_000_000))).ShouldBe("203");

        await Task.WhenAll(crowd.Take(100).Select(async client =>
        {
            await client.Send(WireClient.Digits(Bodies.Of(bytes)));
            (await client.Read(3)).ShouldBe("203");
        }));
        foreach (var client in crowd)
            client.Dispose();
        await node.Events.UntilCount<ServerEvent.ConnectionClosed>(Rude);
        await node.NothingIsLeft();
        await Bodies.Until("the allowance is back", () => allowance.BytesTaken == 0);
    }
}
