using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests.Terminals;

/// <summary>A person at a real terminal.</summary>
public sealed class ConnectTerminalTests
{
    private const string CtrlD = "\x04", Enter = "\r";

    [PythonFact]
    public async Task Answers_are_shown_when_they_come_above_the_line_that_is_typed()
    {
        using var service = new PlayedService();
        await using var terminal = await TerminalSession.Start("connect", service.Address);
        await service.Accept();
        await terminal.UntilEdited("> |");
        await terminal.Type("第一", Enter, "sec");
        await service.Hear("第一");
        await terminal.UntilEdited("> sec|");

        await service.Say("one\r\nanswer of two lines\n");
        await terminal.UntilShown("answer of two lines");
        await service.Say("unasked \e[2J");
        await terminal.UntilShown(@"unasked \u{1B}[2J");
        terminal.Paper.Edited.ShouldBe("> sec|");
        await terminal.Type("ond", Enter);

        await service.Hear("second");
        await terminal.UntilEdited("> |");
        terminal.Paper.Rows.ShouldBe(
        [
            $"connected to tcp://{service.Address}; Ctrl-D ends", "> 第一", "one", "answer of two lines",
            @"unasked \u{1B}[2J", "> second", ">",
        ]);
    }

    [PythonFact]
    public async Task What_a_command_writes_stands_below_the_count_of_its_bytes()
    {
        await using var node = await RunningNode.Start(
            "--set", "actorsock.commands.endpoint=127.0.0.1:0",
            "--set", """actorsock.commands.allowed={ sh { program = /bin/sh, arguments = ["-c"], patterns = "(?s).*" } }""");
        var address = $"127.0.0.1:{node.PortOf("commands")}";
        await using var terminal = await TerminalSession.Start("connect", address);
        await terminal.UntilEdited("> |");

        // The line feed behind the count is urgent data: taken in line it would be a blank row before the output, because no
        // read goes across its place.
        await terminal.Type("sh 'echo one; echo two'", Enter);
        await terminal.UntilShown("two");
        await terminal.Type("sh true", Enter);
        await terminal.UntilShown("0");
        await terminal.Type("sh 'echo -n 12'", Enter);
        await terminal.UntilShown("12");

        await terminal.UntilEdited("> |");
        terminal.Paper.Rows.ShouldBe(
        [
            $"connected to tcp://{address}; Ctrl-D ends",
            "> sh 'echo one; echo two'", "8", "one", "two", "> sh true", "0", "> sh 'echo -n 12'", "2", "12", ">",
        ]);
    }

    [PythonFact]
    public async Task A_character_that_is_cut_is_shown_whole()
    {
        using var service = new PlayedService();
        await using var terminal = await TerminalSession.Start("connect", service.Address);
        await service.Accept();
        var text = Encoding.UTF8.GetBytes("你好");

        await service.Say(text[..4]);
        await terminal.UntilShown("你");
        await service.Say(text[4..]);

        await terminal.UntilShown("好");
    }

    [PythonFact]
    public async Task Ctrl_D_closes_in_order_and_shows_what_still_comes()
    {
        using var service = new PlayedService();
        await using var terminal = await TerminalSession.Start("connect", service.Address, "--lines");
        await service.Accept();
        await terminal.UntilEdited("> |");
        await terminal.Type("last", Enter, CtrlD);
        await service.Hear("last\n");
        await service.HearEnd();

        await service.Say("goodbye\n");
        service.Close();

        (await terminal.UntilEnded()).ShouldBe((0, true));
        terminal.Paper.Rows.ShouldContain("goodbye");
    }

    [PythonFact]
    public async Task A_service_that_closes_ends_it_and_a_line_without_an_answer_makes_it_fail()
    {
        foreach (var isAnswered in new[] { true, false })
        {
            using var service = new PlayedService();
            await using var terminal = await TerminalSession.Start("connect", service.Address);
            await service.Accept();
            await terminal.UntilEdited("> |");
            await terminal.Type("one", Enter);
            await service.Hear("one");
            if (isAnswered) await service.Say("1");

            service.Close();

            (await terminal.UntilEnded()).ShouldBe((isAnswered ? 0 : 1, true));
            terminal.Paper.Rows.ShouldContain(
                $"tcp://{service.Address} has closed the connection" + (isAnswered ? "" : " without an answer"));
        }
    }

    [PythonFact]
    public async Task Over_UDP_it_goes_on_where_nobody_is_there_yet()
    {
        using var reserved = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = (IPEndPoint)reserved.LocalEndPoint!;
        reserved.Dispose();
        await using var terminal = await TerminalSession.Start("connect", $"{address}", "--udp");
        await terminal.UntilEdited("> |");
        await terminal.Type("anybody?", Enter);
        await terminal.UntilShown($"udp://{address} does not answer: Connection refused");

        using var service = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        service.Bind(address);
        await terminal.Type("anybody now?", Enter);
        var heard = new byte[100];
        var from = await service.ReceiveFromAsync(heard, new IPEndPoint(IPAddress.Any, 0)).WaitAsync(TimeSpan.FromSeconds(60));
        await service.SendToAsync("yes"u8.ToArray(), from.RemoteEndPoint);

        Encoding.UTF8.GetString(heard, 0, from.ReceivedBytes).ShouldBe("anybody now?");
        await terminal.UntilShown("yes");
        await terminal.Type(CtrlD);
        (await terminal.UntilEnded()).ShouldBe((0, true));
    }
}
