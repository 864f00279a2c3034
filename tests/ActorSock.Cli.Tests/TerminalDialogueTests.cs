using ActorSock.Cli.Terminal;

namespace ActorSock.Cli.Tests;

public sealed class TerminalDialogueTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly TypedKeys _keys = new();
    private readonly PaperTerminal _paper = new(columns: 60);
    private readonly TerminalDialogue _dialogue;

    public TerminalDialogueTests() =>
        _dialogue = new TerminalDialogue(_keys, new Screen(_paper, () => 60), new History()) { Prompt = "> " };

    public void Dispose()
    {
        _keys.HangUp();
        _dialogue.Dispose();
        _paper.Dispose();
    }

    [Fact]
    public async Task Lines_come_as_they_are_entered_and_a_paste_is_several()
    {
        _keys.Type("first\r");
        _keys.Type("second\rthird\rbegun");

        (await NextLine()).ShouldBe("first");
        (await NextLine()).ShouldBe("second");
        (await NextLine()).ShouldBe("third");
        await Until(() => _paper.Edited == "> begun|");
    }

    [Fact]
    public async Task Messages_leave_the_line_that_is_being_typed()
    {
        var line = NextLine();
        _keys.Type("你好", Keys.Left);
        await Until(() => _paper.Edited == "> 你|好");

        _dialogue.PrintMessage("127.0.0.1:5000", "hi\n\e[2Jthere");
        _dialogue.PrintAnswer("two\nlines\n"u8);
        _dialogue.Remark("a remark");
        _keys.Type("们\r");

        (await line).ShouldBe("你们好");
        _paper.Rows.ShouldBe([@"[127.0.0.1:5000] hi\u{0A}\u{1B}[2Jthere", "two", "lines", "a remark", "> 你们好", ">"]);
        _paper.Raw.ShouldNotContain("\e[1;44m");
    }

    [Fact]
    public void What_others_say_is_coloured_where_colours_are_wanted()
    {
        using var dialogue = new TerminalDialogue(_keys, new Screen(_paper, () => 60), new History()) { HasColours = true };

        dialogue.PrintMessage("127.0.0.1:5000", "hi");

        _paper.Raw.ShouldContain("[127.0.0.1:5000] \e[1;44mhi\e[0m");
    }

    [Fact]
    public async Task The_prompt_may_change_while_somebody_types()
    {
        var line = NextLine();
        _keys.Type("tex");
        await Until(() => _paper.Edited == "> tex|");

        _dialogue.Prompt = "reply to [127.0.0.1:5000]> ";
        _paper.Edited.ShouldBe("reply to [127.0.0.1:5000]> tex|");
        _keys.Type("t\r");

        (await line).ShouldBe("text");
        _paper.Rows[0].ShouldBe("reply to [127.0.0.1:5000]> text");
    }

    [Fact]
    public async Task Ctrl_D_ends_the_input_after_what_was_entered()
    {
        _keys.Type("last\r", Keys.Control('D'));

        (await NextLine()).ShouldBe("last");
        (await NextLine()).ShouldBeNull();
        (await NextLine()).ShouldBeNull();
        _paper.Rows.ShouldBe(["> last", ""]);
    }

    [Fact]
    public async Task A_keyboard_that_is_gone_ends_the_input()
    {
        var line = NextLine();

        _keys.HangUp();

        (await line).ShouldBeNull();
    }

    [Fact]
    public async Task Ctrl_C_sends_its_signal_and_leaves_the_line_to_be_seen()
    {
        _ = NextLine();
        _keys.Type("never sent", Keys.Control('C'));
        await Until(() => _paper.Edited == "> never sent|" && _paper.Rows.Length == 2);

        _keys.Interrupts.ShouldBe(1);
        _paper.Rows[0].ShouldBe("> never sent^C");
    }

    [Fact]
    public async Task A_key_that_can_do_nothing_rings()
    {
        _ = NextLine();

        _keys.Type(Keys.Up, Keys.Backspace);

        await Until(() => _paper.Bells == 2);
    }

    [Fact]
    public async Task Waiting_for_a_line_can_be_given_up_and_begun_again()
    {
        using var given = new CancellationTokenSource();
        var line = _dialogue.ReadLineAsync(given.Token).AsTask();

        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(line);

        _keys.Type("kept\r");
        (await NextLine()).ShouldBe("kept");
    }

    [Fact]
    public async Task The_end_gives_the_terminal_back_and_leaves_no_prompt()
    {
        _keys.Type("begun");
        _ = NextLine();
        await Until(() => _paper.Edited == "> begun|");

        _dialogue.Dispose();

        _keys.IsReleased.ShouldBeTrue();
        _paper.Edited.ShouldBe("|");
    }

    private async Task<string?> NextLine() =>
        await _dialogue.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(s_patience);

    private static async Task Until(Func<bool> condition)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        for (; !condition(); await Task.Delay(5))
            patience.Elapsed.ShouldBeLessThan(s_patience);
    }
}
