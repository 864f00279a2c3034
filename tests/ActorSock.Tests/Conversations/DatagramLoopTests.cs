using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorSock.Events;
using ActorSock.Testing;

namespace ActorSock.Tests.Conversations;

/// <summary>Services that answer each other, which a forged datagram can bring about: they come to an end.</summary>
public sealed class DatagramLoopTests
{
    private const int Echoes = 20, Answers = 300;

    private static readonly string[] s_limits =
        [$"actorsock.listeners.udp-echoes-max={Echoes}", $"actorsock.listeners.udp-answers-max={Answers}",
            "actorsock.listeners.udp-pause=1m", "actorsock.listeners.udp-harmless-a-second=0", "actorsock.chat.stranger-lines-a-second=1000000", "actorsock.chat.lines-burst=1000000"];

    [Theory]
    [InlineData("title", "answer me", 1 + Echoes)] // the first is no echo: it comes back in title case
    [InlineData("greeter", "answer me", 1 + Echoes)]
    [InlineData("chat", "answer me", Echoes)]
    public async Task A_service_that_sends_everything_back_is_answered_so_often_and_no_more(string service, string first, int answered)
    {
        await using var node = await Start(service);
        await using var echo = new AnsweringPeer(node.PortOf($"{service}-udp"));

        await echo.Say(Encoding.UTF8.GetBytes(first));

        var dropped = await node.Events.Until<ServerEvent.DatagramsDropped>();
        (dropped.Listener, dropped.Circled, dropped.Unanswered, dropped.Overflowed).ShouldBe(($"{service}-udp", 1, 0, 0));
        echo.Heard.ShouldBe(answered);
    }

    [Fact]
    public async Task A_service_that_says_something_else_each_time_is_answered_longer_and_not_for_ever()
    {
        await using var node = await Start("title");
        AnsweringPeer? time = null;
        await using var told = time = new AnsweringPeer(node.PortOf("title-udp"), (_, n) => time!.Say(Encoding.UTF8.GetBytes($"it is {n} o'clock")));

        await time.Say("what time is it?"u8.ToArray());

        (await node.Events.Until<ServerEvent.DatagramsDropped>()).Circled.ShouldBe(1);
        time.Heard.ShouldBe(Answers);
    }

    [Theory]
    [InlineData("title", "title")]
    [InlineData("title", "greeter")]
    [InlineData("greeter", "greeter")]
    [InlineData("chat", "title")]
    [InlineData("chat", "greeter")]
    [InlineData("chat", "chat")]
    public async Task Two_nodes_that_are_made_to_answer_each_other_stop(string service, string other)
    {
        await using var node = await Start(service);
        await using var neighbour = await Start(other);
        AnsweringPeer? there = null, here = null;
        await using var a = here = new AnsweringPeer(node.PortOf($"{service}-udp"), (datagram, _) => there!.Say(datagram));
        await using var b = there = new AnsweringPeer(neighbour.PortOf($"{other}-udp"), (datagram, _) => here.Say(datagram));

        await here.Say("answer me"u8.ToArray());

        var dropped = await Task.WhenAny(node.Events.Until<ServerEvent.DatagramsDropped>(), neighbour.Events.Until<ServerEvent.DatagramsDropped>());
        (await dropped).Circled.ShouldBe(1);
        (here.Heard + there.Heard).ShouldBeLessThanOrEqualTo(2 * (Echoes + 2));
    }

    [Fact]
    public async Task By_the_defaults_too()
    {
        await using var node = await TestNode.Start(TestNode.On("greeter"));
        await using var echo = new AnsweringPeer(node.PortOf("greeter-udp"));

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => echo.Say("answer me"u8.ToArray())));

        await node.Events.Until<ServerEvent.DatagramsDropped>(_ => node.Events.Of<ServerEvent.DatagramsDropped>().Sum(e => e.Circled) == 3);
        echo.Heard.ShouldBeGreaterThanOrEqualTo(3 + 3 * 1000); // and a few more for the time that it takes
    }

    [Fact]
    public async Task A_client_whose_port_is_that_of_a_service_is_answered()
    {
        await using var node = await TestNode.Start([.. TestNode.On("title"), .. TestNode.On("greeter")]);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        client.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.3"), node.PortOf("title-udp")));
        await client.ConnectAsync(IPAddress.Loopback, node.PortOf("greeter-udp"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var answer = new byte[10];

        await client.SendAsync("hello"u8.ToArray());

        var length = await client.ReceiveAsync(answer, patience.Token);
        Encoding.UTF8.GetString(answer, 0, length).ShouldBe("hi");
    }

    private static Task<TestNode> Start(string service) => TestNode.Start([.. TestNode.On(service), .. s_limits]);
}
