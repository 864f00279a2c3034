using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests.Talking;

/// <summary>The chat of a node with real programs: <c>actorsock talk</c>, Python as CHAT.md writes it, and the course's client.</summary>
public sealed class TalkTests
{
    private static Task<RunningNode> Start(params string[] more) => RunningNode.Start(
        ["--set", "actorsock.chat.endpoint=127.0.0.1:0", "--set", "actorsock.chat.udp-endpoint=127.0.0.1:0", .. more]);

    [Fact]
    public async Task Two_talk_through_pipes()
    {
        await using var node = await Start();
        using var alice = await Conversing.Talk(node, "alice");
        using var bob = await Conversing.Talk(node, "bob", "--tcp");
        (await alice.Remark()).ShouldBe("bob has come");

        await alice.Say("@bob 你好");
        (await alice.Remark()).ShouldBe("delivered to bob");
        (await bob.Hear()).ShouldBe("[alice] 你好");
        await bob.Say("hello everybody");
        (await bob.Remark()).ShouldBe("delivered to all 1");
        (await alice.Hear()).ShouldBe("[bob to all] hello everybody");
        await bob.Say("/who");
        (await bob.Hear()).ShouldBe("alice bob");
        bob.EndInput();
        (await bob.UntilEnded()).ShouldBe(0);
        (await alice.Remark()).ShouldBe("bob has left");

        await alice.Say("/to bob are you there?");
        (await alice.Remark()).ShouldBe("nobody here is called bob: /who tells who is here");
        await alice.Say("/leave");
        (await alice.UntilEnded()).ShouldBe(1);
    }

    [Fact]
    public async Task A_file_of_lines_is_said_line_by_line_and_what_became_of_them_is_JSON()
    {
        await using var node = await Start();

        var ended = await Executable.RunProgram(Executable.Path, node.Folder, "hello\n@alice to myself\n@nobody x\n/who\n/jump\n",
            "talk", "alice", "--to", $"127.0.0.1:{node.PortOf("chat-udp")}", "--json");

        ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            """{"what":"delivered","to":"all","got":0,"of":0}""",
            """{"what":"text","from":"alice","to":"you","text":"to myself"}""",
            """{"what":"delivered","to":"alice"}""",
            """{"what":"unknown","to":"nobody"}""",
            """{"what":"here","names":["alice"]}""",
        ], ignoreOrder: true);
        ended.Error.ShouldContain("there is no /jump");
        ended.ExitCode.ShouldBe(1);
        await node.UntilLogged("\"alice\" of udp://127.0.0.1:");
        await node.UntilLogged("left the chat: left: 3 texts sent, 1 received");
    }

    [Fact]
    public async Task Who_is_not_let_in_is_told_why()
    {
        await using var node = await Start();
        var to = $"127.0.0.1:{node.PortOf("chat-udp")}";
        using var alice = await Conversing.Talk(node, "alice");

        var taken = await Executable.Run(node.Folder, "talk", "ALICE", "--to", to);
        var wrong = await Executable.Run(node.Folder, "talk", "a/b", "--to", to);

        (taken.ExitCode, taken.Error).ShouldBe((1, $"{to} does not let ALICE in: 409 name taken: alice is here from another address: choose another name\n"));
        wrong.ExitCode.ShouldBe(2);
        wrong.Error.ShouldContain("the name 'a/b' has a slash or a colon");
        (await Executable.Run(node.Folder, "talk", "bob", "--to", "127.0.0.1:1")).ExitCode.ShouldBe(3);
    }

    [Fact]
    public async Task A_talk_outlives_its_node()
    {
        await using var node = await Start();
        var port = node.PortOf("chat-udp");
        using var alice = await Conversing.Talk(node, "alice");

        await node.Kill();
        await using var again = await RunningNode.Start("--set", $"actorsock.chat.udp-endpoint=127.0.0.1:{port}");
        await alice.Say("/who");

        (await alice.Remark()).ShouldBe("not in the chat any more: the node has forgotten this name: trying to come back");
        (await alice.Remark()).ShouldBe("back in the chat");
        (await alice.Hear()).ShouldBe("alice");
        await alice.Say("@alice anybody?");
        (await alice.Hear()).ShouldBe("[alice] anybody?");
        await alice.Say("/leave");
        (await alice.UntilEnded()).ShouldBe(0);
    }

    [PythonFact]
    public async Task Messages_that_come_while_somebody_types_leave_the_line()
    {
        await using var node = await Start();
        using var bob = await Conversing.Talk(node, "bob");
        await using var alice = await Terminals.TerminalSession.Start(
            [("TERM", "xterm"), ("XDG_STATE_HOME", node.Folder)], 80, 80, "talk", "alice", "--to", $"127.0.0.1:{node.PortOf("chat-udp")}");
        await alice.UntilEdited("alice> |");

        await alice.Type("@bob 你好吗", "\e[D");
        await alice.UntilEdited("alice> @bob 你好|吗");
        await bob.Say("@alice 早上好");
        await alice.UntilShown("[bob] 早上好");
        alice.Paper.Edited.ShouldBe("alice> @bob 你好|吗");
        await alice.Type("\r");

        (await bob.Hear()).ShouldBe("[alice] 你好吗");
        await alice.UntilShown("delivered to bob");
        await alice.Type("/who\r");
        await alice.UntilShown("alice bob");
        await alice.Type("\x04");
        (await alice.UntilEnded()).ShouldBe((0, true));
        File.ReadAllLines(Path.Combine(node.Folder, "actorsock", "talk.history")).ShouldBe(["@bob 你好吗", "/who"]);
    }

    [PythonFact]
    public async Task The_courses_client_takes_part_under_the_name_that_the_operator_gave_it()
    {
        await using var node = await Start("--set", "actorsock.chat.bound={ egg { address = \"127.0.0.1\", to = alice } }");
        using var alice = await Conversing.Talk(node, "alice");
        var chat = Conversing.With(Python.Interpreter!, AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "Clients", "chat.py"), "127.0.0.1", $"{node.PortOf("chat-udp")}");

        await chat.Say("金老板");
        await chat.Say("你好");
        (await alice.Remark()).ShouldBe("egg has come");
        (await alice.Hear()).ShouldBe("[egg] 你好");
        await alice.Say("@egg 你也好");
        (await alice.Remark()).ShouldBe("delivered to egg");
        (await chat.Hear()).ShouldBe($"来自[127.0.0.1:{node.PortOf("chat-udp")}]的一条消息:\e[1;44malice: 你也好\e[0m");
        await alice.Say("/leave");
        await alice.UntilEnded();
        await chat.Say("还在吗");
        (await chat.Hear()).ShouldNotBeNull().ShouldContain("unknown alice");
        chat.EndInput();
        (await chat.UntilEnded()).ShouldBe(0);
        chat.Dispose();
    }

    [PythonFact]
    public async Task The_clients_of_the_document_work()
    {
        await using var node = await Start();
        var programs = Python.ProgramsOf("CHAT.md");
        var (overTcp, overUdp) = (Path.Combine(node.Folder, "tcp.py"), Path.Combine(node.Folder, "udp.py"));
        File.WriteAllText(overTcp, programs[0].Replace("7073", $"{node.PortOf("chat")}", StringComparison.Ordinal));
        File.WriteAllText(overUdp, programs[1] + $"""

            chat = Chat("127.0.0.1", {node.PortOf("chat-udp")}, "udp")
            print(chat.ask("/to", "tcp hello").split("#")[0], flush=True)
            while not chat.texts: chat.hear(1)
            print(chat.texts[0], flush=True)
            """);
        using var tcp = Conversing.With(Python.Interpreter!, node.Folder, "-u", overTcp, "tcp");
        (await tcp.Hear()).ShouldBe("joined tcp silence 300");

        using var udp = Conversing.With(Python.Interpreter!, node.Folder, overUdp);
        (await tcp.Hear()).ShouldBe("came udp");
        (await tcp.Hear()).ShouldBe("from udp: hello");
        (await udp.Hear()).ShouldBe("delivered");
        await tcp.Say("/to udp hello you");
        (await udp.Hear()).ShouldBe("tcp: hello you");
        (await tcp.Hear()).ShouldBe("delivered udp");
        (await udp.UntilEnded()).ShouldBe(0);
    }

    [PythonFact]
    public async Task A_name_cannot_be_taken_over_by_a_script()
    {
        await using var node = await Start();
        using var alice = await Conversing.Talk(node, "alice");
        var script = Path.Combine(node.Folder, "eve.py");
        File.WriteAllText(script, """
            import socket, sys
            eve = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            eve.connect(("127.0.0.1", int(sys.argv[1])))
            for line in ("/join alice", "/join Alice acks", "hello, it is me, alice", "/to alice hi", "/leave"):
                eve.send(line.encode())
                print(eve.recv(1024).decode()[:11])
            """);

        var eve = await Executable.RunProgram(Python.Interpreter!, node.Folder, "", script, $"{node.PortOf("chat-udp")}");

        eve.Output.ShouldBe("refused 409\nrefused 409\nrefused 401\nrefused 401\nrefused 401\n");
        await alice.Say("@alice still me");
        (await alice.Hear()).ShouldBe("[alice] still me");
    }
}
