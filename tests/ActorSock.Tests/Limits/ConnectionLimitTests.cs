using ActorSock.Events;
using ActorSock.Settings;
using ActorSock.Testing;

namespace ActorSock.Tests.Limits;

/// <summary>The most connections that may be open at once.</summary>
public sealed class ConnectionLimitTests
{
    [Fact]
    public async Task One_more_than_allowed_is_told_so_and_closed()
    {
        await using var node = await TestNode.Start("actorsock.connections.max=3");
        var open = await Open(node, 3);

        using var tooMany = await node.Connect();

        (await tooMany.ReadToEnd()).ShouldStartWith("503 the server is busy");
        (await node.Events.Until<ServerEvent.Refused>()).Rejection.ShouldBe("ServerBusy");
        node.Events.Of<ServerEvent.ConnectionOpened>().Count().ShouldBe(3);
        foreach (var client in open)
            (await client.Put("a.bin", Bodies.Of(1000))).ShouldBe("203");
        Close(open);
    }

    [Fact]
    public async Task One_that_sends_at_once_can_still_read_why_it_is_closed()
    {
        await using var node = await TestNode.Start("actorsock.connections.max=1");
        var open = await Open(node, 1);

        using var tooMany = await node.Connect();
        await tooMany.Send(WireClient.Header("a.bin", 500_000), Bodies.Of(500_000));

        (await tooMany.ReadToEnd()).ShouldStartWith("503 the server is busy");
        Close(open);
    }

    [Fact]
    public async Task After_one_has_left_the_next_is_accepted()
    {
        await using var node = await TestNode.Start("actorsock.connections.max=2");
        var open = await Open(node, 2);

        open[0].Dispose();

        // The place is free a moment after the connection's last event.
        await Bodies.Until("there is a place", async () =>
        {
            using var next = await node.Connect();
            return await next.Put("a.bin", Bodies.Of(1000)) == "203";
        });
        Close(open);
    }

    [Fact]
    public async Task A_crowd_at_the_door_leaves_nothing_behind()
    {
        await using var node = await TestNode.Start("actorsock.connections.max=1", "actorsock.connections.linger=100ms");
        var open = await Open(node, 1);

        var crowd = await Open(node, 0, more: 200);
        await node.Events.UntilCount<ServerEvent.Refused>(200, e => e.Rejection == "ServerBusy");

        (await open[0].Put("a.bin", Bodies.Of(1000))).ShouldBe("203");
        foreach (var client in crowd)
            (await client.ReadToEnd()).ShouldStartWith("503 the server is busy");
        Close([.. open, .. crowd]);
    }

    [Fact]
    public async Task The_operator_is_let_in_when_nobody_else_is()
    {
        await using var node = await TestNode.Start("actorsock.connections.max=1");
        var open = await Open(node, 1);
        var path = ((Endpoint.Unix)node.Node.Listeners.Single(l => l.Name == "admin").Endpoint).Path;

        using var admin = await WireClient.Connect(path);
        await admin.Send("tree\n");

        (await admin.ReadToEnd()).ShouldContain("\"c-000001\"");
        Close(open);
    }

    private static async Task<WireClient[]> Open(TestNode node, int count, int more = 0)
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, count + more).Select(_ => node.Connect()));
        await node.Events.UntilCount<ServerEvent.ConnectionOpened>(count);
        return clients;
    }

    private static void Close(IEnumerable<WireClient> clients)
    {
        foreach (var client in clients)
            client.Dispose();
    }
}
