using System.Runtime.InteropServices;
using System.Text.Json;
using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests;

/// <summary>Commands as the course's client runs them, and as <c>actorsock run</c> does.</summary>
public sealed class CommandClientTests
{
    private const string Allowed = """
        {
          ls { program = /bin/ls, patterns = ["-[al]+"] }
          pwd { program = /bin/pwd }
          true { program = /bin/true }
          seq { program = /usr/bin/seq, patterns = "[0-9]{1,6}" }
          sh { program = /bin/sh, arguments = ["-c"], patterns = "(?s).*" }
          soon { program = /bin/sh, arguments = ["-c"], patterns = "(?s).*", time-limit = 1s }
        }
        """;

    private const string Typed = "ls -l\n\nlllllll\npwd\ntrue\npwd\nseq 3000\nls; rm -rf .\nexit\n";

    [PythonFact]
    public async Task The_courses_client_reads_digits_alone_however_late_it_reads()
    {
        await using var node = await Start();
        node.Source("photo.jpg", [1, 2, 3]);
        var list = (await Executable.RunProgram("/bin/ls", node.Folder, "", "-l")).Output;

        var ended = await Python.Run("commands.py", Typed, "127.0.0.1", $"{node.PortOf("commands")}", "0.3");

        ended.Error.ShouldBe("");
        ended.Output.ShouldBe(Shown(list, node.Folder));
        await node.UntilLogged("ran \"ls -l\": exit 0");
        await node.UntilLogged("refused \"lllllll\": 404: lllllll: not found");
    }

    [PythonFact]
    public async Task And_over_a_Unix_socket()
    {
        await using var node = await Start("--set", "actorsock.commands.endpoint=unix:commands.sock");
        var list = (await Executable.RunProgram("/bin/ls", node.Folder, "", "-l")).Output;

        var ended = await Python.Run("commands.py", Typed, "unix", Path.Combine(node.Folder, "commands.sock"), "0.1");

        ended.Error.ShouldBe("");
        ended.Output.ShouldBe(Shown(list, node.Folder));
    }

    [PythonFact]
    public async Task Many_of_them_at_once()
    {
        await using var node = await Start();

        var all = await Task.WhenAll(Enumerable.Range(1, 20).Select(i => Python.Run(
            "commands.py", $"seq {i}\nseq {i * 100}\nexit\n", "127.0.0.1", $"{node.PortOf("commands")}", "0")));

        for (var i = 1; i <= all.Length; i++)
        {
            all[i - 1].Error.ShouldBe("");
            all[i - 1].Output.ShouldBe(Answer(Sequence(i)) + Answer(Sequence(i * 100)));
        }
    }

    [LinuxFact]
    public async Task Run_exits_as_the_program_did_and_keeps_its_outputs_apart()
    {
        await using var node = await Start();

        var good = await Run(node, "sh", "echo out; echo err >&2; exit 7");
        var killed = await Run(node, "--", "soon", "echo before; sleep 1000");
        var refused = await Run(node, "lllllll", "-l");
        var json = await Run(node, "--json", "sh", "printf 'a\\nb'; exit 4");

        good.ShouldBe(new Executable.Ended(7, "out\n", "err\n"));
        killed.ShouldBe(new Executable.Ended(1, "before\n", "soon: killed: time limit of 1 s\n"));
        refused.ShouldBe(new Executable.Ended(1, "", "lllllll: not found: this node runs: ls, pwd, seq, sh, soon, true\n"));
        json.ExitCode.ShouldBe(4);
        var line = JsonDocument.Parse(json.Output).RootElement;
        (line.GetProperty("exit").GetInt32(), line.GetProperty("stdout").GetString(), line.GetProperty("stderr").GetString())
            .ShouldBe((4, "a\nb", ""));
    }

    [Fact]
    public async Task Run_tells_apart_who_is_not_there_and_what_makes_no_sense()
    {
        var nobody = await Executable.Run(Path.GetTempPath(), "run", "--to", "127.0.0.1:1", "ls");
        var nothing = await Executable.Run(Path.GetTempPath(), "run");
        var nowhere = await Executable.Run(Path.GetTempPath(), "run", "--to", "nowhere", "ls");

        (nobody.ExitCode, nobody.Output).ShouldBe((3, ""));
        nobody.Error.ShouldStartWith("cannot reach 127.0.0.1:1: ");
        nothing.ExitCode.ShouldBe(2);
        nowhere.ExitCode.ShouldBe(2);
        nowhere.Error.ShouldContain("it has no port");
    }

    [LinuxFact]
    public async Task Who_ran_what_is_in_the_log_by_the_name_of_the_key()
    {
        var folder = Directory.CreateTempSubdirectory("as-e2e-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "config"));
        foreach (var name in new[] { "config/keys", "mine" })
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), "alice a-long-enough-secret\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(Path.Combine(folder, name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        await using var node = await RunningNode.StartIn(folder, [.. Settings, "--set", "actorsock.commands.challenge=on"]);

        var ended = await Run(node, "--key-file", Path.Combine(folder, "mine"), "pwd");

        ended.ShouldBe(new Executable.Ended(0, folder + "\n", ""));
        await node.UntilLogged("(alice) ran \"pwd\": exit 0");
    }

    [LinuxFact]
    public async Task Interrupting_the_client_ends_the_program()
    {
        await using var node = await Start("--set", "actorsock.commands.gone-grace=100ms");
        var pid = Path.Combine(node.Folder, "pid");
        using var client = Executable.Begin(Executable.Path, node.Folder,
            "run", "--to", $"127.0.0.1:{node.PortOf("commands")}", "sh", $"echo $$ > {pid}.new; mv {pid}.new {pid}; sleep 1000");
        await Until(() => File.Exists(pid));

        kill(client.Id, 2).ShouldBe(0);
        await client.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

        client.ExitCode.ShouldBe(130);
        await UntilGone(int.Parse(await File.ReadAllTextAsync(pid)));
        await node.UntilLogged("killed: its client is gone");
    }

    [LinuxFact]
    public async Task A_node_that_is_told_to_end_leaves_no_program_behind()
    {
        await using var node = await Start("--set", "actorsock.drain.limit=200ms");
        var pid = Path.Combine(node.Folder, "pid");
        using var client = Executable.Begin(Executable.Path, node.Folder, "run", "--to", $"127.0.0.1:{node.PortOf("commands")}",
            "sh", $"trap '' TERM INT; echo $$ > {pid}.new; mv {pid}.new {pid}; while :; do sleep 0.1; done");
        await Until(() => File.Exists(pid));

        (await node.Terminate()).ShouldBe(0);

        await UntilGone(int.Parse(await File.ReadAllTextAsync(pid)));
        await client.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        client.ExitCode.ShouldBe(1);
    }

    [ProgramFact("setpriv")]
    public async Task Nor_does_one_that_is_killed()
    {
        await using var node = await Start();
        var pid = Path.Combine(node.Folder, "pid");
        using var client = Executable.Begin(Executable.Path, node.Folder, "run", "--to", $"127.0.0.1:{node.PortOf("commands")}",
            "sh", $"echo $$ > {pid}.new; mv {pid}.new {pid}; exec sleep 1000");
        await Until(() => File.Exists(pid));
        var process = int.Parse(await File.ReadAllTextAsync(pid));
        await Until(() => File.ReadAllText($"/proc/{process}/cmdline").StartsWith("sleep", StringComparison.Ordinal));

        await node.Kill();

        await UntilGone(process);
        await client.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        client.ExitCode.ShouldBe(1);
    }

    [PythonFact]
    public async Task The_client_in_the_document_works_as_it_is_printed()
    {
        await using var node = await Start();
        var script = Python.ProgramsOf("COMMANDS.md")[0];
        await File.WriteAllTextAsync(Path.Combine(node.Folder, "client.py"),
            script.Replace("7074", $"{node.PortOf("commands")}", StringComparison.Ordinal));

        var good = await Executable.RunProgram(Python.Interpreter!, node.Folder, "", "client.py", "sh", "echo out; echo err >&2; exit 7");
        var refused = await Executable.RunProgram(Python.Interpreter!, node.Folder, "", "client.py", "lllllll");

        good.ShouldBe(new Executable.Ended(7, "out\n", "err\n"));
        refused.ShouldBe(new Executable.Ended(1, "", "lllllll: not found: this node runs: ls, pwd, seq, sh, soon, true\n"));
    }

    [LinuxFact]
    public async Task Lines_through_a_pipe_become_a_command_each()
    {
        await using var node = await Start();
        var lines = string.Concat(Enumerable.Repeat("seq 3\nlllllll\ntrue\nseq 20000\n", 10));
        const string Unknown = "lllllll: not found: this node runs: ls, pwd, seq, sh, soon, true\n";

        var ended = await Executable.RunProgram(
            Executable.Path, node.Folder, lines, "connect", $"127.0.0.1:{node.PortOf("commands")}");

        ended.ShouldBe(new Executable.Ended(0, string.Concat(Enumerable.Repeat(
            $"6\n{Sequence(3)}{Unknown.Length}\n{Unknown}0\n{Sequence(20000).Length}\n{Sequence(20000)}", 10)), ""));
    }

    private static readonly string[] Settings =
    [
        "--set", "actorsock.commands.endpoint=127.0.0.1:0", "--set", "actorsock.commands.defaults.time-limit=1m",
        "--set", $"actorsock.commands.allowed={Allowed}",
    ];

    private static Task<RunningNode> Start(params string[] more) => RunningNode.Start([.. Settings, .. more]);

    private static Task<Executable.Ended> Run(RunningNode node, params string[] args) =>
        Executable.Run(node.Folder, ["run", "--to", $"127.0.0.1:{node.PortOf("commands")}", .. args]);

    private static string Shown(string list, string folder) =>
        Answer(list) + Answer("lllllll: not found: this node runs: ls, pwd, seq, sh, soon, true\n") + Answer(folder + "\n") + Answer("")
        + Answer(folder + "\n") + Answer(Sequence(3000)) + Answer("ls;: not found: this node runs: ls, pwd, seq, sh, soon, true\n");

    private static string Answer(string output) => $"data_length {output.Length}\n{output}\n";

    private static string Sequence(int last) => string.Concat(Enumerable.Range(1, last).Select(i => $"{i}\n"));

    private static Task UntilGone(int process) => Until(() => !Directory.Exists($"/proc/{process}") || IsZombie(process));

    private static bool IsZombie(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static async Task Until(Func<bool> holds)
    {
        for (var patience = System.Diagnostics.Stopwatch.StartNew(); !holds(); await Task.Delay(10))
            if (patience.Elapsed > TimeSpan.FromSeconds(30))
                throw new TimeoutException();
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
