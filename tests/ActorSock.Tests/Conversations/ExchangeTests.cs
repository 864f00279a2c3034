using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorSock.Connections;
using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Tests.Files;

namespace ActorSock.Tests.Conversations;

/// <summary>Title and greeter as conversations: many at once, rude peers, the end.</summary>
public sealed class ExchangeTests
{
    [Fact]
    public async Task Many_clients_at_once_each_get_their_own_answers()
    {
        await using var node = await TestNode.Start(TestNode.On("title"));
        var clients = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => WireClient.Connect(node.PortOf("title"))));

        await Task.WhenAll(clients.Select(async (client, i) =>
        {
            for (var round = 0; round < 20; round++)
            {
                await client.Send($"client {i} says {round}");
                (await client.Read($"Client {i} Says {round}".Length)).ShouldBe($"Client {i} Says {round}");
            }
        }));

        Array.ForEach(clients, client => client.Dispose());
    }

    [Fact]
    public async Task A_peer_that_does_not_read_is_closed_and_its_neighbour_does_not_notice()
    {
        await using var node = await TestNode.Start([.. TestNode.On("title"), "actorsock.connections.send-deadline=200ms"]);
        using var deaf = await WireClient.Connect(node.PortOf("title"));
        using var neighbour = await WireClient.Connect(node.PortOf("title"));

        var flood = Flood(deaf);
        var closed = await node.Events.Until<ServerEvent.ConnectionClosed>();

        closed.Connection.ShouldBe("c-000001");
        closed.Reason.ShouldBe("an answer was not taken within 0.2 s");
        await neighbour.Send("still here");
        (await neighbour.Read(10)).ShouldBe("Still Here");
        await flood;
        await Bodies.Until("nothing is held for it", () => node.Node.Parts.Unsent.BytesTaken == 0);
    }

    [Fact]
    public async Task A_silent_peer_is_closed_after_the_idle_limit()
    {
        await using var node = await TestNode.Start([.. TestNode.On("greeter"), "actorsock.connections.idle-limit=100ms"]);
        using var silent = await WireClient.Connect(node.PortOf("greeter"));

        (await silent.ReadToEnd()).ShouldBe("");

        silent.Dispose();
        (await node.Events.Until<ServerEvent.ConnectionClosed>()).Reason.ShouldBe("idle for 0.1 s");
    }

    [Fact]
    public async Task A_drain_closes_conversations_between_messages()
    {
        var node = await TestNode.Start(TestNode.On("title"));
        using var client = await WireClient.Connect(node.PortOf("title"));
        await client.Send("one");
        (await client.Read(3)).ShouldBe("One");

        var drained = node.Node.Drain("a test");
        (await client.ReadToEnd()).ShouldBe("");
        client.Dispose();
        await drained;

        (await node.Events.Until<ServerEvent.ConnectionClosed>()).Reason.ShouldBe("drained");
        await node.DisposeAsync();
    }

    [Fact]
    public async Task A_conversation_that_fails_goes_on_with_what_is_read_next()
    {
        await using var node = await TestNode.Start(TestNode.On("title"));
        using var client = await WireClient.Connect(node.PortOf("title"));
        await client.Send("one");
        (await client.Read(3)).ShouldBe("One");

        node.Node.System.ActorSelection("/user/server/connections/c-000001").Tell(new SocketLink.SendEnded(SocketError.Success), ActorRefs.NoSender);
        node.Node.System.ActorSelection("/user/server/connections/c-000001").Tell(Kill.Instance, ActorRefs.NoSender);
        await node.Events.Until<ServerEvent.Restarted>();
        await client.Send("two");

        (await client.Read(3)).ShouldBe("Two");
    }

    [Fact]
    public async Task The_largest_datagram_is_answered()
    {
        await using var node = await TestNode.Start(TestNode.On("title"));
        using var client = await WireClient.ConnectUdp(node.PortOf("title-udp"));
        var text = new string('a', 65_507);

        await client.Send(text);

        (await client.Read(0)).ShouldBe("A" + text[1..].ToLowerInvariant());
    }

    [Theory]
    [InlineData("greeter", "hi")]
    [InlineData("title", "")]
    public async Task An_empty_datagram_is_answered_as_the_courses_servers_do(string service, string answer)
    {
        await using var node = await TestNode.Start(TestNode.On(service));
        using var client = new UdpClient();
        client.Connect(IPAddress.Loopback, node.PortOf($"{service}-udp"));

        await client.SendAsync(ReadOnlyMemory<byte>.Empty);

        Encoding.UTF8.GetString((await client.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(30))).Buffer).ShouldBe(answer);
    }

    [Fact]
    public async Task Every_address_of_the_machine_of_both_families_can_be_listened_to_on_one_port()
    {
        if (!Socket.OSSupportsIPv6)
            return;
        int port;
        await using (var first = await TestNode.Start(TestNode.On("title")))
            port = first.PortOf("title"); // free again in a moment, and not given to others so soon

        await using var node = await TestNode.Start(
            $"actorsock.title.endpoint=[\"0.0.0.0:{port}\", \"[::]:{port}\"]", $"actorsock.title.udp-endpoint=[\"0.0.0.0:{port}\", \"[::]:{port}\"]");

        foreach (var listener in new[] { "title", "title-2", "title-udp", "title-udp-2" })
            node.PortOf(listener).ShouldBe(port);
    }

    [LinuxFact]
    public async Task A_flood_of_datagrams_is_dropped_and_counted()
    {
        await using var node = await TestNode.Start([.. TestNode.On("greeter"), "actorsock.listeners.udp-buffer-bytes=4KiB"]);
        using var flooder = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await flooder.ConnectAsync(IPAddress.Loopback, node.PortOf("greeter-udp"));
        var datagram = new byte[1000];

        while (!node.Events.Of<ServerEvent.DatagramsDropped>().Any(e => e.Overflowed > 0))
            flooder.Send(datagram);

        using var client = await WireClient.ConnectUdp(node.PortOf("greeter-udp"));
        var answer = client.Read(0);
        while (!answer.IsCompleted)
        {
            await client.Send("hello"); // the first ones may meet a full queue
            await Task.WhenAny(answer, Task.Delay(20));
        }
        (await answer).ShouldBe("hi");
    }

    private static async Task Flood(WireClient client)
    {
        try
        {
            var piece = Encoding.ASCII.GetBytes(new string('x', 65_536));
            while (true)
                await client.Send(piece);
        }
        catch (SocketException)
        {
            // The node has had enough.
        }
    }
}
