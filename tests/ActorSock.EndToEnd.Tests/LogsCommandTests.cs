using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorSock.EndToEnd.Tests;

public sealed class LogsCommandTests : IDisposable
{
    private const int SigInt = 2;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("as-logs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_log_of_a_node_is_followed_through_its_files_while_they_roll_until_Ctrl_C()
    {
        // So small that every few lines begin a new file.
        Configure(text => text.Replace("\"fileSizeLimitBytes\": 104857600", "\"fileSizeLimitBytes\": 1000"));
        await using var node = await RunningNode.StartOn(_folder);
        using var follow = Executable.Begin(Executable.Path, _folder, "logs", "-f", "--file", "new", "--json");

        for (var i = 0; i < 20; i++)
        {
            await Put(node, $"new-{i}", i);
            (await NextLine(follow)).ShouldContain($"\"file\":\"new-{i}\"");
        }

        Directory.GetFiles(Path.Combine(_folder, "logs")).Length.ShouldBeGreaterThan(3);
        await Interrupt(follow);
    }

    [Fact]
    public async Task What_a_running_node_tells_is_what_its_files_say()
    {
        Configure();
        await using var node = await RunningNode.StartOn(_folder);
        using var follow = Executable.Begin(Executable.Path, _folder, "logs", "-f", "--admin", "--level", "info");
        await Put(node, "\e[2J.bin", 3, exitCode: 1); // refused: a name has no such characters
        await Put(node, "a.bin", 3);
        for (var line = await NextLine(follow); !line.Contains("stored \"a", StringComparison.Ordinal);)
            line = await NextLine(follow);

        (await node.Terminate()).ShouldBe(0);
        await follow.WaitForExitAsync().WaitAsync(s_patience);
        follow.ExitCode.ShouldBe(0);
        (await follow.StandardError.ReadToEndAsync()).ShouldContain("has ended its log: the node stops");

        (await Logs("--file", "a.")).Output.ShouldMatch("^.* INF c-0.* stored \"a.bin\": 3 bytes.*\n$");
        (await Logs("--text", "NODE ST")).Output.ShouldMatch("INF node started: .*\n.*INF node stopped\n$");
        (await Logs("--last", "1")).Output.ShouldEndWith("INF node stopped\n");
        (await Logs("--level", "warning")).Output.ShouldMatch(@"^.* WRN c-0.* refused ""\\u\{1B\}\[2J\.bin"" .*\n$");
        (await Logs("--level", "error")).ShouldBe(new Executable.Ended(0, "", ""));
    }

    [Fact]
    public async Task A_node_that_is_killed_is_noticed()
    {
        await using var node = await RunningNode.StartOn(_folder);
        using var follow = Executable.Begin(Executable.Path, _folder, "logs", "-f", "--admin");
        (await NextLine(follow)).ShouldContain("node started");

        await node.Kill();

        await follow.WaitForExitAsync().WaitAsync(s_patience);
        follow.ExitCode.ShouldBe(3);
        (await follow.StandardError.ReadToEndAsync()).ShouldContain("is gone without a word");
    }

    [Theory]
    [InlineData("{\"time\":\"2026-11-21T09:30:06Z\",\"level\":\"inform", 1)]
    [InlineData("{\"time\":\"2026-11-21T09:30:06Z\",\"level\":\"information\",\"message\":\"two\"}", 2)]
    public async Task Of_a_node_that_dies_in_the_middle_of_a_line_all_that_is_whole_is_shown(string last, int linesCount)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var asking = Logs("-f", "--admin", $"{listener.LocalEndPoint}", "--json");
        using (var asked = await listener.AcceptAsync().WaitAsync(s_patience))
        {
            (await asked.ReceiveAsync(new byte[1000])).ShouldBeGreaterThan(0);
            await asked.SendAsync(Encoding.UTF8.GetBytes(
                "{\"time\":\"2026-11-21T09:30:05Z\",\"level\":\"information\",\"message\":\"one\"}\n" + last));
        }

        var ended = await asking;

        ended.Error.ShouldEndWith("is gone without a word\n");
        ended.ExitCode.ShouldBe(3);
        ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(linesCount);
    }

    [Fact]
    public async Task Following_a_node_ends_with_Ctrl_C_and_when_nobody_reads_it()
    {
        await using var node = await RunningNode.StartOn(_folder);
        using var first = Executable.Begin(Executable.Path, _folder, "logs", "-f", "--admin");
        using var second = Executable.Begin(Executable.Path, _folder, "logs", "-f", "--admin");
        await NextLine(first);
        await NextLine(second);

        second.StandardOutput.Close();

        await second.WaitForExitAsync().WaitAsync(s_patience);
        second.ExitCode.ShouldBe(0);
        await Interrupt(first);
    }

    [Fact]
    public async Task A_file_that_comes_later_is_waited_for_and_followed_when_it_is_cut_or_moved_away()
    {
        var log = Path.Combine(_folder, "some.log");
        using var follow = Executable.Begin(Executable.Path, _folder, "logs", "-f", log);
        (await follow.StandardError.ReadLineAsync().WaitAsync(s_patience)).ShouldNotBeNull().ShouldContain("is not there yet");

        File.WriteAllText(log, "one\ntwo\n2026-11-21 09:30:07.120 +00:00 ERR three\n    at a\n");
        (await NextLine(follow)).ShouldBe("one");
        (await NextLine(follow)).ShouldBe("two");
        (await NextLine(follow)).ShouldEndWith(" ERR three");
        (await NextLine(follow)).ShouldBe("    at a");
        File.WriteAllText(log, "four\n");
        (await NextLine(follow)).ShouldBe("four");
        File.Move(log, log + ".1");
        File.WriteAllText(log, "five\n");
        (await NextLine(follow)).ShouldBe("five");

        await Interrupt(follow);
    }

    [Fact]
    public async Task Old_logs_of_text_and_garbage_are_shown_and_picked_from()
    {
        File.WriteAllText(Path.Combine(_folder, "old.log"),
            "2026-11-21 09:30:05.120 +00:00 INF c-000007 writer-1 of tcp://10.0.0.1:5 stored \"a\": 1 bytes, md5 0cc175b9c0f1b6a831c399e269772661 in 0:00:00.004\n" +
            "2026-11-21 09:30:06.120 +00:00 ERR it failed\n    at a\n\e[31m\0\u00ff\n");
        var all = await Logs("old.log");
        all.ExitCode.ShouldBe(0);
        all.Output.Split('\n').Length.ShouldBe(5);
        all.Output.ShouldContain("\n\\u{1B}[31m\\u{00}ÿ\n");

        (await Logs("old.log", "--connection", "7", "--peer", "10.0.0.1")).Output.ShouldMatch("^2026-.*c-000007.*\n$");
        (await Logs("old.log", "--level", "error")).Output.ShouldMatch("^2026.* ERR it failed\n    at a\n$");
        (await Logs("old.log", "--until", "2026-11-21T09:30:05.5Z", "--json")).Output.ShouldMatch("^{\"time\":\"2026-11-21T09:30:05.120Z\".*}\n$");
    }

    [Theory]
    [InlineData(2, "--level loud is no level: write one of verbose, debug, information, warning, error, fatal", "--level", "loud")]
    [InlineData(2, "--connection writer-1 is none", "--connection", "writer-1")]
    [InlineData(2, "--since soon is no time", "--since", "soon")]
    [InlineData(2, "--last must not be negative", "--last", "-1")]
    [InlineData(2, "--until is one", "-f", "--until", "2h")]
    [InlineData(2, "'nofile': there is no such file", "nofile")]
    [InlineData(2, "is a folder: name the files in it", ".")]
    [InlineData(2, "actorsock.logging.serilog names none")]
    [InlineData(2, "leave one of them out", "a.log", "--admin", "unix:/x")]
    [InlineData(2, "is no address", "--admin", "nonsense")]
    [InlineData(2, "a node is not asked by datagrams", "--admin", "udp://127.0.0.1:1")]
    [InlineData(3, "cannot reach a node at unix:", "--admin")]
    [InlineData(3, "cannot reach a node at unix:/nowhere/admin.sock", "--admin", "unix:/nowhere/admin.sock")]
    public async Task What_is_wrong_is_told_with_the_right_exit_code(int exitCode, string told, params string[] args)
    {
        var ended = await Logs(args);

        ended.Error.ShouldContain(told);
        (ended.ExitCode, ended.Output).ShouldBe((exitCode, ""));
    }

    [LinuxFact]
    public async Task A_log_that_cannot_be_read_is_a_failure()
    {
        // Its memory at 0, which nobody has: an I/O error, whoever asks.
        var ended = await Logs("/proc/self/mem");

        ended.ExitCode.ShouldBe(1);
        ended.Error.ShouldContain("cannot read the log: ");
    }

    private void Configure(Func<string, string>? edit = null)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "config"));
        var shipped = File.ReadAllText(Path.Combine(Executable.Repository, "config", "serilog.json"));
        File.WriteAllText(Path.Combine(_folder, "config", "serilog.json"), edit?.Invoke(shipped) ?? shipped);
    }

    private async Task Put(RunningNode node, string name, int bytes, int exitCode = 0)
    {
        var source = Path.Combine(_folder, name);
        File.WriteAllBytes(source, new byte[bytes]);
        (await Executable.Run(_folder, "put", source, "--to", $"127.0.0.1:{node.Port}")).ExitCode.ShouldBe(exitCode);
    }

    private Task<Executable.Ended> Logs(params string[] args) => Executable.Run(_folder, ["logs", .. args]);

    private static async Task<string> NextLine(Process process) =>
        (await process.StandardOutput.ReadLineAsync().WaitAsync(s_patience)).ShouldNotBeNull();

    private static async Task Interrupt(Process process)
    {
        kill(process.Id, SigInt).ShouldBe(0);
        await process.WaitForExitAsync().WaitAsync(s_patience);
        process.ExitCode.ShouldBe(130);
        (await process.StandardError.ReadToEndAsync()).ShouldBeEmpty();
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
