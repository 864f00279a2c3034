using System.Net;
using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests.Terminals;

/// <summary>A person at a real terminal.</summary>
public sealed class ChatTerminalTests
{
    private const string Up = "\e[A", Left = "\e[D", CtrlC = "\x03", CtrlD = "\x04", CtrlZ = "\x1a", Enter = "\r";

    [PythonFact]
    public async Task Messages_that_come_while_somebody_types_leave_the_line()
    {
        await using var terminal = await TerminalSession.Start("chat", "--listen", "127.0.0.1:0");
        using UdpPeer one = await Peer(terminal), two = await Peer(terminal);
        await terminal.UntilEdited("> |");

        await terminal.Type("你好吗", Left);
        await terminal.UntilEdited("> 你好|吗");
        one.Say("早上好");
        await terminal.UntilEdited($"reply to [{one.Address}]> 你好|吗");
        for (var n = 0; n < 20; n++) two.Say($"message {n}");
        await terminal.UntilShown($"[{two.Address}] message 19");
        terminal.Paper.Edited.ShouldBe($"reply to [{one.Address}]> 你好|吗");
        await terminal.Type("啊", Enter);

        one.Hear().ShouldBe("你好啊吗");
        await terminal.UntilEdited($"reply to [{two.Address}]> |");
        terminal.Paper.Rows[1..].ShouldBe(
        [
            $"[{one.Address}] 早上好",
            .. Enumerable.Range(0, 20).Select(n => $"[{two.Address}] message {n}"),
            $"reply to [{one.Address}]> 你好啊吗",
            $"reply to [{two.Address}]>",
        ]);
        await terminal.Type(CtrlD);
        (await terminal.UntilEnded()).ShouldBe((0, true));
    }

    [PythonFact]
    public async Task Anybody_can_be_written_to_and_messages_be_skipped()
    {
        await using var terminal = await TerminalSession.Start("chat", "--listen", "127.0.0.1:0");
        using UdpPeer one = await Peer(terminal), two = await Peer(terminal);
        one.Say("1");
        await terminal.UntilEdited($"reply to [{one.Address}]> |");
        two.Say("2");
        await terminal.UntilShown($"[{two.Address}] 2");

        await terminal.Type($"/to {two.Address} 二{Enter}/to [{two.Address}] 2{Enter}");
        two.Hear().ShouldBe("二");
        two.Hear().ShouldBe("2");
        await terminal.UntilEdited($"reply to [{one.Address}]> |");
        await terminal.Type($"/skip{Enter}");
        await terminal.UntilEdited($"reply to [{two.Address}]> |");
        await terminal.Type($"//skip{Enter}");
        two.Hear().ShouldBe("/skip");
        await terminal.UntilEdited("> |");

        await terminal.Type($"hello?{Enter}");
        await terminal.UntilShown("nobody waits for an answer: /to IP:PORT TEXT writes to anybody seen");
        await terminal.Type($"/to 127.0.0.1:1 x{Enter}");
        await terminal.UntilShown("nothing was sent: 127.0.0.1:1 has not written");
        await terminal.Type($"/to {one.Address}{Enter}");
        await terminal.UntilShown("nothing was sent: it is /to IP:PORT TEXT");
        await terminal.Type($"/quit{Enter}");
        await terminal.UntilShown("there is no /quit: /help tells what there is; to send it as text write //quit");
        await terminal.Type($"/help{Enter}");
        await terminal.UntilShown("/skip              leaves one message without an answer");
    }

    [PythonFact]
    public async Task What_was_typed_comes_back_with_Up()
    {
        await using var terminal = await TerminalSession.Start("chat", "--listen", "127.0.0.1:0");
        using var peer = await Peer(terminal);
        peer.Say("1");
        peer.Say("2");
        await terminal.UntilShown($"[{peer.Address}] 2");

        await terminal.Type("第一", Enter);
        await terminal.Type(Up, "次", Enter);

        peer.Hear().ShouldBe("第一");
        peer.Hear().ShouldBe("第一次");
    }

    [PythonFact]
    public async Task A_line_wider_than_the_terminal_stays_in_its_row()
    {
        await using var terminal = await TerminalSession.Start(
            [("TERM", "xterm")], 50, 44, "chat", "--listen", "127.0.0.1:0");
        using var peer = await Peer(terminal);
        peer.Say("question");
        await terminal.UntilShown($"[{peer.Address}] question");
        var text = string.Concat(Enumerable.Repeat("一二三四五六七八九十", 5));
        var room = 49 - $"reply to [{peer.Address}]> ".Length - 2;

        await terminal.Type(text);
        await terminal.UntilEdited($"reply to [{peer.Address}]> <{text[^(room / 2)..]}|");
        terminal.Resize();
        room -= 6;
        await terminal.UntilEdited($"reply to [{peer.Address}]> <{text[^(room / 2)..]}|");
        await terminal.Type(Enter);

        peer.Hear().ShouldBe(text);
        await terminal.UntilEdited("> |");
    }

    [PythonFact]
    public async Task Ctrl_C_ends_it_with_130_and_gives_the_terminal_back()
    {
        await using var terminal = await TerminalSession.Start("chat", "--listen", "127.0.0.1:0");
        await terminal.UntilEdited("> |");

        await terminal.Type("never sent", CtrlC);

        (await terminal.UntilEnded()).ShouldBe((130, true));
        terminal.Paper.Raw.ShouldEndWith("\e[?1l\e>");
        terminal.Paper.Rows.ShouldContain("> never sent^C");
        terminal.Paper.Edited.ShouldBe("|");
    }

    [PythonFact]
    public async Task A_signal_gives_the_terminal_back()
    {
        await using var terminal = await TerminalSession.Start("chat", "--listen", "127.0.0.1:0");
        await terminal.UntilEdited("> |");

        terminal.Signal(15);

        (await terminal.UntilEnded()).IsRestored.ShouldBeTrue();
    }

    [PythonFact]
    public async Task Ctrl_Z_without_a_shell_goes_on()
    {
        await using var terminal = await TerminalSession.Start("chat", "--listen", "127.0.0.1:0");
        await terminal.UntilEdited("> |");

        await terminal.Type("text", CtrlZ, "!");

        await terminal.UntilEdited("> text!|");
    }

    [PythonFact]
    public async Task Colours_are_for_those_who_want_them()
    {
        await using var plain = await TerminalSession.Start(
            [("TERM", "xterm"), ("NO_COLOR", "1")], 80, 80, "chat", "--listen", "127.0.0.1:0");
        await using var coloured = await TerminalSession.Start("chat", "--listen", "127.0.0.1:0");
        using UdpPeer one = await Peer(plain), two = await Peer(coloured);
        one.Say("hi");
        two.Say("hi");

        await plain.UntilShown($"[{one.Address}] hi");
        await coloured.UntilShown($"[{two.Address}] hi");

        plain.Paper.Raw.ShouldNotContain("\e[1;44m");
        coloured.Paper.Raw.ShouldContain($"[{two.Address}] \e[1;44mhi\e[0m");
    }

    [PythonFact]
    public async Task A_terminal_that_can_draw_nothing_has_plain_lines()
    {
        await using var terminal = await TerminalSession.Start(
            [("TERM", "dumb")], 80, 80, "chat", "--listen", "127.0.0.1:0");
        using var peer = await Peer(terminal);
        peer.Say("hi\e[2J");
        await terminal.UntilShown($@"[{peer.Address}] hi\u{{1B}}[2J");

        await terminal.Type("answer\n");

        peer.Hear().ShouldBe("answer");
        await terminal.Type(CtrlD);
        (await terminal.UntilEnded()).ShouldBe((0, true));
        terminal.Paper.Raw.ShouldNotContain("\e");
    }

    private static async Task<UdpPeer> Peer(TerminalSession terminal)
    {
        const string Listening = "listening on udp://";
        string? Row() => terminal.Paper.Rows.FirstOrDefault(row => row.StartsWith(Listening, StringComparison.Ordinal));
        for (var patience = System.Diagnostics.Stopwatch.StartNew(); Row() is null; await Task.Delay(5))
            patience.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
        await terminal.UntilShown(Row()!);
        return new UdpPeer(IPEndPoint.Parse(Row()![Listening.Length..].Split(';')[0]));
    }
}
