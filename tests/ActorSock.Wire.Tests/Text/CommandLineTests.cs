using ActorSock.Wire.Text;
using FsCheck.Fluent;

namespace ActorSock.Wire.Tests.Text;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData(" \t ", new string[0])]
    [InlineData("ls", new[] { "ls" })]
    [InlineData("  ls   -l\t/tmp ", new[] { "ls", "-l", "/tmp" })]
    [InlineData("echo 'a  b' \"c  d\"", new[] { "echo", "a  b", "c  d" })]
    [InlineData("echo '' \"\"", new[] { "echo", "", "" })]
    [InlineData("echo a'b'\"c\"d", new[] { "echo", "abcd" })]
    [InlineData(@"echo a\ b \' \"" \\", new[] { "echo", "a b", "'", "\"", "\\" })]
    [InlineData(@"echo ""a\""b\\c\d""", new[] { "echo", @"a""b\c\d" })]
    [InlineData(@"echo 'a\b'", new[] { "echo", @"a\b" })]
    [InlineData("echo 数据 é", new[] { "echo", "数据", "é" })]
    public void Words_are_split_as_a_shell_would(string line, string[] words) => Split(line).ShouldBe(words);

    [Theory]
    [InlineData("ls; rm -rf /", new[] { "ls;", "rm", "-rf", "/" })]
    [InlineData("ls && pwd || id", new[] { "ls", "&&", "pwd", "||", "id" })]
    [InlineData("ls|sh", new[] { "ls|sh" })]
    [InlineData("echo $(id) `id` ${HOME} $HOME", new[] { "echo", "$(id)", "`id`", "${HOME}", "$HOME" })]
    [InlineData("echo \"$HOME `id`\"", new[] { "echo", "$HOME `id`" })]
    [InlineData("ls * ? [a] ~ {a,b}", new[] { "ls", "*", "?", "[a]", "~", "{a,b}" })]
    [InlineData("ls > /etc/passwd < x 2>&1 &", new[] { "ls", ">", "/etc/passwd", "<", "x", "2>&1", "&" })]
    [InlineData("a=b ls !! #c", new[] { "a=b", "ls", "!!", "#c" })]
    public void Nothing_that_a_shell_would_expand_or_join_means_anything(string line, string[] words) =>
        Split(line).ShouldBe(words);

    [Theory]
    [InlineData("ls '", "a quote (') is not closed")]
    [InlineData("ls \"a", "a quote (\") is not closed")]
    [InlineData("ls \"a\\\"", "a quote (\") is not closed")]
    [InlineData("ls \\", "there is nothing behind its last backslash")]
    [InlineData("ls a\0b", "it has a zero character, which no argument can have")]
    public void A_line_that_cannot_be_read_is_refused(string line, string why)
    {
        CommandLine.TrySplit(line, out var words, out var told).ShouldBeFalse();

        words.ShouldBeNull();
        told.ShouldBe(why);
    }

    [Fact]
    public void Whatever_words_are_joined_to_a_line_are_split_from_it_again()
    {
        var letters = Gen.Elements([.. " \t\n'\"\\;$*ab-é数"]);
        var words = Gen.ListOf(Gen.ListOf(letters).Select(word => string.Concat(word)));

        Properties.Hold(words, each => Split(CommandLine.Join(each)).ShouldBe(each));
    }

    [Fact]
    public void No_text_makes_it_throw()
    {
        var letters = Gen.Elements([.. " '\"\\a\0\n"]);

        Properties.Hold(Gen.ListOf(letters).Select(line => string.Concat(line)), line =>
            (CommandLine.TrySplit(line, out var words, out var why) ? (object?)words : why).ShouldNotBeNull());
    }

    private static IReadOnlyList<string> Split(string line)
    {
        CommandLine.TrySplit(line, out var words, out var why).ShouldBeTrue(why);
        return words!;
    }
}
