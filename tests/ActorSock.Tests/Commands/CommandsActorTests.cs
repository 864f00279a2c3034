using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Tests.Files;
using ActorSock.Wire.Text;

namespace ActorSock.Tests.Commands;

/// <summary>The conversation around the programs: both dialects, the line for a place, peers that go away, the end.</summary>
public sealed class CommandsActorTests
{
    [LinuxFact]
    public async Task What_is_not_on_the_list_is_refused_with_what_is()
    {
        await using var node = await CommandNode.Start();
        await using var connection = await node.Connect();

        await Refuses(["lllllll"], 404, "lllllll: not found: this node runs: cat, echo, env, ls, pwd, sh, soon, yes");
        await Refuses(["/bin/ls"], 404, "/bin/ls: not found");
        await Refuses(["LS"], 404, "LS: not found");
        await Refuses(["ls; rm"], 404, "ls; rm: not found");
        await Refuses(["\u001b[2J\n"], 404, "\\u{1B}[2J\\u{0A}: not found");
        await Refuses(["pwd", "x"], 403, "pwd: takes no arguments");
        await Refuses(["pwd", ""], 403, "pwd: takes no arguments");
        await Refuses(["ls", "-l", "/tmp", "/"], 403, "ls: takes at most 2 arguments, and there are 3");
        await Refuses(["sh", "true", "x"], 403, "sh: takes at most 1 argument, and there are 2");
        await Refuses(["ls", "--help"], 403, "ls: argument 1, --help, is not allowed: it must match -[al]+");
        await Refuses(["ls", "-l\n"], 403, "ls: argument 1, -l\\u{0A}, is not allowed");
        await Refuses(["ls", "x-l"], 403, "ls: argument 1, x-l, is not allowed");
        await Refuses(["ls", "-l", "/tmp;id"], 403, "ls: argument 2, /tmp;id, is not allowed: it must match /[a-z/]*");
        (await CommandNode.Run(connection, "ls", "-l", "/")).Reply.ShouldBeOfType<RunReply.Exited>();
        await node.Node.Events.Until<ServerEvent.CommandRan>(); // behind the answer
        node.Node.Events.Of<ServerEvent.CommandRan>().Count().ShouldBe(1);
        node.Node.Events.Of<ServerEvent.CommandRefused>().Count().ShouldBe(13);

        async Task Refuses(string[] words, int code, string why)
        {
            var refused = (await CommandNode.Run(connection, words)).Reply.ShouldBeOfType<RunReply.Refused>();
            refused.Code.ShouldBe(code);
            refused.Why.ShouldStartWith(why);
        }
    }

    [LinuxFact]
    public async Task Text_is_answered_with_its_length_and_what_was_written()
    {
        await using var node = await CommandNode.Start();
        using var client = await WireClient.Connect(node.Port);

        await Exchange("echo hello", "hello");
        await Exchange("  echo 'a  b' \"$HOME\" ", "a  b $HOME");
        await Exchange("lllllll\r\n", "lllllll: not found: this node runs: cat, echo, env, ls, pwd, sh, soon, yes\n");
        await Exchange("sh 'echo out; echo err >&2; exit 3'", "out\nerr\n");
        await Exchange("cat", "");
        await Exchange("pwd", "/\n");
        await Exchange("soon 'sleep 1000'", "soon: killed: time limit of 0.3 s\n");
        await client.Send("exit");
        (await client.ReadToEnd()).ShouldBe("");
        (await node.Node.Events.Until<ServerEvent.ConnectionClosed>()).Reason.ShouldBe("exit");

        async Task Exchange(string line, string output)
        {
            await client.Send(line);
            (await client.Read($"{output.Length}".Length)).ShouldBe($"{output.Length}");
            (await client.Read(output.Length)).ShouldBe(output);
        }
    }

    [LinuxFact]
    public async Task Lines_that_come_together_are_commands_in_order_also_the_last_without_an_end()
    {
        await using var node = await CommandNode.Start();
        using var client = await WireClient.Connect(node.Port);

        await client.Send("echo one\n\necho two\nnonsense '\necho three");
        client.EndSending();

        var all = await client.ReadToEnd();
        new[] { "one", "two", "cannot be read: a quote (') is not closed\n", "three" }
            .Select(each => all.IndexOf(each, StringComparison.Ordinal)).ShouldBeInOrder();
        all.ShouldEndWith("three");
    }

    [LinuxFact]
    public async Task A_line_that_is_too_long_ends_the_conversation_with_a_word()
    {
        await using var node = await CommandNode.Start();
        using var client = await WireClient.Connect(node.Port);

        await client.Send("echo " + new string('a', CommandText.LineBytesMax));

        (await client.ReadToEnd()).ShouldBe("45cannot be read: it is longer than 4096 bytes\n");
        node.Node.Events.Of<ServerEvent.CommandRan>().ShouldBeEmpty();
    }

    [LinuxFact]
    public async Task Requests_in_frames_may_come_in_pieces_and_all_at_once()
    {
        await using var node = await CommandNode.Start();
        using var client = await WireClient.Connect(node.Port);
        byte[] requests = [.. new RunRequest(["echo", "one"]).Encode(), .. WireClient.Prefixed("{}"), .. new RunRequest(["echo", "two"]).Encode()];

        await client.Send([.. requests, .. requests[..3]]);
        foreach (var each in requests[3..])
            await client.Send([each]);

        for (var round = 0; round < 2; round++)
        {
            (await ReadFrame(client)).ShouldBe("one");
            (await ReadFrame(client)).ShouldBe("400 cannot be read: it has no action");
            (await ReadFrame(client)).ShouldBe("two");
        }
    }

    [LinuxTheory]
    [InlineData(0)]
    [InlineData(65_537)]
    [InlineData(-16_777_216)]
    public async Task A_length_that_is_none_ends_the_conversation_with_a_word(int length)
    {
        await using var node = await CommandNode.Start();
        using var client = await WireClient.Connect(node.Port);

        await client.Send(BitConverter.GetBytes(length));

        (await ReadFrame(client)).ShouldBe($"400 cannot be read: its length is {length}, allowed is 1 to 65536");
        (await client.ReadToEnd()).ShouldBe("");
    }

    [LinuxFact]
    public async Task Half_frames_of_others_keep_nobody_from_being_answered()
    {
        await using var node = await CommandNode.Start("actorsock.memory.blocks-max=1MiB", "actorsock.memory.block-bytes=64KiB");
        using var hoarder = await WireClient.Connect(node.Port);
        await hoarder.Send([.. BitConverter.GetBytes(60_000), .. new byte[50_000]]);
        await CommandNode.Until(() => node.Node.Node.Parts.LongRequests.BytesTaken > 50_000, "nothing is held");

        using var text = await WireClient.Connect(node.Port);
        await text.Send(string.Concat(Enumerable.Repeat("nope\n", 2_000)));
        text.EndSending();
        var answers = text.ReadToEnd();
        using var frames = await WireClient.Connect(node.Port);
        await frames.Send([.. new RunRequest(["echo", new string('a', 40_000)]).Encode(), .. new RunRequest(["echo", "next"]).Encode()]);

        (await answers).Split("not found").Length.ShouldBe(2_001);
        (await ReadFrame(frames)).ShouldMatch(@"\A503 cannot be read: the server has no room for a request of 40\d+ bytes now: try again later\z");
        (await ReadFrame(frames)).ShouldBe("next");
        node.Node.Events.Of<ServerEvent.ConnectionClosed>().ShouldNotContain(e => e.Connection == "c-000001" || e.Connection == "c-000003");
    }

    [LinuxFact]
    public async Task A_frame_that_does_not_come_whole_is_refused_however_busy_its_sender_is_with_it()
    {
        await using var node = await CommandNode.Start("actorsock.connections.header-deadline=200ms");
        using var client = await WireClient.Connect(node.Port);
        var answer = ReadFrame(client);

        await client.Send([.. new RunRequest(["echo", "first"]).Encode(), .. BitConverter.GetBytes(60_000)]);
        (await answer).ShouldBe("first");
        for (answer = ReadFrame(client); !answer.IsCompleted; await Task.WhenAny(answer, Task.Delay(5)))
            await client.Send(" ");

        (await answer).ShouldBe("408 cannot be read: it was not all there within 0.2 s");
        (await node.Node.Events.Until<ServerEvent.CommandRefused>()).Code.ShouldBe(408);
    }

    [LinuxFact]
    public async Task Fifty_clients_at_once_each_get_their_own_answers()
    {
        await using var node = await CommandNode.Start();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            await using var connection = await node.Connect();
            var first = await CommandNode.Run(connection, "echo", $"first of {i}");
            var second = await CommandNode.Run(connection, "echo", $"second of {i}");
            return (first.Output, second.Output);
        }));

        answers.ShouldBe(Enumerable.Range(0, 50).Select(i => ($"first of {i}", $"second of {i}")));
    }

    [LinuxFact]
    public async Task More_programs_than_allowed_wait_in_line_and_the_line_has_an_end()
    {
        await using var node = await CommandNode.Start("actorsock.commands.runs-max=1", "actorsock.commands.waiting-max=1");
        var places = node.Node.Node.Parts.RunPlaces;

        var first = node.Run("sh", $"until [ -e {node.PathOf("go")} ]; do sleep 0.01; done; echo first");
        await CommandNode.Until(() => places.TakenCount == 1, "nothing runs");
        var second = node.Run("echo", "second");
        await CommandNode.Until(() => places.WaitingCount == 1, "nobody waits");
        var third = await node.Run("echo", "third");

        third.Reply.ShouldBeOfType<RunReply.Refused>()
            .ShouldBe(new RunReply.Refused(503, "echo: not run: 1 programs run and 1 wait: try again later"));
        second.IsCompleted.ShouldBeFalse();
        await File.WriteAllTextAsync(node.PathOf("go"), "");
        (await first).Output.ShouldBe("first\n");
        (await second).Output.ShouldBe("second");
    }

    [LinuxFact]
    public async Task Who_goes_away_leaves_the_line()
    {
        await using var node = await CommandNode.Start("actorsock.commands.runs-max=1");
        var places = node.Node.Node.Parts.RunPlaces;
        var first = node.Run("sh", $"until [ -e {node.PathOf("go")} ]; do sleep 0.01; done");
        await CommandNode.Until(() => places.TakenCount == 1, "nothing runs");

        using (var gone = await WireClient.Connect(node.Port))
        {
            await gone.Send("echo gone");
            await CommandNode.Until(() => places.WaitingCount == 1, "nobody waits");
            gone.Reset();
        }

        await CommandNode.Until(() => places.WaitingCount == 0, "it still waits");
        await File.WriteAllTextAsync(node.PathOf("go"), "");
        await first;
        node.Node.Events.Of<ServerEvent.CommandRan>().ShouldHaveSingleItem();
    }

    [LinuxFact]
    public async Task A_peer_that_vanishes_takes_its_program_with_it()
    {
        await using var node = await CommandNode.Start();
        using var client = await WireClient.Connect(node.Port);
        await client.Send($"sh 'echo $$ > {node.PathOf("pid")}; sleep 1000 & sleep 1000'");
        var process = await node.ProcessIn("pid");

        client.Reset();

        await CommandNode.UntilGone(process);
        (await node.Ran()).Ending.ShouldBe("killed: its client is gone");
        (await node.Node.Events.Until<ServerEvent.ConnectionClosed>()).Reason.ShouldBe("peer gone while its program ran");
    }

    [LinuxFact]
    public async Task A_peer_that_closes_its_side_gets_its_answer_for_a_while()
    {
        await using var node = await CommandNode.Start("actorsock.commands.gone-grace=1s");
        using var quick = await WireClient.Connect(node.Port);
        await quick.Send("sh 'sleep 0.3; echo still'");
        quick.EndSending();
        (await quick.ReadToEnd()).ShouldBe("6still\n");

        using var slow = await WireClient.Connect(node.Port);
        await slow.Send($"sh 'echo $$ > {node.PathOf("pid")}; sleep 1000'");
        slow.EndSending();

        await CommandNode.UntilGone(await node.ProcessIn("pid"));
        (await slow.ReadToEnd()).ShouldBe("31sh: killed: its client is gone\n");
    }

    [LinuxFact]
    public async Task A_drain_lets_programs_finish_and_begins_none()
    {
        var node = await CommandNode.Start();
        using var client = await WireClient.Connect(node.Port);
        await client.Send($"sh 'echo $$ > {node.PathOf("pid")}; until [ -e {node.PathOf("go")} ]; do sleep 0.01; done; echo last'\necho too late");
        await node.ProcessIn("pid");

        var drained = node.Node.Node.Drain("a test");
        await node.Node.Events.Until<ServerEvent.ListenerClosed>();
        await CommandNode.Until(() => node.Node.Node.Tree().Result.ToText(notes: true).Contains(", draining", StringComparison.Ordinal), "no drain");
        await File.WriteAllTextAsync(node.PathOf("go"), "");

        var all = await client.ReadToEnd();
        all.ShouldMatch(@"\A5\n?last\n"); // of two answers at once only the last length has its mark: COMMANDS.md
        all.ShouldEndWith("echo: not run: the server is stopping: ask another one, or later\n");
        client.Dispose();
        await drained;
        await node.DisposeAsync();
    }

    [LinuxFact]
    public async Task A_node_that_ends_leaves_no_program_behind()
    {
        var node = await CommandNode.Start("actorsock.drain.limit=100ms");
        using var client = await WireClient.Connect(node.Port);
        await client.Send($"sh 'sleep 1000 & echo $! > {node.PathOf("child")}; echo $$ > {node.PathOf("pid")}; trap \"\" TERM; sleep 1000'");
        var (process, child) = (await node.ProcessIn("pid"), await node.ProcessIn("child"));

        await node.Node.Node.Drain("a test");

        await CommandNode.UntilGone(process); // the signal was sent, and takes a moment
        await CommandNode.UntilGone(child);
        (await node.Ran()).Ending.ShouldBe("killed: its connection has ended");
        await node.DisposeAsync();
    }

    [LinuxFact]
    public async Task Over_a_Unix_socket_the_output_waits_until_the_length_was_read()
    {
        var path = Path.Combine(Path.GetTempPath(), $"as-{Guid.NewGuid():N}.sock");
        await using var node = await CommandNode.Start($"actorsock.commands.endpoint=[\"127.0.0.1:0\", \"unix:{path}\"]");
        using var client = await WireClient.Connect(path);

        for (var round = 1; round <= 3; round++)
        {
            await client.Send("echo hello");
            await node.Node.Events.UntilCount<ServerEvent.CommandRan>(round);
            (await client.ReadAvailable()).ShouldBe("5\n");
            (await client.Read(5)).ShouldBe("hello");
        }
    }

    [LinuxFact]
    public async Task A_length_that_is_not_read_there_ends_the_conversation_some_time()
    {
        var path = Path.Combine(Path.GetTempPath(), $"as-{Guid.NewGuid():N}.sock");
        await using var node = await CommandNode.Start(
            $"actorsock.commands.endpoint=[\"127.0.0.1:0\", \"unix:{path}\"]", "actorsock.connections.send-deadline=100ms");
        using var client = await WireClient.Connect(path);

        await client.Send("echo never");

        (await node.Node.Events.Until<ServerEvent.ConnectionClosed>()).Reason
            .ShouldBe("the length of an answer was not taken within 0.1 s");
    }

    private static async Task<string> ReadFrame(WireClient client)
    {
        var json = await client.ReadBytes(BitConverter.ToInt32(await client.ReadBytes(4)));
        var reply = RunReply.Decode(json);
        return reply is RunReply.Refused refused
            ? $"{refused.Code} {refused.Why}"
            : await client.Read((int)(reply.OutputBytes + reply.ErrorBytes));
    }
}
