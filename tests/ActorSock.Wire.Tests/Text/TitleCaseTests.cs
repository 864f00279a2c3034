using System.Buffers;
using System.Text;
using ActorSock.Wire.Text;

namespace ActorSock.Wire.Tests.Text;

public sealed class TitleCaseTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("hello world", "Hello World")]
    [InlineData("they're BILL'S friends", "They'Re Bill'S Friends")]
    [InlineData("0x1fFz @a[b`c{d_e", "0X1Ffz @A[B`C{D_E")]
    [InlineData("the quick BROWN fox jumps over tHE lazy dog 1234567890 aBCDEFGHIJKLMNOPQRSTUVWXYZ",
        "The Quick Brown Fox Jumps Over The Lazy Dog 1234567890 Abcdefghijklmnopqrstuvwxyz")]
    [InlineData("привет МИР", "Привет Мир")]
    [InlineData("你好 wORLD你aB", "你好 World你Ab")]
    [InlineData("😀aB😀cD", "😀Ab😀Cd")]
    public void Words_start_in_title_case_and_go_on_in_lower_case(string text, string titled) =>
        Titles.Of(text).ShouldBe(titled);

    [Theory]
    [InlineData("ß Aß straße", "Ss Aß Straße")]
    [InlineData("ŉ ǰ ΐ", "\u02BCN J\u030C \u0399\u0308\u0301")]
    [InlineData("ﬁne ﬄ aﬁ", "Fine Ffl Aﬁ")]
    [InlineData("\u1FB3 \u1FBC \u1FB2 \u1FB7", "\u1FBC \u1FBC \u1FBA\u0345 \u0391\u0342\u0345")]
    [InlineData("ǆ Ǆ ǅ aǄ", "ǅ ǅ ǅ Aǆ")]
    [InlineData("\u0130 a\u0130 \u0131", "\u0130 Ai\u0307 I")]
    [InlineData("აბ ᲐᲑ", "აბ Აბ")]
    [InlineData("ꭰ Ꭰ aꭰ", "Ꭰ Ꭰ Aꭰ")]
    [InlineData("𐐨𐐀 𞤢𞤀", "𐐀𐐨 𞤀𞤢")]
    [InlineData("ÿſ ſ", "Ÿſ S")]
    public void Mappings_are_the_full_ones(string text, string titled) => Titles.Of(text).ShouldBe(titled);

    [Theory]
    [InlineData("ΑΣ", "Ας")]
    [InlineData("ΑΣ ΑΣΑ", "Ας Ασα")]
    [InlineData("Σ σ ς", "Σ Σ Σ")]
    [InlineData("ΣΣΣ", "Σσς")]
    [InlineData("Α.Σ", "Α.Σ")]
    [InlineData("aʰΣ", "Aʰς")]
    [InlineData("ʰΣ", "ʰσ")]
    [InlineData("AΣ'", "Aς'")]
    [InlineData("AΣ''\u0301\u00ADb", "Aσ''\u0301\u00ADB")]
    [InlineData("AΣ'' b", "Aς'' B")]
    [InlineData("AΣ\U000E0101b", "Aσ\U000E0101B")]
    public void A_sigma_is_final_where_Unicode_says_so(string text, string titled) =>
        Titles.Of(text).ShouldBe(titled);

    [Fact]
    public void A_sigma_looks_no_further_than_bytes_that_are_no_characters()
    {
        Titles.Of([(byte)'a', .. "Σ"u8, 0x80, (byte)'b']).ShouldBe([(byte)'A', .. "ς"u8, 0x80, (byte)'B']);
        Titles.Of([(byte)'a', 0xFF, .. "ʰΣ"u8]).ShouldBe([(byte)'A', 0xFF, .. "ʰσ"u8]);
    }

    [Theory]
    [InlineData("80")]
    [InlineData("C0 80")]
    [InlineData("C1 A1")]
    [InlineData("E0 80 A1")]
    [InlineData("E0 9F BF")]
    [InlineData("ED A0 80 ED B0 80")]
    [InlineData("F0 80 80 A1")]
    [InlineData("F4 90 80 80")]
    [InlineData("F5 80 80 80")]
    [InlineData("F8 88 80 80 80")]
    [InlineData("FE FF")]
    [InlineData("C3")]
    [InlineData("E2 82")]
    [InlineData("F0 9F 98")]
    public void Bytes_that_are_no_characters_come_back_unchanged_and_end_a_word(string hex)
    {
        var stray = Convert.FromHexString(hex.Replace(" ", ""));

        Titles.Of(stray).ShouldBe(stray);
        Titles.Of([(byte)'b', .. stray, .. "bB"u8]).ShouldBe([(byte)'B', .. stray, .. "Bb"u8]);
    }

    [Fact]
    public void No_character_grows_beyond_the_limit_and_one_reaches_it()
    {
        var longest = 0.0;
        for (var codePoint = 0; codePoint <= 0x10FFFF; codePoint++)
        {
            if (!Rune.TryCreate(codePoint, out var rune)) continue;
            foreach (var before in (string[])["", "a"])
            {
                var growth = (double)(Titles.Of(Encoding.UTF8.GetBytes(before + rune)).Length - before.Length)
                    / rune.Utf8SequenceLength;
                longest = Math.Max(longest, growth);
            }
        }

        longest.ShouldBe(TitleCase.GrowthMax);
    }

    [Fact]
    public void Sigmas_between_long_runs_of_ignorable_characters_take_no_time_to_speak_of()
    {
        // Were every sigma, or every character, to look at a whole run, this would take hours.
        const int Runs = 64;
        var run = new string('.', 1 << 16) + "ʰ";
        var text = "a" + string.Concat(Enumerable.Repeat("Σ" + run, Runs)) + new string('Σ', 1 << 20);

        var titled = Titles.Of(text);

        var small = text.Replace('Σ', 'σ');
        (titled == "A" + small[1..^1] + "ς").ShouldBeTrue();
    }

    [Fact]
    public void Titling_allocates_nothing()
    {
        var titled = new ArrayBufferWriter<byte>(1 << 16);
        var exchange = new TitleExchange();
        byte[] message = [.. "they're ﬁne, ΟΔΥΣΣΕΥΣ. ok 你好 straße İ"u8, 0xC3];
        AllocatedBy();

        AllocatedBy().ShouldBe(0);

        long AllocatedBy()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            exchange.Answer(message, titled);
            exchange.Answer(message, titled);
            exchange.End(titled);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
