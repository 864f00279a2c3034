namespace ActorSock.Wire.Tests;

public sealed class EscapingTests
{
    [Theory]
    [InlineData("报告 final (1).txt", "报告 final (1).txt")]
    [InlineData("😀", "😀")]
    [InlineData("a\nb\r\t\0", "a\\u{0A}b\\u{0D}\\u{09}\\u{00}")]
    [InlineData("\u001b[31m", "\\u{1B}[31m")]
    [InlineData("\u0085\u2028\u2029", "\\u{85}\\u{2028}\\u{2029}")]
    [InlineData("gpj\u202E.exe", "gpj\\u{202E}.exe")]
    [InlineData("\u2066\u200B\uFEFF", "\\u{2066}\\u{200B}\\u{FEFF}")]
    [InlineData("", "")]
    public void What_could_forge_or_hide_is_shown_by_its_number(string text, string shown)
    {
        Escaping.Printable(text).ShouldBe(shown);
        Escaping.Printable(shown).ShouldBe(shown);
    }

    [Fact]
    public void Half_a_character_is_shown_by_its_number()
    {
        Escaping.Printable("\ud800x").ShouldBe("\\u{D800}x");
        Escaping.Printable("\udc00\ud800").ShouldBe("\\u{DC00}\\u{D800}");
    }

    [Fact]
    public void Long_text_is_cut_and_says_so()
    {
        Escaping.Printable("abcdef", 3).ShouldBe("abc...");
        Escaping.Printable("abc", 3).ShouldBe("abc");
        Escaping.Printable("abcdefghijklmnopqrstuvwxyz"u8, 3).ShouldBe("abc...");
        Escaping.Printable([0x61, 0xFF, 0x62], 9).ShouldBe("a\uFFFDb");
    }
}
