using ActorSock.Cli.Terminal;

namespace ActorSock.Cli.Tests;

public sealed class CharacterWidthTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("hello", 5)]
    [InlineData("你好", 4)]
    [InlineData("。「」", 6)]
    [InlineData("ＡＢ", 4)] // full width
    [InlineData("ｱｲ", 2)] // half width
    [InlineData("𠮷", 2)]
    [InlineData("e\u0301", 1)]
    [InlineData("é", 1)]
    [InlineData("\u1100\u1161\u11A8", 2)]
    [InlineData("각", 2)]
    [InlineData("😀", 2)]
    [InlineData("❤", 1)]
    [InlineData("❤\uFE0F", 2)]
    [InlineData("\u200B\u202E", 0)]
    [InlineData("привет", 6)]
    [InlineData("—", 1)]
    public void A_text_takes_so_many_columns(string text, int columns) => CharacterWidth.Of(text).ShouldBe(columns);
}
