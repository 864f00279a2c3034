using ActorSock.Wire.Text;

namespace ActorSock.Wire.Tests.Text;

/// <summary>Literal cases after NormalizationTest.txt of Unicode: one for each rule.</summary>
public sealed class NormalFormCTests
{
    [Theory]
    [InlineData("plain", "plain", "nothing to do")]
    [InlineData("报告.pdf", "报告.pdf", "nothing to do in Chinese")]
    [InlineData("e\u0301", "\u00e9", "a pair composes")]
    [InlineData("\u00e9", "\u00e9", "what is composed stays")]
    [InlineData("\u1ea5", "\u1ea5", "two steps down and up again")]
    [InlineData("a\u0302\u0301", "\u1ea5", "two marks compose one after the other")]
    [InlineData("a\u0301\u0302", "\u00e1\u0302", "marks of one class keep their order")]
    [InlineData("d\u0307\u0323", "\u1e0d\u0307", "marks are ordered by class before they compose")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307", "and also when nothing composes")]
    [InlineData("\u212b", "\u00c5", "a singleton becomes what it stands for")]
    [InlineData("\u2126", "\u03a9", "another singleton")]
    [InlineData("\u0958", "\u0915\u093c", "what is excluded from composition stays apart")]
    [InlineData("\u0301e", "\u0301e", "a mark with nothing before it stays")]
    [InlineData("e\u0327\u0301", "\u0229\u0301", "the first mark composes, the second finds no pair")]
    [InlineData("e\u0334\u0301", "\u00e9\u0334", "a mark of a lower class between does not block")]
    [InlineData("\u0061\u05ae\u0300\u0315", "\u00e0\u05ae\u0315", "composes across a mark of another class")]
    [InlineData("\u1112\u1161\u11ab", "\ud55c", "Hangul letters become a syllable")]
    [InlineData("\ud55c", "\ud55c", "a syllable stays")]
    [InlineData("\ud558\u11ab", "\ud55c", "a syllable takes its last letter")]
    [InlineData("\uac01\u11a8", "\uac01\u11a8", "but no second one")]
    [InlineData("\uf900", "\u8c48", "a compatibility ideograph becomes the unified one")]
    [InlineData("\ud834\udd5e", "\ud834\udd57\ud834\udd65", "beyond the first plane")]
    [InlineData("か\u3099", "が", "Japanese voicing marks")]
    public void Text_is_brought_into_normal_form_C(string text, string normal, string rule)
    {
        NormalFormC.Of(text).ShouldBe(normal, rule);
        NormalFormC.Of(normal).ShouldBe(normal, rule);
    }

    [Fact]
    public void The_table_of_mappings_is_whole()
    {
        var (changed, unstable) = (0, 0);
        for (var rune = 0; rune < 0x30000; rune++)
        {
            if (rune is >= 0xD800 and < 0xE000)
                continue;
            var text = char.ConvertFromUtf32(rune);
            var normal = NormalFormC.Of(text);
            changed += normal != text ? 1 : 0;
            unstable += NormalFormC.Of(normal) != normal ? 1 : 0;
        }

        unstable.ShouldBe(0);
        changed.ShouldBe(1120); // of 2061 canonical mappings, those that do not compose again
    }
}
