using System.Net.Sockets;
using System.Text;
using ActorSock.Events;
using ActorSock.Testing;

namespace ActorSock.Tests.Limits;

/// <summary>A peer that talks and never listens.</summary>
public sealed class UnreadRepliesTests
{
    private const int Requests = 3000;

    [Fact]
    public async Task Replies_that_nobody_reads_end_the_connection_at_the_send_deadline()
    {
        // Over a Unix socket, where a few hundred replies fill the buffer; over TCP it would take megabytes.
        var folder = Directory.CreateTempSubdirectory("as-");
        var path = Path.Combine(folder.FullName, "door.sock");
        await using (var node = await TestNode.Start(
            $"actorsock.transfer.endpoint=[\"127.0.0.1:0\", \"unix:{path}\"]", "actorsock.connections.send-deadline=300ms"))
        {
            using var deaf = await WireClient.Connect(path);
            await node.Events.Until<ServerEvent.ConnectionOpened>();
            var sending = Deaf(deaf);

            using var live = await node.Connect();
            for (var i = 0; !node.Events.Of<ServerEvent.ConnectionClosed>().Any(e => e.Connection == "c-000001"); i++)
                (await live.Put($"live-{i % 10}.bin", Bodies.Of(50_000))).ShouldBe("203");

            var closed = await node.UntilClosed("c-000001");
            closed.Reason.ShouldBe("a reply was not taken within 0.3 s");
            (closed.UploadsRefused < Requests).ShouldBeTrue("it stopped reading when its replies were not taken");
            (await live.Put("after.bin", Bodies.Of(50_000))).ShouldBe("203");
            await sending;
            await node.NothingIsLeft();
        }
        folder.Delete(recursive: true);
    }

    /// <summary>Requests that are refused in the place of 200 need no disk, so the replies are all that piles up.</summary>
    private static async Task Deaf(WireClient client)
    {
        var request = Encoding.UTF8.GetBytes("""{"action":"put","filename":"../no","filesize":1}""");
        try
        {
            await client.Send([.. Enumerable.Repeat(request, Requests)]);
        }
        catch (SocketException)
        {
            // closed upon, as it should be
        }
    }
}
