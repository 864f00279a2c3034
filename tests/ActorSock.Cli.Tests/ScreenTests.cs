using ActorSock.Cli.Terminal;

namespace ActorSock.Cli.Tests;

public sealed class ScreenTests : IDisposable
{
    private readonly PaperTerminal _paper = new(columns: 40);
    private readonly Screen _screen;
    private int _columns = 40;

    public ScreenTests()
    {
        _screen = new Screen(_paper, () => _columns) { Prompt = "> " };
        _screen.Show();
    }

    public void Dispose() => _paper.Dispose();

    [Fact]
    public void What_is_printed_stands_above_the_line_that_is_edited()
    {
        _screen.Edit("你好 world", 2);

        _screen.Print("one\ntwo");

        _paper.Rows.ShouldBe(["one", "two", "> 你好 world"]);
        _paper.Edited.ShouldBe("> 你好| world");
    }

    [Fact]
    public void A_printed_line_may_be_longer_than_the_terminal_is_wide()
    {
        _screen.Edit("typed", 5);

        _screen.Print(new string('x', 90));

        _paper.Rows.ShouldBe([new string('x', 40), new string('x', 40), new string('x', 10), "> typed"]);
    }

    [Fact]
    public void A_long_line_stays_in_its_row_and_is_left_whole_when_it_is_entered()
    {
        var typed = new string('a', 50) + "z";
        for (var at = 1; at <= typed.Length; at++) _screen.Edit(typed[..at], at);
        _screen.Print("news");
        _paper.Rows.ShouldBe(["news", "> <" + typed[^35..]]);

        _screen.Leave(typed);

        _paper.Rows.ShouldBe(["news", ("> " + typed)[..40], typed[38..], ">"]);
    }

    [Fact]
    public void Another_prompt_leaves_the_line()
    {
        _screen.Edit("text", 2);

        _screen.Prompt = "reply> ";

        _paper.Edited.ShouldBe("reply> te|xt");
    }

    [Fact]
    public void A_hidden_line_is_wiped_and_comes_back()
    {
        _screen.Edit("text", 4);

        _screen.Hide();
        _screen.Print("alone");
        _paper.Rows.ShouldBe(["alone"]);
        _paper.Edited.ShouldBe("|");
        _screen.Show();

        _paper.Rows.ShouldBe(["alone", "> text"]);
    }

    [Fact]
    public void A_cleared_screen_has_the_line_at_its_top()
    {
        _screen.Print("old");
        _screen.Edit("text", 4);

        _screen.Clear();

        _paper.Rows.ShouldBe(["> text"]);
    }

    [Fact]
    public void A_narrower_terminal_shows_less_of_the_line()
    {
        _screen.Edit("a line of some length", 21);

        _paper.Resize(_columns = 18);
        _screen.Redraw();

        _paper.Edited.ShouldBe("> <f some length|");
    }

    [Fact]
    public void Pasted_control_characters_are_not_obeyed()
    {
        _screen.Edit("a\u009B2J\tb", 6);
        _paper.Edited.ShouldBe("> a\\u{9B}2J^Ib|");

        _screen.Leave("a\u009B2J\tb");

        _paper.Rows.ShouldBe(["> a\\u{9B}2J\\u{09}b", ">"]);
    }

    [Fact]
    public async Task Threads_that_print_do_not_mix_their_lines()
    {
        var printing = Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var line = 0; line < 50; line++) _screen.Print($"thread {thread} line {line}");
        })).ToArray();
        for (var at = 0; at <= 20; at++) _screen.Edit("twenty characters ..."[..at], at);
        await Task.WhenAll(printing);

        _paper.Rows.Length.ShouldBe(201);
        _paper.Rows[..200].Order().ShouldBe(
            Enumerable.Range(0, 200).Select(n => $"thread {n / 50} line {n % 50}").Order());
        _paper.Edited.ShouldBe("> twenty characters ..|");
    }
}
