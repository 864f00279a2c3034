using System.Text;
using ActorSock.Cli.Terminal;

namespace ActorSock.Cli.Tests;

public sealed class ShownTests
{
    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("hello\n", "hello")]
    [InlineData("hello\r\n", "hello")]
    [InlineData("a\nb", @"a\u{0A}b")]
    [InlineData("\e]0;title\a", @"\u{1B}]0;title\u{07}")]
    [InlineData("你好", "你好")]
    public void One_line_stays_one_line(string text, string shown) =>
        Shown.Line(Encoding.UTF8.GetBytes(text)).ShouldBe(shown);

    [Fact]
    public void Bytes_that_are_no_text_are_told_one_by_one() =>
        Shown.Line([(byte)'a', 0xFF, 0xE4, 0xBD, (byte)'b', 0]).ShouldBe(@"a\xFF\xE4\xBDb\u{00}");

    [Theory]
    [InlineData("a\r\nb\tc\n", "a\nb\tc")]
    [InlineData("\e[2J\n\u202Ex", "\\u{1B}[2J\n\\u{202E}x")]
    [InlineData("", "")]
    public void Lines_are_kept_and_nothing_else_is_obeyed(string text, string shown) =>
        Shown.Lines(Encoding.UTF8.GetBytes(text)).ShouldBe(shown);
}
