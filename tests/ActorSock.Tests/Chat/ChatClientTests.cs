using ActorSock.Chat;
using ActorSock.Client.Chat;
using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Wire.Text;
using Xunit.Abstractions;

namespace ActorSock.Tests.Chat;

/// <summary>The client library against a node, over real sockets.</summary>
public class ChatClientTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    // A machine that is busy with other tests is no reason to fail.
    private static readonly ChatOptions s_options = new() { RepeatAfter = TimeSpan.FromMilliseconds(20), JoinPatience = s_patience, Patience = s_patience };

    private static Task<TestNode> Start(params string[] settings) => TestNode.Start([.. TestNode.On("chat"), "actorsock.chat.repeat-after=20ms", .. settings]);

    private static Task<ChatClient> Join(int port, string name, ChatOptions? options = null) =>
        ChatClient.JoinAsync($"127.0.0.1:{port}", name, options ?? s_options);

    private static async Task<T> Hear<T>(ChatClient client) where T : ChatNews
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            if (await client.News.ReadAsync(patience.Token) is T heard)
                return heard;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_talk_and_are_told_what_became_of_it(bool overTcp)
    {
        await using var node = await Start();
        var options = s_options with { OverTcp = overTcp };
        var port = node.PortOf(overTcp ? "chat" : "chat-udp");
        await using var alice = await Join(port, "alice", options);
        await using var bob = await Join(port, "bob", options);

        (await alice.SayAsync("bob", "你好")).ShouldBeOfType<ChatNotice.Delivered>().To.ShouldBe("bob");
        (await bob.SayAsync("all", "/hello")).ShouldBeOfType<ChatNotice.DeliveredToAll>().Got.ShouldBe(1);
        (await alice.SayAsync("carol", "hi")).ShouldBeOfType<ChatNotice.Unknown>();
        (await alice.SayAsync("bob", new string('x', 1001))).ShouldBeOfType<ChatNotice.Refused>().Code.ShouldBe(413);
        (await alice.WhoAsync()).ShouldBe(["alice", "bob"]);

        (await Hear<ChatNews.Text>(bob)).ShouldBe(new ChatNews.Text("alice", "你好", false));
        (await Hear<ChatNews.Text>(alice)).ShouldBe(new ChatNews.Text("bob", "/hello", true));
        (await bob.LeaveAsync()).ShouldBeTrue();
        (await Hear<ChatNews.Left>(alice)).Name.ShouldBe("bob");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Over_a_network_that_loses_a_third_each_text_arrives_once_and_in_order(int seed)
    {
        const int Texts = 25;
        await using var node = await Start("actorsock.chat.lines-a-second=100000", "actorsock.chat.lines-burst=100000",
            "actorsock.chat.stranger-lines-a-second=1000", "actorsock.chat.repeats-max=8");
        await using var link = new LossyLink(node.PortOf("chat-udp"), loss: 0.33, seed);
        var options = s_options with { Patience = TimeSpan.FromMinutes(1), JoinPatience = TimeSpan.FromMinutes(1) };
        await using var alice = await Join(link.Port, "alice", options);
        await using var bob = await Join(link.Port, "bob", options);
        await using var carol = await Join(link.Port, "carol", options);

        var delivered = await Task.WhenAll(Say(alice, "carol"), Say(bob, "carol"), Say(carol, "alice"));
        var marks = await Task.WhenAll(alice.SayAsync("carol", "end"), carol.SayAsync("alice", "end"));
        marks.ShouldAllBe(mark => mark is ChatNotice.Delivered);

        output.WriteLine($"seed {seed}: {link.Lost} datagrams lost, {delivered.Sum(each => each.Count)} texts delivered");
        var toCarol = await TextsUntilEnd(carol);
        var toAlice = await TextsUntilEnd(alice);
        delivered[0].ShouldBe(toCarol.Where(text => text.StartsWith("alice", StringComparison.Ordinal)).Intersect(delivered[0]));
        delivered[1].ShouldBe(toCarol.Where(text => text.StartsWith("bob", StringComparison.Ordinal)).Intersect(delivered[1]));
        delivered[2].ShouldBe(toAlice.Intersect(delivered[2]));
        node.Events.Of<ServerEvent.Restarted>().ShouldBeEmpty();
        foreach (var twice in toCarol.Concat(toAlice).GroupBy(text => text).Where(same => same.Count() > 1))
            output.WriteLine(string.Join('\n', link.Carried.SkipWhile(line => !line.Contains(twice.Key, StringComparison.Ordinal)).Take(100)));
        toCarol.ShouldBeUnique();
        toAlice.ShouldBeUnique();
        delivered.Sum(each => each.Count).ShouldBeGreaterThan(Texts);
        link.Lost.ShouldBeGreaterThan(Texts);

        static async Task<List<string>> Say(ChatClient from, string to)
        {
            var delivered = new List<string>();
            for (var i = 0; i < Texts; i++)
            {
                if (await from.SayAsync(to, $"{from.Name} {i}") is ChatNotice.Delivered)
                    delivered.Add($"{from.Name} {i}");
            }
            return delivered;
        }

        static async Task<List<string>> TextsUntilEnd(ChatClient client)
        {
            var texts = new List<string>();
            while (await Hear<ChatNews.Text>(client) is { Said: not "end" } text)
            {
                text.Said.ShouldStartWith(text.From);
                texts.Add(text.Said);
            }
            return texts;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_the_node_comes_back_so_does_the_client(bool overTcp)
    {
        var node = await Start();
        var key = overTcp ? "endpoint" : "udp-endpoint";
        var port = node.PortOf(overTcp ? "chat" : "chat-udp");
        await using var alice = await Join(port, "alice", s_options with { OverTcp = overTcp });

        await node.DisposeAsync();
        (await Hear<ChatNews.Lost>(alice)).Why.ShouldBe("the node stops");
        await using var again = await Start($"actorsock.chat.{key}=127.0.0.1:{port}");
        await Hear<ChatNews.Back>(alice);

        (await alice.SayAsync("alice", "hello")).ShouldBeOfType<ChatNotice.Delivered>();
        (await Hear<ChatNews.Text>(alice)).Said.ShouldBe("hello");
    }

    [Fact]
    public async Task A_failure_of_the_chat_is_noticed_and_mended()
    {
        await using var node = await Start();
        await using var alice = await Join(node.PortOf("chat-udp"), "alice");
        await using var bob = await Join(node.PortOf("chat"), "bob", s_options with { OverTcp = true });

        node.Node.Parts.Chat.Tell(new ChatActor.Taken(null!, 1), ActorRefs.NoSender);
        await Hear<ChatNews.Back>(alice);
        await Hear<ChatNews.Back>(bob);

        (await alice.SayAsync("bob", "still there?")).ShouldBeOfType<ChatNotice.Delivered>();
        (await Hear<ChatNews.Text>(bob)).Said.ShouldBe("still there?");
    }

    [Fact]
    public async Task A_client_says_by_itself_that_it_is_there()
    {
        await using var node = await Start("actorsock.chat.silence-limit=3s");
        await using var alice = await Join(node.PortOf("chat-udp"), "alice");

        // Who joins after her and says nothing leaves when she would have left before, had she said nothing either.
        using var silent = await Talker.Udp(node.PortOf("chat-udp"));
        await silent.Say("/join silent");
        await node.Events.Until<ServerEvent.ChatLeft>(left => left.Member == "silent");

        (await alice.WhoAsync()).ShouldBe(["alice"]);
        node.Events.Of<ServerEvent.ChatLeft>().ShouldNotContain(left => left.Member == "alice");
    }

    [Fact]
    public async Task Who_says_too_much_waits_until_it_may()
    {
        await using var node = await Start("actorsock.chat.lines-a-second=2", "actorsock.chat.lines-burst=3");
        await using var alice = await Join(node.PortOf("chat-udp"), "alice");

        for (var i = 0; i < 5; i++)
            (await alice.SayAsync("nobody", $"{i}")).ShouldBeOfType<ChatNotice.Unknown>();
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused()
    {
        await using var node = await Start();
        await using var alice = await Join(node.PortOf("chat-udp"), "alice");

        var refused = await Should.ThrowAsync<ChatRefusedException>(Join(node.PortOf("chat-udp"), "Alice"));

        refused.Code.ShouldBe(409);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_nobody_is_the_client_says_so(bool overTcp)
    {
        var node = await Start();
        var port = node.PortOf(overTcp ? "chat" : "chat-udp");
        await node.DisposeAsync();

        var options = s_options with { OverTcp = overTcp, JoinPatience = TimeSpan.FromMilliseconds(300) };
        var failure = await Record.ExceptionAsync(() => Join(port, "alice", options));

        failure.ShouldNotBeNull().Message.ShouldContain("refused");
    }

    [Fact]
    public async Task A_caller_that_does_not_read_loses_no_text()
    {
        await using var node = await Start("actorsock.chat.lines-a-second=100000", "actorsock.chat.lines-burst=100000", "actorsock.chat.repeats-max=10");
        await using var slow = await Join(node.PortOf("chat-udp"), "slow", s_options with { NewsMax = 2 });
        await using var alice = await Join(node.PortOf("chat-udp"), "alice");

        var saying = Enumerable.Range(0, 10).Select(i => alice.SayAsync("slow", $"{i}")).ToArray();
        await Task.WhenAny(saying);
        var heard = new List<string>();
        while (heard.Count < 10)
            heard.Add((await Hear<ChatNews.Text>(slow)).Said);

        (await Task.WhenAll(saying)).ShouldAllBe(answer => answer is ChatNotice.Delivered);
        heard.ShouldBe(Enumerable.Range(0, 10).Select(i => $"{i}"));
    }
}
