using ActorSock.Cli.Terminal;
using FsCheck.Fluent;

namespace ActorSock.Cli.Tests;

public sealed class LineViewTests
{
    private readonly LineView _view = new();

    [Theory]
    [InlineData("hello", 5, "> hello|")]
    [InlineData("hello", 2, "> he|llo")]
    [InlineData("0123456789abcdef", 16, "> 0123456789abcdef|")]
    [InlineData("0123456789abcdefghij", 20, "> <56789abcdefghij|")]
    [InlineData("0123456789abcdefghij", 0, "> |0123456789abcde>")]
    [InlineData("一二三四五六七八九十百千", 12, "> <六七八九十百千|")]
    [InlineData("a\tb\u009B", 3, "> a^Ib|\\u{9B}")]
    public void A_row_shows_the_part_around_the_cursor(string text, int cursor, string seen) =>
        Seen("> ", text, cursor, columns: 20).ShouldBe(seen);

    [Fact]
    public void The_window_stands_still_while_the_cursor_is_in_it()
    {
        const string Text = "0123456789abcdefghijklmnopqrstuvwxyz";
        Seen("> ", Text, 20, 20).ShouldBe("> <56789abcdefghij|>");

        Seen("> ", Text, 8, 20).ShouldBe("> <567|89abcdefghij>");
        Seen("> ", Text, 3, 20).ShouldBe("> <|3456789abcdefgh>");
    }

    [Fact]
    public void Of_a_long_prompt_the_end_is_shown() =>
        Seen("reply to [127.0.0.1:50123]> ", "ok", 2, columns: 30).ShouldBe("27.0.0.1:50123]> ok|");

    [Fact]
    public void No_row_reaches_the_last_column_and_the_cursor_is_always_in_it()
    {
        var texts = Gen.Elements("a", "你", "e\u0301", "👨‍👩‍👧", "\t", "\u1100\u1161\u11A8").ListOf();
        var cases = texts.SelectMany(text => Gen.Choose(0, text.Count).SelectMany(
            at => Gen.Choose(6, 60).Select(columns => (Text: text, At: at, Columns: columns))));

        Properties.Hold(cases, one =>
        {
            var cursor = one.Text.Take(one.At).Sum(part => part.Length);

            var (left, right) = new LineView().Show("答> ", string.Concat(one.Text), cursor, one.Columns);

            CharacterWidth.Of(left + right).ShouldBeLessThan(one.Columns);
        });
    }

    private string Seen(string prompt, string text, int cursor, int columns)
    {
        var (left, right) = _view.Show(prompt, text, cursor, columns);
        return $"{left}|{right}";
    }
}
