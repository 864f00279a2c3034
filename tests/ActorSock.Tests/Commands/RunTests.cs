using System.Diagnostics;
using ActorSock.Access;
using ActorSock.Commands;
using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Tests.Files;
using ActorSock.Wire.Text;

namespace ActorSock.Tests.Commands;

/// <summary>What becomes of programs: good ones, and those that hang, flood, fork and hide.</summary>
public sealed class RunTests
{
    [LinuxFact]
    public async Task Both_outputs_come_whole_and_apart_with_the_exit_status()
    {
        await using var node = await CommandNode.Start();

        var answer = await node.Run("sh", "i=0; while [ $i -lt 20000 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done; exit 7");

        var expected = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"out {i}\n"));
        answer.Output.ShouldBe(expected);
        answer.Error.ShouldBe(expected.Replace("out", "err", StringComparison.Ordinal));
        answer.Reply.ShouldBe(new RunReply.Exited(7)
        {
            OutputBytes = expected.Length, ErrorBytes = expected.Length, Duration = answer.Reply.Duration,
        });
        answer.Reply.Duration.ShouldBeGreaterThan(TimeSpan.Zero);
        var ran = await node.Ran();
        (ran.Status, ran.Ending, ran.Bytes).ShouldBe((7, "exit 7", 2L * expected.Length));
        ran.Line.ShouldStartWith("sh 'i=0; while");
    }

    [LinuxFact]
    public async Task Outputs_are_bytes_and_need_not_be_text()
    {
        await using var node = await CommandNode.Start();

        (await node.Run("sh", @"printf '\377\376\000\012\001'")).OutputBytes.ShouldBe([0xFF, 0xFE, 0, 10, 1]);
    }

    [LinuxFact]
    public async Task A_program_has_nothing_to_read_and_nothing_of_the_nodes_environment_or_descriptors()
    {
        await using var node = await CommandNode.Start();
        await using var connection = await node.Connect();

        (await CommandNode.Run(connection, "cat")).Reply.ShouldBeOfType<RunReply.Exited>().Status.ShouldBe(0);
        (await CommandNode.Run(connection, "env")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(each => each.Split('=')[0]).ShouldBe(["A", "HOME", "USER", "LOGNAME"], ignoreOrder: true);
        (await CommandNode.Run(connection, "pwd")).Output.ShouldBe("/\n");
        (await CommandNode.Run(connection, "sh", "ls -l /proc/self/fd")).Output.ShouldNotContain("socket:");
    }

    [LinuxFact]
    public async Task Arguments_arrive_as_they_were_sent_and_nothing_in_them_is_special()
    {
        await using var node = await CommandNode.Start();
        string[] arguments = ["; rm -rf x", "$(id)", "`id`", "a\nb", "* ~ $HOME", "| sh", "-n", "", "数据 \u0001"];

        var answer = await node.Run(["echo", .. arguments]);

        answer.Output.ShouldBe(string.Join(' ', arguments)); // the operator's own -n stands in front of the client's
    }

    [LinuxFact]
    public async Task A_huge_argument_arrives_whole()
    {
        await using var node = await CommandNode.Start();
        var argument = new string('a', 65_000);

        (await node.Run("echo", argument)).Output.ShouldBe(argument);
    }

    [LinuxFact]
    public async Task A_program_that_hangs_is_killed_and_what_it_wrote_is_told()
    {
        await using var node = await CommandNode.Start();

        var answer = await node.Run("soon", "echo before; echo $$ >&2; sleep 1000");

        var killed = answer.Reply.ShouldBeOfType<RunReply.Killed>();
        (killed.Signal, killed.Why, killed.IsCut).ShouldBe((9, "time limit of 0.3 s", false));
        answer.Output.ShouldBe("before\n");
        await CommandNode.UntilGone(int.Parse(answer.Error));
        var ran = await node.Ran();
        (ran.Status, ran.Ending).ShouldBe((137, "killed: time limit of 0.3 s"));
    }

    [LinuxTheory]
    [InlineData("trap '' TERM INT HUP QUIT; while :; do sleep 0.01; done")]
    [InlineData("exec >&- 2>&- <&-; while :; do sleep 0.01; done")]
    [InlineData("sleep 1000 & sleep 1000 & wait")]
    [InlineData("f() { sleep 1000 & }; f; f; f; kill -STOP $$")]
    public async Task Whatever_a_program_does_against_its_end_it_ends_at_the_limit(string script)
    {
        await using var node = await CommandNode.Start();

        var answer = await node.Run("soon", $"echo $$ > {node.PathOf("pid")}; {script}");

        answer.Reply.ShouldBeOfType<RunReply.Killed>().Why.ShouldBe("time limit of 0.3 s");
        await CommandNode.UntilGone(await node.ProcessIn("pid"));
    }

    [LinuxFact]
    public async Task A_program_that_floods_is_killed_at_the_limit_and_the_answer_is_cut_there()
    {
        await using var node = await CommandNode.Start();

        var answer = await node.Run("yes");

        var killed = answer.Reply.ShouldBeOfType<RunReply.Killed>();
        (killed.Why, killed.IsCut, killed.OutputBytes, killed.ErrorBytes).ShouldBe(("output limit of 100000 bytes", true, 100_000, 0));
        answer.Output.ShouldBe(string.Concat(Enumerable.Repeat("y\n", 50_000)));
    }

    [LinuxFact]
    public async Task What_a_program_leaves_running_is_gone_with_it_and_not_waited_for()
    {
        await using var node = await CommandNode.Start();

        var answer = await node.Run("sh", "sleep 1000 & echo $!; (sleep 1000 & echo $!) ; exit 3");

        answer.Reply.ShouldBeOfType<RunReply.Exited>().Status.ShouldBe(3);
        foreach (var line in answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await CommandNode.UntilGone(int.Parse(line));
    }

    [LinuxFact]
    public async Task So_is_what_has_a_process_group_of_its_own()
    {
        await using var node = await CommandNode.Start(
            "actorsock.commands.allowed.bash={ program = /bin/bash, arguments = [\"-c\"], patterns = \"(?s).*\" }");

        var answer = await node.Run("bash", "set -m; sleep 1000 & echo $!; cut -d ' ' -f 5 /proc/$!/stat");

        var (process, group) = (answer.Output.Split('\n')[0], answer.Output.Split('\n')[1]);
        group.ShouldBe(process);
        await CommandNode.UntilGone(int.Parse(process));
    }

    [LinuxTheory]
    [InlineData("wait")]
    [InlineData("kill -STOP $$")]
    public async Task So_are_those_with_sessions_of_their_own_whose_parents_live(string parent)
    {
        await using var node = await CommandNode.Start();
        using var client = await WireClient.Connect(node.Port);
        var (child, grandchild) = (node.PathOf("child"), node.PathOf("grandchild"));
        await client.Send($"sh 'setsid sh -c \"echo \\$\\$ > {child}; setsid sleep 1000 & echo \\$! > {grandchild}; wait\" & {parent}'");
        int[] processes = [await node.ProcessIn("child"), await node.ProcessIn("grandchild")];

        client.Reset();

        foreach (var process in processes)
            await CommandNode.UntilGone(process);
    }

    [PythonFact]
    public async Task So_is_one_of_whom_other_threads_live_than_the_first_and_what_that_has_started()
    {
        const string Script = """
            import ctypes, os, platform, sys, threading
            if os.fork() == 0:
                os.setsid()
                child = os.fork()
                if child == 0:
                    threading.Event().wait()
                threading.Thread(target=threading.Event().wait).start()
                for name, process in ("child", os.getpid()), ("grandchild", child):
                    open(os.path.join(sys.argv[1], name), "w").write(f"{process}\n")
                ctypes.CDLL(None).syscall(60 if platform.machine() == "x86_64" else 93, 0)  # exit(2), of this thread alone
            threading.Event().wait()
            """;
        await using var node = await CommandNode.Start();
        await File.WriteAllTextAsync(node.PathOf("script.py"), Script);
        using var client = await WireClient.Connect(node.Port);
        await client.Send($"sh 'exec python3 {node.PathOf("script.py")} {node.Node.Folder}'");
        var (child, grandchild) = (await node.ProcessIn("child"), await node.ProcessIn("grandchild"));
        await CommandNode.Until(() => !CommandNode.IsAlive(child) && Threads(child) == 2, "its first thread lives, or none does");

        client.Reset();

        await CommandNode.UntilGone(grandchild);
        await CommandNode.Until(() => Threads(child) < 2, "its second thread lives");
    }

    private static int SessionOf(int process)
    {
        var status = File.ReadAllText($"/proc/{process}/stat");
        return int.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[3]);
    }

    private static int Threads(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process}/task").Length;
        }
        catch (DirectoryNotFoundException)
        {
            return 0;
        }
    }

    [LinuxFact]
    public async Task A_stranger_who_has_got_the_id_of_a_program_that_has_ended_is_left_alone()
    {
        using var stranger = Process.Start(new ProcessStartInfo("setsid", ["cat"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        await CommandNode.Until(() => SessionOf(stranger.Id) == stranger.Id, "it leads no session");

        Session.Kill(stranger.Id, isOver: true);

        await stranger.StandardInput.WriteLineAsync("alive");
        await stranger.StandardInput.FlushAsync();
        (await stranger.StandardOutput.ReadLineAsync()).ShouldBe("alive");
        stranger.StandardInput.Close();
        await stranger.WaitForExitAsync();
    }

    [LinuxFact]
    public async Task Who_has_left_the_session_holds_up_nobody_although_it_holds_the_pipes()
    {
        await using var node = await CommandNode.Start();

        var answer = await node.Run("sh", $"setsid sleep 1000 & echo $! > {node.PathOf("pid")}; echo done");

        answer.Output.ShouldBe("done\n");
        answer.Reply.ShouldBeOfType<RunReply.Exited>().Status.ShouldBe(0);
        await node.ProcessIn("pid"); // it is the operator's own program that did this; the test ends it
    }

    [LinuxFact]
    public async Task A_program_that_has_vanished_since_the_start_of_the_node_is_told()
    {
        var folder = Directory.CreateTempSubdirectory("as-run-").FullName;
        var program = Path.Combine(folder, "program");
        await File.WriteAllTextAsync(program, "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var node = await CommandNode.Start($"actorsock.commands.allowed.gone={{ program = {program}, folder = {folder} }}");

        File.Delete(program);
        (await node.Run("gone")).Reply.ShouldBeOfType<RunReply.Exited>().Status.ShouldBeOneOf(126, 127);
        Directory.Delete(folder);

        var refused = (await node.Run("gone")).Reply.ShouldBeOfType<RunReply.Refused>();
        (refused.Code, refused.Why.StartsWith("gone: not started: ", StringComparison.Ordinal)).ShouldBe((500, true));
        (await node.Node.Events.Until<ServerEvent.CommandRefused>()).Code.ShouldBe(500);
    }

    [LinuxFact]
    public async Task A_program_runs_as_the_user_of_its_entry()
    {
        var user = Environment.IsPrivilegedProcess ? "nobody" : Environment.UserName;
        await using var node = await CommandNode.Start(
            $"actorsock.commands.allowed.who={{ program = /usr/bin/id, arguments = [\"-un\"], folder = /, user = {user} }}");

        (await node.Run("who")).Output.ShouldBe($"{user}\n");
    }

    [LinuxFact]
    public async Task A_program_whose_user_is_gone_is_not_run_at_all()
    {
        await using var node = await CommandNode.Start();
        var touched = node.PathOf("touched");
        var settings = node.Node.Node.Parts.Settings.Commands.Allowed["sh"] with { User = "nobody-of-this-name" };

        var cannot = Should.Throw<IOException>(() => RunningProgram.Start(new RunOrder("sh", settings, ["-c", $"echo > {touched}"])));

        cannot.Message.ShouldBe("there is no user 'nobody-of-this-name'");
        File.Exists(touched).ShouldBeFalse();
    }

    [LinuxFact]
    public async Task A_folder_that_the_user_of_a_command_cannot_enter_is_told_with_what_to_do()
    {
        var user = Environment.IsPrivilegedProcess ? "nobody" : Environment.UserName;
        var folder = Directory.CreateTempSubdirectory("as-run-").FullName;
        await using var node = await CommandNode.Start(
            $"actorsock.commands.allowed.shut={{ program = /bin/pwd, folder = {folder}, user = {user} }}");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.None);

        var refused = (await node.Run("shut")).Reply.ShouldBeOfType<RunReply.Refused>();

        Directory.Delete(folder);
        refused.Why.ShouldBe($"shut: not started: Permission denied: user '{user}' cannot enter the command's folder: " +
            "set folder or user of actorsock.commands.allowed.shut");
    }

    [LinuxTheory]
    [InlineData(5)] // EIO
    [InlineData(24)] // EMFILE
    public unsafe void A_user_who_cannot_be_looked_up_is_not_taken_for_nobody(int error) =>
        Should.Throw<IOException>(() => SystemEntry.Find<object>("somebody", (_, _, _, _, _) => error, _ => new object()))
            .Message.ShouldStartWith("'somebody' cannot be looked up: ");

    [LinuxTheory]
    [InlineData(0)]
    [InlineData(2)] // ENOENT
    public unsafe void A_user_whom_the_system_does_not_know_is_nobody(int error) =>
        SystemEntry.Find<object>("nobody", (_, _, _, _, found) => Nothing(found, error), _ => new object()).ShouldBeNull();

    private static unsafe int Nothing(nint* found, int error)
    {
        *found = 0;
        return error;
    }

    [LinuxFact]
    public async Task A_fault_in_the_actor_of_a_program_kills_the_program_and_is_told()
    {
        await using var node = await CommandNode.Start();
        await using var connection = await node.Connect();

        var answer = CommandNode.Run(connection, "sh", $"echo $$ > {node.PathOf("pid")}; sleep 1000");
        var process = await node.ProcessIn("pid");
        node.Node.Node.System.ActorSelection("/user/server/connections/c-000001/run-1").Tell(Kill.Instance, ActorRefs.NoSender);

        (await answer).Reply.ShouldBeOfType<RunReply.Refused>().Code.ShouldBe(500);
        await CommandNode.UntilGone(process);
        (await CommandNode.Run(connection, "echo", "on")).Output.ShouldBe("on");
    }

    [LinuxFact]
    public async Task A_fault_in_the_conversation_kills_the_program_and_closes()
    {
        await using var node = await CommandNode.Start();
        await using var connection = await node.Connect();

        var answer = CommandNode.Run(connection, "sh", $"echo $$ > {node.PathOf("pid")}; sleep 1000");
        var process = await node.ProcessIn("pid");
        node.Node.Node.System.ActorSelection("/user/server/connections/c-000001").Tell(Kill.Instance, ActorRefs.NoSender);

        await Should.ThrowAsync<IOException>(() => answer);
        await CommandNode.UntilGone(process);
        (await node.Ran()).Ending.ShouldBe("killed: its connection has ended");
        (await node.Run("echo", "on")).Output.ShouldBe("on");
    }
}
