using System.Text;
using ActorSock.EndToEnd.Tests.Terminals;
using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests;

/// <summary>What the course's clients of the small conversations do, with nothing but host and port changed.</summary>
public sealed class ConversationClientTests
{
    private const string Lines = "hello world\n\nthey're here\nстрасти ОДИССЕЙ\nσοφοΣ ΣΟΦΌΣ\n你好 world\n";
    private static readonly string[] s_titles = ["Hello World", "They'Re Here", "Страсти Одиссей", "Σοφος Σοφός", "你好 World"];

    [PythonFact]
    public async Task The_greeter_over_TCP_and_in_datagrams()
    {
        await using var node = await Start("greeter");

        (await Run(node, "greeter_tcp.py", "greeter", "")).ShouldBe(["b'hi'"]);
        (await Run(node, "greeter_udp.py", "greeter-udp", "")).ShouldBe(["hi True"]);
    }

    [PythonFact]
    public async Task Title_over_TCP_line_by_line()
    {
        await using var node = await Start("title");

        (await Run(node, "title_tcp.py", "title", Lines)).ShouldBe(s_titles.Select(title => $"reply is {title}"));
    }

    [PythonFact]
    public async Task Title_in_datagrams()
    {
        await using var node = await Start("title");

        (await Run(node, "title_udp.py", "title-udp", Lines.Replace("\n\n", "\n", StringComparison.Ordinal))).ShouldBe(s_titles);
    }

    [PythonFact]
    public async Task Many_clients_at_once()
    {
        await using var node = await Start("title");

        var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            Run(node, i % 2 == 0 ? "title_tcp.py" : "title_udp.py", i % 2 == 0 ? "title" : "title-udp", $"client {i} is here\n")));

        all.Select(lines => lines.Single().Replace("reply is ", "", StringComparison.Ordinal))
            .ShouldBe(Enumerable.Range(0, 10).Select(i => $"Client {i} Is Here"));
    }

    [PythonFact]
    public async Task A_challenge_is_answered_by_who_has_the_key()
    {
        await using var node = await StartWithKey("title", "alice a-long-enough-secret");

        (await Run(node, "challenge.py", "title", "", "a-long-enough-secret")).ShouldBe(["32 Let Me In"]);
        (await Run(node, "challenge.py", "title", "", "another-secret")).Single().ShouldBeOneOf("32 ", "32 closed");
        await node.UntilLogged("401 ChallengeFailed: the answer fits no key");
    }

    [Theory]
    [InlineData("native")]
    [InlineData("digest-after")]
    public async Task Put_answers_a_challenge_and_its_files_lie_in_the_clients_folder(string dialect)
    {
        await using var node = await StartWithKey("transfer", "alice a-long-enough-secret");
        var file = node.Source("a.txt", Encoding.UTF8.GetBytes("hello"));

        var stored = await Executable.Run(node.Folder, "put", file, "--dialect", dialect, "--to", $"127.0.0.1:{node.Port}", "--key-file", Key(node, "mine", "a-long-enough-secret"));
        var wrong = await Executable.Run(node.Folder, "put", file, "--dialect", dialect, "--to", $"127.0.0.1:{node.Port}", "--key-file", Key(node, "wrong", "alice another-secret"));
        var none = await Executable.Run(node.Folder, "put", file, "--dialect", dialect, "--to", $"127.0.0.1:{node.Port}");

        (stored.ExitCode, stored.Error).ShouldBe((0, ""));
        node.Stored("alice/a.txt").ShouldBe(Encoding.UTF8.GetBytes("hello"));
        wrong.ExitCode.ShouldBe(1);
        (wrong.Output + wrong.Error).ShouldContain("perhaps it does not know the key");
        none.ExitCode.ShouldBe(1);
        (none.Output + none.Error).ShouldContain("the server asks for a key: name yours with --key-file");
    }

    [Fact]
    public async Task Connect_talks_to_title_with_and_without_a_challenge()
    {
        await using (var open = await Start("title"))
        {
            await Talk(open, 0, "Hello World\n你好 Ok\n", "", $"127.0.0.1:{open.PortOf("title")}");
            await Talk(open, 0, "Hello World\n你好 Ok\n", "", $"127.0.0.1:{open.PortOf("title-udp")}", "--udp");
        }
        await using var node = await StartWithKey("title", "alice a-long-enough-secret");
        var address = $"127.0.0.1:{node.PortOf("title")}";

        await Talk(node, 0, "Hello World\n你好 Ok\n", "", address, "--key-file", Key(node, "mine", "a-long-enough-secret"));
        await Talk(node, 1, "", "perhaps it does not know the key", address, "--key-file", Key(node, "wrong", "another-secret"));
    }

    [Fact]
    public async Task A_wrong_key_is_a_failure_before_anything_was_asked_too()
    {
        await using var node = await StartWithKey("title", "alice a-long-enough-secret");

        using var connect = Executable.Begin(Executable.Path, node.Folder,
            "connect", $"127.0.0.1:{node.PortOf("title")}", "--key-file", Key(node, "wrong", "another-secret"));
        var error = await connect.StandardError.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await connect.WaitForExitAsync();

        error.ShouldContain("perhaps it does not know the key");
        connect.ExitCode.ShouldBe(1);
    }

    [PythonFact]
    public async Task A_wrong_key_is_a_failure_at_a_terminal_too()
    {
        await using var node = await StartWithKey("title", "alice a-long-enough-secret");

        await using var terminal = await TerminalSession.Start(
            "connect", $"127.0.0.1:{node.PortOf("title")}", "--key-file", Key(node, "wrong", "another-secret"));

        (await terminal.UntilEnded()).ShouldBe((1, true));
        string.Concat(terminal.Paper.Rows).ShouldContain("perhaps it does not know the key");
    }

    [Fact]
    public async Task A_key_that_nobody_asks_for_and_a_key_file_that_others_may_read_are_told()
    {
        await using var node = await RunningNode.Start();
        var (file, open) = (node.Source("a.txt", [1]), Key(node, "open", "key"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(open, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var others = await Executable.Run(node.Folder, "put", file, "--to", $"127.0.0.1:{node.Port}", "--key-file", open);
        var missing = await Executable.Run(node.Folder, "put", file, "--to", $"127.0.0.1:{node.Port}", "--key-file", "nowhere");

        others.ExitCode.ShouldBe(2);
        others.Error.ShouldContain("others may read the key file");
        missing.ExitCode.ShouldBe(2);
        missing.Error.ShouldContain("there is no key file 'nowhere'");
    }

    [Fact]
    public async Task A_node_does_not_start_without_the_keys_that_it_would_ask_for()
    {
        var folder = Directory.CreateTempSubdirectory("as-e2e-").FullName;

        var ended = await Executable.Run(folder, "serve", "--set", "actorsock.transfer.endpoint=127.0.0.1:0", "--set", "actorsock.transfer.challenge=on");

        ended.ExitCode.ShouldBe(3);
        ended.Error.ShouldContain("cannot use the keys 'config/keys': it is not there: make it, with a line NAME KEY for each client");
        Directory.Delete(folder, recursive: true);
    }

    private static async Task Talk(RunningNode node, int exitCode, string output, string error, params string[] args)
    {
        var ended = await Executable.RunProgram(Executable.Path, node.Folder, "hello world\n你好 ok\n", ["connect", .. args]);
        (ended.ExitCode, ended.Output).ShouldBe((exitCode, output), ended.Error);
        if (error.Length == 0) ended.Error.ShouldBe("");
        else ended.Error.ShouldContain(error);
    }

    private static Task<RunningNode> Start(string service) => RunningNode.Start(
        "--set", $"actorsock.{service}.endpoint=127.0.0.1:0", "--set", $"actorsock.{service}.udp-endpoint=127.0.0.1:0");

    private static async Task<RunningNode> StartWithKey(string service, string line)
    {
        var folder = Directory.CreateTempSubdirectory("as-e2e-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "config"));
        WriteKey(Path.Combine(folder, "config", "keys"), line);
        return await RunningNode.StartIn(folder,
            "--set", $"actorsock.{service}.endpoint=127.0.0.1:0", "--set", $"actorsock.{service}.challenge=on",
            "--set", "actorsock.access.deadline=2s");
    }

    private static string Key(RunningNode node, string name, string line)
    {
        var path = Path.Combine(node.Folder, name);
        WriteKey(path, line);
        return path;
    }

    private static void WriteKey(string path, string line)
    {
        File.WriteAllText(path, line + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static async Task<string[]> Run(RunningNode node, string script, string listener, string input, params string[] more)
    {
        var ended = await Python.Run(script, input, ["127.0.0.1", $"{node.PortOf(listener)}", .. more]);
        ended.Error.ShouldBe("");
        return ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
