using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests.Storing;

/// <summary><c>actorsock put</c> in the native protocol: what no dialect can.</summary>
public sealed class PutNativeTests : Commands
{
    [Fact]
    public async Task A_folder_is_sent_with_all_that_is_in_it_whatever_it_is_called()
    {
        await using var node = await RunningNode.Start();
        string[] names = ["a b.txt", "[red]x[/]", "你好/мир/x", "-rf", ".hidden", "e\u0301", "#$'\"%n"];
        foreach (var name in names) Write($"odd/{name}", Encoding.UTF8.GetBytes(name));

        var ended = await Run(node, "put", "odd/");

        ended.Error.ShouldBe("");
        ended.ExitCode.ShouldBe(0);
        var normal = names.Select(name => name.Replace("e\u0301", "\u00e9", StringComparison.Ordinal)).ToArray();
        Lines(ended.Output).Order(StringComparer.Ordinal).ShouldBe(
            names.Select((name, i) => $"stored odd/{normal[i]} {Encoding.UTF8.GetByteCount(name)} {Md5(name)}").Order(StringComparer.Ordinal));
        for (var i = 0; i < names.Length; i++)
            node.Stored($"odd/{normal[i]}").ShouldBe(Encoding.UTF8.GetBytes(names[i]));
    }

    [Fact]
    public async Task The_root_of_the_node_that_it_is_sent_to_is_left_out_and_of_others_what_is_the_nodes_own()
    {
        Write("home/docs/a", [1]);
        await using var node = await RunningNode.StartIn(PathOf("home"));
        await using var other = await RunningNode.Start();

        var ended = await Run(node, "put", "home/docs", "home/inbox");
        var synced = await Run(node, "sync", "home", "home");
        var inside = await Run(node, "sync", "home/inbox/home", "again");
        var sent = await Run(other, "put", "home/inbox");
        Directory.CreateDirectory(PathOf("copy/.actorsock"));
        foreach (var file in (string[])["home/docs/a", ".actorsock/id"])
        {
            Directory.CreateDirectory(PathOf(Path.GetDirectoryName($"copy/{file}")!));
            File.Copy(Path.Combine(node.Inbox, file), PathOf($"copy/{file}"));
        }
        var restored = await Run(node, "sync", "copy", "restored");

        var why = "it is the root of the node that this is for: what is stored there would be sent, too";
        (ended.ExitCode, ended.Output, ended.Error).ShouldBe((1, $"stored docs/a 1 {Md5([1])}\n", $"cannot send 'home/inbox': {why}\n"));
        synced.ExitCode.ShouldBe(1);
        synced.Error.ShouldContain($"'home/inbox/' is not sent: {why}");
        node.Stored("home/docs/a").ShouldBe([1]);
        Directory.Exists(Path.Combine(node.Inbox, "home", "inbox")).ShouldBeFalse();
        (inside.ExitCode, inside.Error.Contains("it is in the root of the node that this is for")).ShouldBe((1, true), inside.Error);
        Directory.Exists(Path.Combine(node.Inbox, "again")).ShouldBeFalse();
        (sent.ExitCode, sent.Error).ShouldBe((1, "cannot send 'home/inbox/.actorsock': it is a node's own\n"));
        restored.ExitCode.ShouldBe(0);
        node.Stored("restored/home/docs/a").ShouldBe([1]);
        restored.Error.ShouldContain("'restored/.actorsock' is left out: it is a node's own");
        other.Stored("inbox/home/docs/a").ShouldBe([1]);
        Directory.Exists(Path.Combine(other.Inbox, "inbox", ".actorsock")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_empty_folder_is_told_since_the_node_keeps_none()
    {
        await using var node = await RunningNode.Start();
        Directory.CreateDirectory(PathOf("up/a/empty"));
        Directory.CreateDirectory(PathOf("nothing"));
        Write("up/x", [1]);

        var ended = await Run(node, "put", "up", "nothing");
        var told = await Run(node, "put", "nothing", "--json");

        (ended.ExitCode, ended.Output).ShouldBe((0, $"stored up/x 1 {Md5([1])}\n"));
        Lines(ended.Error).ShouldBe(
        [
            $"'{Path.Combine("up", "a", "empty")}' is an empty folder: a node keeps no folders, only files",
            "'nothing' is an empty folder: a node keeps no folders, only files",
        ]);
        told.ExitCode.ShouldBe(0);
        Json(told.Output).ShouldHaveSingleItem().GetProperty("outcome").GetString().ShouldBe("empty folder");
    }

    [LinuxFact]
    public async Task What_a_folder_has_that_cannot_be_sent_is_told_and_the_rest_is_sent()
    {
        await using var node = await RunningNode.Start();
        Write("f/good", [1]);
        Write("f/back\\slash", [2]);
        Write("f/line\nfeed", [3]);
        File.CreateSymbolicLink(PathOf("f/link"), "/etc/passwd");

        var ended = await Run(node, "put", "f", "--name", "there");

        ended.ExitCode.ShouldBe(1);
        ended.Output.ShouldBe($"stored there/good 1 {Md5([1])}\n");
        ended.Error.ShouldContain("back\\slash': its name has a backslash, which divides folders on the node\n");
        ended.Error.ShouldContain("link': it is no plain file\n");
        ended.Error.ShouldContain("'there/line\\u{0A}feed' is not stored: 403 ");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(3_000_000)]
    public async Task The_standard_input_is_sent_under_its_name(int size)
    {
        await using var node = await RunningNode.Start();
        var text = new string('x', size);

        var ended = await Executable.RunProgram(
            Executable.Path, Folder, text, "put", "-", "--name", "logs/in.txt", "--to", $"127.0.0.1:{node.Port}");

        (ended.ExitCode, ended.Error, ended.Output).ShouldBe((0, "", $"stored logs/in.txt {size} {Md5(text)}\n"));
        node.Stored("logs/in.txt").ShouldBe(Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public async Task A_program_that_pauses_while_it_writes_the_standard_input_loses_nothing()
    {
        await using var node = await RunningNode.Start(
            "--set", "actorsock.connections.idle-limit=1s", "--set", "actorsock.connections.body-grace=100ms");
        using var log = Executable.Begin(Executable.Path, node.Folder, "logs", "-f", "--admin", "--level", "debug");
        (await log.StandardOutput.ReadLineAsync().WaitAsync(Patience)).ShouldNotBeNull();
        using var process = Executable.Begin(Executable.Path, Folder, "put", "-", "--name", "slow", "--to", $"127.0.0.1:{node.Port}");
        var half = new string('x', 2_000_000);

        await process.StandardInput.WriteAsync(half);
        await process.StandardInput.FlushAsync();
        // The node has waited for longer than it does for a body.
        while (!(await log.StandardOutput.ReadLineAsync().WaitAsync(Patience)).ShouldNotBeNull().Contains(" closed: ", StringComparison.Ordinal)) { }
        log.Kill();
        await process.StandardInput.WriteAsync(half);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Patience);

        (process.ExitCode, await process.StandardOutput.ReadToEndAsync()).ShouldBe((0, $"stored slow 4000000 {Md5(half + half)}\n"));
        node.Stored("slow").Length.ShouldBe(4_000_000);
    }

    [Fact]
    public async Task What_came_from_the_standard_input_is_sent_again_when_the_connection_is_lost()
    {
        await using var node = await RunningNode.Start();
        using var relay = new StallingRelay(node.Port) { UpBytesMax = 3_000_000 };
        var text = new string('x', 6_000_000);
        var sending = Executable.RunProgram(
            Executable.Path, Folder, text, "put", "-", "--name", "x", "--to", $"127.0.0.1:{relay.Port}");

        await relay.Stalled.WaitAsync(Patience);
        relay.Open();
        var ended = await sending;

        (ended.ExitCode, ended.Output).ShouldBe((0, $"stored x 6000000 {Md5(text)}\n"));
    }

    [LinuxFact]
    public async Task Where_there_is_no_room_for_the_standard_input_it_is_told()
    {
        await using var node = await RunningNode.Start();
        using var process = Executable.BeginWith(
            [("TMPDIR", PathOf("none"))], Executable.Path, Folder, "put", "-", "--name", "x", "--to", $"127.0.0.1:{node.Port}");
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Patience);

        process.ExitCode.ShouldBe(1);
        (await process.StandardError.ReadToEndAsync()).ShouldMatch(
            "^cannot send '-': it cannot be kept in .*none/ until it is sent: .*: set TMPDIR to a folder with room for it\n$");
    }

    [LinuxTheory]
    [InlineData("native")]
    [InlineData("digest-after")]
    public async Task A_backslash_in_the_name_of_a_file_makes_no_folder(string dialect)
    {
        await using var node = await RunningNode.Start();
        Write("a\\b", [1]);
        Write("c", [2]);

        var ended = await Run(node, "put", "a\\b", "c", "--dialect", dialect);
        var named = await Run(node, "put", "a\\b", "--name", "a/b", "--dialect", dialect);

        (ended.ExitCode, ended.Output).ShouldBe((1, $"stored c 1 {Md5([2])}\n"));
        ended.Error.ShouldBe("cannot send 'a\\b': its name has a backslash, which divides folders on the node\n");
        (named.ExitCode, named.Output).ShouldBe((0, $"stored a/b 1 {Md5([1])}\n"));
    }

    [LinuxFact]
    public async Task Waiting_for_the_standard_input_it_can_be_interrupted()
    {
        using var node = new LyingNode("");
        using var process = Executable.Begin(Executable.Path, Folder, "put", "-", "--name", "x", "--to", $"127.0.0.1:{node.Port}");
        await node.Greeted.WaitAsync(Patience);

        Interrupt(process.Id);
        await process.WaitForExitAsync().WaitAsync(Patience);

        process.ExitCode.ShouldBe(130);
        (await process.StandardError.ReadToEndAsync()).ShouldBe("interrupted: what came from the standard input is not stored\n");
    }

    [Fact]
    public async Task JSON_has_the_receipt_of_the_journal()
    {
        await using var node = await RunningNode.Start();
        Write("a", [1]);

        var ended = await Run(node, "put", "a", "--json");

        var line = Json(ended.Output).ShouldHaveSingleItem();
        line.GetProperty("outcome").GetString().ShouldBe("stored");
        line.GetProperty("receipt").GetProperty("sequence").GetInt64().ShouldBe(1);
        line.GetProperty("receipt").GetProperty("hash").GetString()!.Length.ShouldBe(64);
    }

    [Fact]
    public async Task At_the_port_of_another_service_it_is_told_at_once_what_was_answered()
    {
        await using var node = await RunningNode.Start("--set", "actorsock.greeter.endpoint=127.0.0.1:0");
        Write("a", [1]);

        var put = await Run(node.PortOf("greeter"), "put", "a");
        var run = await Executable.Run(Folder, "run", "--to", $"127.0.0.1:{node.PortOf("greeter")}", "ls");

        put.ShouldBe(new Executable.Ended(1, "",
            $"127.0.0.1:{node.PortOf("greeter")} is no ActorSock transfer service: it answered 'hi': name the port of one with --to\n"));
        run.ShouldBe(new Executable.Ended(1, "",
            "this is no ActorSock service of commands: it answered 'hi': name the port of one\n"));
    }

    [Theory]
    [InlineData("405 the action is unknown: it is not put\n", "it said '405 the action is unknown: it is not put'")]
    [InlineData("", "the node closed before it had answered hello")]
    public async Task Of_a_server_that_does_not_speak_the_native_protocol_it_is_told_what_to_do(string answer, string why)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        Write("a", [1]);
        var answering = AnswerAsync();

        var ended = await Run(port, "put", "a");
        await answering;

        ended.ExitCode.ShouldBe(1);
        ended.Output.ShouldBe("");
        ended.Error.ShouldStartWith($"127.0.0.1:{port} does not speak the native protocol ({why}");
        ended.Error.ShouldEndWith(": say --dialect digest-after for an older server\n");

        async Task AnswerAsync()
        {
            using var client = await listener.AcceptAsync();
            (await client.ReceiveAsync(new byte[1000])).ShouldBeGreaterThan(0);
            await client.SendAsync(Encoding.UTF8.GetBytes(answer));
            client.Shutdown(SocketShutdown.Send);
            while (await client.ReceiveAsync(new byte[1000]) > 0) { }
        }
    }
}
