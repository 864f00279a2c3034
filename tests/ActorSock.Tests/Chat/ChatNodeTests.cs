using ActorSock.Chat;
using ActorSock.Events;
using ActorSock.Testing;

namespace ActorSock.Tests.Chat;

/// <summary>The chat of a node, over real sockets.</summary>
public class ChatNodeTests
{
    private static Task<TestNode> Start(params string[] settings) => TestNode.Start([.. TestNode.On("chat"), .. settings]);

    private static Task<Talker> Udp(TestNode node, string name) => Talker.Joined(Talker.Udp(node.PortOf("chat-udp")), name);

    private static Task<Talker> Tcp(TestNode node, string name) => Talker.Joined(Talker.Tcp(node.PortOf("chat")), name);

    [Fact]
    public async Task Those_with_datagrams_and_those_with_connections_talk_to_one_another()
    {
        await using var node = await Start();
        using var alice = await Udp(node, "alice");
        using var bob = await Tcp(node, "bob");
        (await alice.Hear()).ShouldBe("came bob");

        await alice.Say("/to#1 bob 你好");
        (await bob.Hear()).ShouldBe("from alice: 你好");
        (await alice.Hear()).ShouldBe("delivered#1 bob");
        await bob.Say("hello everybody");
        (await alice.Hear()).ShouldBe("from bob to all: hello everybody");
        (await bob.Hear()).ShouldBe("delivered all 1 of 1");
        await alice.Say("/who");
        (await alice.Hear()).ShouldBe("here alice bob");

        bob.Dispose();
        (await alice.Hear()).ShouldBe("left bob: connection closed");
        var left = await node.Events.Until<ServerEvent.ChatLeft>();
        (left.Member, left.Reason, left.Sent, left.Received).ShouldBe(("bob", "connection closed", 1, 1));
        node.Events.Of<ServerEvent.ChatJoined>().Select(e => (e.Member, e.Members)).ShouldBe([("alice", 1), ("bob", 2)]);
    }

    [Fact]
    public async Task Texts_are_in_no_event()
    {
        await using var node = await Start();
        using var alice = await Udp(node, "alice");
        using var bob = await Udp(node, "bob");
        await alice.Say("/to bob secret-word");
        (await bob.Hear()).ShouldBe("from alice: secret-word");
        await alice.Say("/leave");
        await node.Events.Until<ServerEvent.ChatLeft>();

        node.Events.All.ShouldAllBe(e => !e.ToString()!.Contains("secret-word"));
    }

    [Fact]
    public async Task Lines_may_come_cut_anywhere_and_several_at_once()
    {
        await using var node = await Start();
        using var alice = await Talker.Tcp(node.PortOf("chat"));
        var said = System.Text.Encoding.UTF8.GetBytes("/join ålice\r\n\n/to#1 ålice 一\n/who#2\n/ping#3\n");

        foreach (var b in said)
            await alice.SayRaw([b]);

        string[] heard = [await alice.Hear(), await alice.Hear(), await alice.Hear(), await alice.Hear(), await alice.Hear()];
        heard.ShouldBe(["joined ålice silence 300", "from ålice: 一", "delivered#1 ålice", "here#2 ålice", "pong#3"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_line_that_never_ends_is_refused_and_the_next_one_is_heard()
    {
        await using var node = await Start();
        using var alice = await Tcp(node, "alice");

        for (var i = 0; i < 100; i++)
            await alice.SayRaw(new byte[10_000].Select(_ => (byte)'x').ToArray());
        (await alice.Hear()).ShouldStartWith("refused 413 too long: the line has ");
        await alice.Say("");
        await alice.Say("/ping");
        (await alice.Hear()).ShouldBe("pong");
    }

    [Fact]
    public async Task Who_does_not_acknowledge_is_repeated_to_by_the_clock_of_the_node()
    {
        await using var node = await Start("actorsock.chat.repeat-after=20ms");
        using var bob = await Udp(node, "bob acks");
        using var alice = await Udp(node, "alice");
        (await bob.Hear()).ShouldBe("came alice");

        await alice.Say("/to#1 bob one");
        var first = await bob.Hear();
        first.ShouldMatch(@"\Afrom#\d+ alice: one\z");
        for (var i = 0; i < 4; i++)
            (await bob.Hear()).ShouldBe(first);
        (await alice.Hear()).ShouldBe("undelivered#1 bob: no answer");

        await alice.Say("/to#2 bob two");
        var second = await bob.Hear();
        await bob.Say($"/got {second[5..second.IndexOf(' ')]}");
        (await alice.Hear()).ShouldBe("delivered#2 bob");
    }

    [Fact]
    public async Task Who_is_silent_is_gone_by_the_clock_of_the_node()
    {
        await using var node = await Start("actorsock.chat.silence-limit=50ms");
        using var alice = await Udp(node, "alice");

        (await alice.Hear()).ShouldBe("left alice: silent for 0.05 s");

        (await node.Events.Until<ServerEvent.ChatLeft>()).Reason.ShouldBe("silent for 0.05 s");
        using var other = await Udp(node, "ALICE");
    }

    [Fact]
    public async Task A_connection_that_says_nothing_is_closed_and_its_name_is_free()
    {
        await using var node = await Start("actorsock.connections.idle-limit=100ms");
        using var alice = await Tcp(node, "alice");

        (await alice.Hear()).ShouldBe("");
        alice.Dispose();
        await node.Events.Until<ServerEvent.ChatLeft>();
        using var again = await Tcp(node, "alice");
    }

    [Fact]
    public async Task A_member_that_does_not_read_costs_the_others_nothing()
    {
        await using var node = await Start("actorsock.connections.send-deadline=300ms", "actorsock.chat.lines-a-second=100000", "actorsock.chat.lines-burst=100000",
            "actorsock.chat.text-bytes-max=32KiB", "actorsock.chat.outstanding-max=100");
        using var deaf = await Tcp(node, "deaf");
        using var bob = await Tcp(node, "bob");
        using var alice = await Tcp(node, "alice");
        (await bob.Hear()).ShouldBe("came alice");
        var text = new string('x', 30_000);

        var undelivered = 0;
        for (var i = 0; i < 2000 && undelivered == 0; i++)
        {
            await alice.Say($"/to#{i} deaf {text}");
            await alice.Say($"/to bob {i}");
            for (string line; (line = await bob.Hear()) != $"from alice: {i}";)
                line.ShouldStartWith("left deaf");
            for (string line; (line = await alice.Hear()) != "delivered bob";)
                undelivered += line.StartsWith("undelivered", StringComparison.Ordinal) ? 1 : 0;
        }

        undelivered.ShouldBePositive();
        await node.Events.Until<ServerEvent.ConnectionClosed>(e => e.Reason.StartsWith("an answer was not taken", StringComparison.Ordinal));
        node.Node.Parts.Unsent.BytesTaken.ShouldBe(0);
    }

    [Fact]
    public async Task A_failure_of_the_chat_empties_the_room_and_everybody_is_told()
    {
        await using var node = await Start();
        using var alice = await Udp(node, "alice");
        using var bob = await Tcp(node, "bob");
        (await alice.Hear()).ShouldBe("came bob");

        node.Node.Parts.Chat.Tell(new ChatActor.Taken(null!, 1), ActorRefs.NoSender);

        (await alice.Hear()).ShouldBe("left alice: the chat has failed: join again");
        (await bob.Hear()).ShouldBe("left bob: the chat has failed: join again");
        (await node.Events.Until<ServerEvent.Restarted>()).Path.ShouldBe("/user/server/chat");
        await alice.Say("/who");
        (await alice.Hear()).ShouldBe("refused 401 join first: /join NAME");
        await alice.Say("/join alice");
        (await alice.Hear()).ShouldBe("joined alice silence 60");
        await bob.Say("/join bob");
        (await bob.Hear()).ShouldBe("joined bob silence 300");
        await bob.Say("/to alice there you are");
        (await alice.Hear()).ShouldBe("came bob");
        (await alice.Hear()).ShouldBe("from bob: there you are");
    }

    [Fact]
    public async Task A_conversation_whose_line_fails_is_told_to_go_on()
    {
        await using var node = await Start();
        var unended = new ChatActor.Heard(new ChatDoor.Lines("c-000009", "tcp://192.0.2.1:4000"), "/who"u8.ToArray());

        // Without its line feed it is no line, which no conversation does: the chat fails.
        await node.Node.Parts.Chat.Ask<ChatActor.Done>(unended, TimeSpan.FromSeconds(30));

        (await node.Events.Until<ServerEvent.Restarted>()).Path.ShouldBe("/user/server/chat");
    }

    [Fact]
    public async Task A_node_that_stops_tells_everybody()
    {
        var node = await Start();
        using var alice = await Udp(node, "alice");
        using var bob = await Tcp(node, "bob");
        (await alice.Hear()).ShouldBe("came bob");

        await node.DisposeAsync();

        (await alice.Hear()).ShouldBe("left alice: the node stops");
        (await bob.Hear()).ShouldBe("left bob: the node stops");
        (await bob.Hear()).ShouldBe("");
    }

    [Fact]
    public async Task A_flood_of_datagrams_leaves_the_others_talking()
    {
        await using var node = await Start();
        using var alice = await Udp(node, "alice");
        using var bob = await Udp(node, "bob");
        using var eve = await Talker.Udp(node.PortOf("chat-udp"));
        using var mallory = await Udp(node, "mallory");
        (await bob.Hear()).ShouldBe("came mallory");

        for (var i = 0; i < 20_000; i++)
        {
            await eve.Say("hello");
            await mallory.Say($"/to#{i} nobody {i}");
        }

        var answer = await bob.Ask("/to#1 mallory stop", line => line.Contains("#1 ", StringComparison.Ordinal));
        answer.ShouldBe("delivered#1 mallory");
    }
}
