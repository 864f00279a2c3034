using System.Net;
using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests.Terminals;

public sealed class ChatPipeTests
{
    [PythonFact]
    public async Task The_courses_client_is_answered_line_by_line()
    {
        using var chat = await ChatByPipe.Start();
        await chat.Answer("你也好", "两点", "再见");
        chat.EndInput();

        var client = await Python.Run(
            "chat.py", "金老板\n你好\n\n几点?\n1\negg\nbye\n", "127.0.0.1", $"{chat.Address.Port}");

        client.Error.ShouldBe("");
        var who = $"来自[127.0.0.1:{chat.Address.Port}]的一条消息:";
        client.Output.ShouldBe($"{who}\e[1;44m你也好\e[0m\n{who}\e[1;44m两点\e[0m\n{who}\e[1;44m再见\e[0m\n");
        (await chat.Shown())!.ShouldEndWith("] 你好");
        (await chat.Shown())!.ShouldEndWith("] 几点?");
        (await chat.Shown())!.ShouldEndWith("] bye");
        (await chat.UntilEnded()).ShouldBe(0);
    }

    [Fact]
    public async Task Several_peers_are_answered_in_the_order_of_their_messages()
    {
        using var chat = await ChatByPipe.Start();
        using UdpPeer one = chat.Peer(), two = chat.Peer(), three = chat.Peer();
        foreach (var (peer, text) in new[] { (one, "a"), (two, "b"), (one, "c"), (three, "d") })
        {
            peer.Say(text);
            (await chat.Shown()).ShouldBe($"[{peer.Address}] {text}");
        }

        await chat.Answer("to one", "to two", "", "/to three");

        one.Hear().ShouldBe("to one");
        two.Hear().ShouldBe("to two");
        one.Hear().ShouldBe("");
        three.Hear().ShouldBe("/to three");
        chat.EndInput();
        (await chat.UntilEnded()).ShouldBe(0);
        (await chat.Remark()).ShouldBeNull();
    }

    [Fact]
    public async Task A_line_without_a_message_waits_for_one_also_after_the_end_of_the_input()
    {
        using var chat = await ChatByPipe.Start();
        await chat.Answer("first", "second");
        chat.EndInput();
        using var peer = chat.Peer();

        peer.Say("1");
        peer.Hear().ShouldBe("first");
        peer.Say("2");
        peer.Hear().ShouldBe("second");

        (await chat.UntilEnded()).ShouldBe(0);
    }

    [Fact]
    public async Task A_message_is_one_line_whatever_is_in_it()
    {
        using var chat = await ChatByPipe.Start();
        using var peer = chat.Peer();

        peer.Say("a\n[1.2.3.4:5] forged\e[2J\u202E\n");
        (await chat.Shown()).ShouldBe($@"[{peer.Address}] a\u{{0A}}[1.2.3.4:5] forged\u{{1B}}[2J\u{{202E}}");
        peer.Say([0xFF, (byte)'x', 0xE4, 0xBD]);
        (await chat.Shown()).ShouldBe($@"[{peer.Address}] \xFFx\xE4\xBD");
        peer.Say([]);
        (await chat.Shown()).ShouldBe($"[{peer.Address}] ");
    }

    [Fact]
    public async Task The_largest_datagram_goes_both_ways_and_a_larger_answer_is_refused()
    {
        using var chat = await ChatByPipe.Start();
        using var peer = chat.Peer();
        var largest = new string('x', 65_507);

        peer.Say(largest);
        (await chat.Shown()).ShouldBe($"[{peer.Address}] {largest}");
        await chat.Answer(largest);
        peer.Hear().ShouldBe(largest);

        peer.Say("more");
        await chat.Answer(largest + "x");
        (await chat.Remark()).ShouldBe(
            $"not sent to {peer.Address}: 65508 bytes are too many for a datagram: send at most 65507");
        chat.EndInput();
        (await chat.UntilEnded()).ShouldBe(1);
    }

    [Fact]
    public async Task Beyond_a_thousand_messages_none_is_kept_and_that_is_told()
    {
        using var chat = await ChatByPipe.Start();
        using var peer = chat.Peer();
        for (var n = 0; n < 1000; n++)
        {
            peer.Say($"{n}");
            (await chat.Shown()).ShouldBe($"[{peer.Address}] {n}");
        }

        for (var n = 1; n <= 2; n++) peer.Say("too many");
        (await chat.Remark()).ShouldBe("dropped 1 message so far: 1000 wait for an answer: answer some");
        (await chat.Remark()).ShouldStartWith("dropped 2 messages so far");
        await chat.Answer("one");
        peer.Hear().ShouldBe("one");
        peer.Say("again");
        (await chat.Shown()).ShouldBe($"[{peer.Address}] again");
        chat.EndInput();

        (await chat.UntilEnded()).ShouldBe(0);
        (await chat.Remark()).ShouldStartWith("dropped 2 messages so far");
    }

    [Fact]
    public async Task It_listens_on_IPv6_and_on_both_families()
    {
        using var six = await ChatByPipe.Start("[::1]:0");
        using (var peer = six.Peer())
        {
            peer.Say("six");
            (await six.Shown()).ShouldBe($"[{peer.Address}] six");
            await six.Answer("yes");
            peer.Hear().ShouldBe("yes");
        }

        using var both = await ChatByPipe.Start("[::]:0");
        using (var peer = new UdpPeer(new IPEndPoint(IPAddress.Loopback, both.Address.Port)))
        {
            peer.Say("four");
            (await both.Shown()).ShouldBe($"[{peer.Address}] four");
            await both.Answer("yes");
            peer.Hear().ShouldBe("yes");
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_it_with_3()
    {
        using var chat = await ChatByPipe.Start();

        var ended = await Executable.Run(AppContext.BaseDirectory, "chat", "--listen", $"{chat.Address}");

        ended.ExitCode.ShouldBe(3);
        ended.Output.ShouldBe("");
        ended.Error.ShouldBe($"cannot listen on udp://{chat.Address}: Address already in use: " +
            "stop what listens there, or say --listen with another address\n");
    }

    [Theory]
    [InlineData("unix:/tmp/chat", "chat speaks UDP")]
    [InlineData("127.0.0.1", "no port")]
    [InlineData("300.1.1.1:5", "no IPv4 address")]
    public async Task What_is_no_place_to_listen_is_misuse(string listen, string why)
    {
        var ended = await Executable.Run(AppContext.BaseDirectory, "chat", "--listen", listen);

        ended.ExitCode.ShouldBe(2);
        ended.Error.ShouldContain(why);
    }

    [LinuxFact]
    public async Task Ctrl_C_ends_it_with_130()
    {
        using var chat = await ChatByPipe.Start();

        chat.Interrupt();

        (await chat.UntilEnded()).ShouldBe(130);
        (await chat.Remark()).ShouldBeNull();
    }

    [LinuxFact]
    public async Task It_ends_when_nobody_reads_it()
    {
        using var chat = await ChatByPipe.Start();
        using var peer = chat.Peer();

        chat.CloseOutput();
        peer.Say("anybody?");

        (await chat.UntilEnded()).ShouldBe(0);
    }
}
