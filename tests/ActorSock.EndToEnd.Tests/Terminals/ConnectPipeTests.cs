using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests.Terminals;

public sealed class ConnectPipeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [PythonFact]
    public async Task It_talks_to_the_courses_server_over_TCP()
    {
        using var server = CourseServer("title_server_tcp.py");
        var port = await server.StandardOutput.ReadLineAsync().WaitAsync(s_patience);

        var ended = await Connect("hello world\n\nthey're here\n你好 ok", $"127.0.0.1:{port}");

        ended.ShouldBe(new(0, "Hello World\nThey'Re Here\n你好 Ok\n", ""));
        await server.WaitForExitAsync().WaitAsync(s_patience);
    }

    [PythonFact]
    public async Task It_talks_to_the_courses_server_over_UDP()
    {
        using var server = CourseServer("title_server_udp.py");
        var port = await server.StandardOutput.ReadLineAsync().WaitAsync(s_patience);
        var large = new string('x', 65_507);

        var ended = await Connect($"hello world\n\n{large}\n", $"localhost:{port}", "--udp");

        ended.ShouldBe(new(0, $"Hello World\n\nX{large[1..]}\n", ""));
        server.StandardInput.Close();
        await server.WaitForExitAsync().WaitAsync(s_patience);
    }

    [Fact]
    public async Task A_line_goes_out_when_the_one_before_is_answered()
    {
        using var service = new PlayedService();
        var ended = Connect("one\ntwo\n", service.Address);
        await service.Accept();

        await service.Hear("one");
        await service.Say("answer\nof two lines\n");
        await service.Hear("two");
        await service.Say("2");
        await service.HearEnd();
        await service.Say("and something ");
        await service.Say("at the end\n");
        service.Close();

        (await ended).ShouldBe(new(0, (await ended).Output, ""));
        (await ended).Output.ReplaceLineEndings("").ShouldBe("answerof two lines2and something at the end");
        (await ended).Output.ShouldStartWith("answer\nof two lines\n2\nand something ");
    }

    [Fact]
    public async Task Lines_can_be_sent_as_lines()
    {
        using var service = new PlayedService();
        var ended = Connect("one\n\ntwo", service.Address, "--lines");
        await service.Accept();

        foreach (var line in new[] { "one\n", "\n", "two\n" })
        {
            await service.Hear(line);
            await service.Say($"<{line}");
        }
        await service.HearEnd();
        service.Close();

        (await ended).ShouldBe(new(0, "<one\n<\n<two\n", ""));
    }

    [Fact]
    public async Task An_answer_is_printed_byte_by_byte_as_it_came()
    {
        using var service = new PlayedService();
        using var connect = Executable.Begin(Executable.Path, AppContext.BaseDirectory, "connect", service.Address);
        await connect.StandardInput.WriteAsync("?");
        connect.StandardInput.Close();
        await service.Accept();
        await service.Hear("?");

        byte[] answer = [0xFF, 0, 0x1B, (byte)'[', (byte)'J', 0xE4];
        await service.Say(answer);
        await service.HearEnd();
        service.Close();

        using var printed = new MemoryStream();
        await connect.StandardOutput.BaseStream.CopyToAsync(printed).WaitAsync(s_patience);
        printed.ToArray().ShouldBe([.. answer, (byte)'\n']);
    }

    [Fact]
    public async Task A_service_that_closes_without_an_answer_makes_it_fail()
    {
        using var service = new PlayedService();
        var ended = Connect("one\ntwo\n", service.Address);
        await service.Accept();

        await service.Hear("one");
        service.Close();

        (await ended).ShouldBe(
            new(1, "", $"tcp://{service.Address} has closed the connection without an answer\n"));
    }

    [Fact]
    public async Task A_service_that_closes_when_everything_is_answered_ends_it()
    {
        using var service = new PlayedService();
        using var connect = Executable.Begin(Executable.Path, AppContext.BaseDirectory, "connect", service.Address);
        await service.Accept();
        await connect.StandardInput.WriteAsync("one\n");
        await connect.StandardInput.FlushAsync();
        await service.Hear("one");
        await service.Say("1");
        (await connect.StandardOutput.ReadLineAsync().WaitAsync(s_patience)).ShouldBe("1");

        service.Close();

        await connect.WaitForExitAsync().WaitAsync(s_patience);
        connect.ExitCode.ShouldBe(0);
        (await connect.StandardError.ReadToEndAsync()).ShouldBe($"tcp://{service.Address} has closed the connection\n");
    }

    [Fact]
    public async Task A_service_that_resets_the_connection_makes_it_fail()
    {
        using var service = new PlayedService();
        var ended = Connect("one\ntwo\n", service.Address);
        await service.Accept();

        await service.Hear("one");
        service.Reset();

        (await ended).ExitCode.ShouldBe(1);
        (await ended).Error.ShouldBe($"no answer from tcp://{service.Address}: Connection reset by peer\n");
    }

    [Fact]
    public async Task A_service_that_does_not_answer_makes_it_fail()
    {
        using var service = new PlayedService();

        var ended = await Connect("one\n", service.Address, "--wait", "100ms");

        ended.ExitCode.ShouldBe(1);
        ended.Output.ShouldBe("");
        ended.Error.ShouldStartWith($"tcp://{service.Address} gave no answer within 100ms: see whether");
    }

    [Fact]
    public async Task A_service_that_never_closes_is_left_in_the_end()
    {
        using var service = new PlayedService();
        var ended = Connect("one\n", service.Address, "--wait", "1s");
        await service.Accept();

        await service.Hear("one");
        await service.Say("1");

        (await ended).ShouldBe(new(0, "1\n", ""));
    }

    [Fact]
    public async Task It_connects_over_IPv6_and_Unix_sockets()
    {
        var folder = Directory.CreateTempSubdirectory("as-connect-");
        foreach (var place in new EndPoint[]
        {
            new IPEndPoint(IPAddress.IPv6Loopback, 0), new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, "s")),
        })
        {
            using var service = new PlayedService(place);
            var ended = Connect("one\n", service.Address);
            await service.Accept();
            await service.Hear("one");
            await service.Say("1");
            await service.HearEnd();
            service.Close();
            (await ended).ShouldBe(new(0, "1\n", ""));
        }
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("udp", "--udp")]
    public async Task Where_nobody_listens_it_ends_with_3(string scheme, params string[] more)
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // and does not listen
        var address = $"{taken.LocalEndPoint}";

        var ended = await Connect("one\n", [address, .. more]);

        ended.ShouldBe(new(3, "",
            $"cannot reach {scheme}://{address}: Connection refused: start the service there, or name another address\n"));
    }

    [Theory]
    [InlineData("it has no port", "127.0.0.1")]
    [InlineData("a Unix socket takes connections", "unix:/tmp/s", "--udp")]
    [InlineData("--wait takes a time", "127.0.0.1:1", "--wait", "soon")]
    [InlineData("--wait takes a time", "127.0.0.1:1", "--wait", "0s")]
    public async Task What_cannot_be_meant_is_misuse(string why, params string[] args)
    {
        var ended = await Connect("", args);

        ended.ExitCode.ShouldBe(2);
        ended.Error.ShouldContain(why);
    }

    [LinuxFact]
    public async Task Ctrl_C_ends_it_with_130()
    {
        using var service = new PlayedService();
        using var connect = Executable.Begin(Executable.Path, AppContext.BaseDirectory, "connect", service.Address);
        await service.Accept();
        await connect.StandardInput.WriteAsync("one\n");
        await connect.StandardInput.FlushAsync();
        await service.Hear("one");

        kill(connect.Id, 2).ShouldBe(0);

        await connect.WaitForExitAsync().WaitAsync(s_patience);
        connect.ExitCode.ShouldBe(130);
        (await connect.StandardError.ReadToEndAsync()).ShouldBe("");
    }

    private static Task<Executable.Ended> Connect(string input, params string[] args) =>
        Executable.RunProgram(Executable.Path, AppContext.BaseDirectory, input, ["connect", .. args]);

    private static Process CourseServer(string script) => Executable.Begin(
        Python.Interpreter!, AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "Clients", script));

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
