using System.Text;
using ActorSock.Wire.Text;

namespace ActorSock.Wire.Tests.Text;

public sealed class TitleExchangeTests
{
    private readonly TitleExchange _exchange = new();

    [Fact]
    public void Words_start_anew_with_every_message()
    {
        Said("heLLo").ShouldBe("Hello");
        Said("woRLD").ShouldBe("World");
        Said("aΣ").ShouldBe("Aς");
        Said("a").ShouldBe("A");
    }

    [Fact]
    public void A_character_that_is_cut_belongs_to_the_next_message()
    {
        var text = "aé"u8.ToArray();

        Titles.Answer(_exchange, text.AsSpan(0, 2)).ShouldBe("A"u8.ToArray());
        Titles.Answer(_exchange, [text[2], (byte)'B']).ShouldBe("Éb"u8.ToArray());
        Titles.End(_exchange).ShouldBeEmpty();
    }

    [Fact]
    public void A_character_that_comes_byte_by_byte_is_answered_with_its_last()
    {
        var text = "😀𐐨"u8.ToArray();

        var answers = text.Select(each => Convert.ToHexString(Titles.Answer(_exchange, [each])));

        answers.ShouldBe(["", "", "", "F09F9880", "", "", "", "F0909080"]);
    }

    [Fact]
    public void An_answer_never_has_more_bytes_than_the_exchange_says_whatever_was_cut_before()
    {
        var most = int.MinValue;
        for (var rune = 0; rune < 0x11_0000; rune = rune == 0xD7FF ? 0xE000 : rune + 1)
        {
            byte[] whole = [.. "a"u8, .. Encoding.UTF8.GetBytes(new Rune(rune).ToString()), .. "ΐ"u8];
            for (var cut = 1; cut < whole.Length - 2; cut++)
            {
                _ = Titles.Answer(_exchange, whole.AsSpan(0, cut));
                most = Math.Max(most, Titles.Answer(_exchange, whole.AsSpan(cut)).Length - _exchange.AnswerBytesMax(whole.Length - cut));
            }
        }
        most.ShouldBeInRange(-9, 0); // what was cut is counted with as three bytes that grow
    }

    [Fact]
    public void A_sigma_looks_back_at_the_character_that_was_cut()
    {
        Answered([0xC3], [0xA9, .. "Σ"u8]).ShouldBe(["", "Éς"]);
        Answered([0xCA], [0xB0, .. "Σ"u8]).ShouldBe(["", "ʰσ"]);
        Answered([0xCE], [0xA3, .. "Σ"u8]).ShouldBe(["", "Σς"]);
        Answered([(byte)'a', 0xCE], [0xA3, .. "Σ"u8]).ShouldBe(["A", "Σς"]);
    }

    [Fact]
    public void A_sigma_looks_no_further_than_its_message()
    {
        Answered("aΣ"u8.ToArray(), "b"u8.ToArray()).ShouldBe(["Aς", "B"]);
        Answered([.. "aΣ"u8, 0xC3], [0xA9]).ShouldBe(["Aς", "É"]);
    }

    [Fact]
    public void What_was_no_beginning_of_a_character_comes_back_with_the_next_message()
    {
        Titles.Answer(_exchange, [0xE2, 0x82]).ShouldBeEmpty();
        Titles.Answer(_exchange, "aB"u8).ShouldBe([0xE2, 0x82, .. "Ab"u8]);

        Titles.Answer(_exchange, [0xF0, 0x9F]).ShouldBeEmpty();
        Titles.Answer(_exchange, [0xC3]).ShouldBe([0xF0, 0x9F]);
        Titles.Answer(_exchange, [0xA9]).ShouldBe("É"u8.ToArray());
    }

    [Fact]
    public void What_cannot_become_a_character_is_not_kept()
    {
        string[] never = ["80", "C0", "C1", "F5", "FF", "E080", "EDA0", "F080", "F490", "F0808080"];
        foreach (var hex in never)
            Convert.ToHexString(Titles.Answer(_exchange, Convert.FromHexString(hex))).ShouldBe(hex);
        Titles.End(_exchange).ShouldBeEmpty();
    }

    [Fact]
    public void The_end_gives_back_what_was_kept_and_starts_anew()
    {
        Titles.Answer(_exchange, [(byte)'a', 0xF0, 0x9F, 0x98]).ShouldBe("A"u8.ToArray());
        Titles.End(_exchange).ShouldBe([0xF0, 0x9F, 0x98]);
        Titles.End(_exchange).ShouldBeEmpty();
        Said("aB").ShouldBe("Ab");
    }

    [Fact]
    public void A_message_of_nothing_is_answered_by_nothing()
    {
        Titles.Answer(_exchange, []).ShouldBeEmpty();
        Titles.Answer(_exchange, [0xC3]).ShouldBeEmpty();
        Titles.Answer(_exchange, []).ShouldBeEmpty();
        Titles.Answer(_exchange, [0xA9]).ShouldBe("É"u8.ToArray());
    }

    private string Said(string message) =>
        Encoding.UTF8.GetString(Titles.Answer(_exchange, Encoding.UTF8.GetBytes(message)));

    private string[] Answered(params byte[][] messages) =>
        [.. messages.Select(each => Encoding.UTF8.GetString(Titles.Answer(_exchange, each)))];
}
