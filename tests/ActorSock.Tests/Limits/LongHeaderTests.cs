using ActorSock.Events;
using ActorSock.Testing;

namespace ActorSock.Tests.Limits;

public sealed class LongHeaderTests
{
    [Fact]
    public async Task Long_headers_under_way_have_a_ceiling_for_all_of_them_together()
    {
        await using var node = await TestNode.Start("actorsock.memory.blocks-max=256KiB", "actorsock.memory.block-bytes=256KiB");
        var half = """{"action":"put","filename":"a","filesize":1,"more":" """ + new string('x', 20_000);
        var clients = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => node.Connect()));

        foreach (var client in clients)
            await client.Send(half);
        await node.Events.Until<ServerEvent.Refused>(e => e.Rejection == "ServerBusy");

        node.Node.Parts.LongHeaders.BytesTaken.ShouldBeLessThanOrEqualTo(64 * 1024);
        foreach (var client in clients)
            client.Dispose();
        await node.Events.UntilCount<ServerEvent.ConnectionClosed>(clients.Length);
        using var next = await node.Connect();
        (await next.Put("a.bin", [1, 2, 3])).ShouldBe("203");
        node.Node.Parts.LongHeaders.BytesTaken.ShouldBe(0);
    }
}
