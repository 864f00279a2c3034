using System.Text;
using ActorSock.Cli.Terminal;
using FsCheck.Fluent;

namespace ActorSock.Cli.Tests;

public sealed class KeyDecoderTests
{
    [Theory]
    [InlineData("\e[A", nameof(Key.Up))]
    [InlineData("\eOA", nameof(Key.Up))] // keypad in application mode
    [InlineData("\e[1;5C", nameof(Key.WordRight))]
    [InlineData("\e[1;3D", nameof(Key.WordLeft))]
    [InlineData("\eOd", nameof(Key.WordLeft))]
    [InlineData("\eb", nameof(Key.WordLeft))]
    [InlineData("\e\ef", nameof(Key.WordRight))]
    [InlineData("\e[H", nameof(Key.Home))]
    [InlineData("\e[1~", nameof(Key.Home))]
    [InlineData("\x01", nameof(Key.Home))]
    [InlineData("\e[4~", nameof(Key.End))]
    [InlineData("\e[3~", nameof(Key.Delete))]
    [InlineData("\x7f", nameof(Key.Backspace))]
    [InlineData("\b", nameof(Key.Backspace))]
    [InlineData("\e\x7f", nameof(Key.CutWordLeft))]
    [InlineData("\x17", nameof(Key.CutWordLeft))]
    [InlineData("\x03", nameof(Key.Interrupt))]
    [InlineData("\x04", nameof(Key.EndOrDelete))]
    [InlineData("\r", nameof(Key.Enter))]
    [InlineData("\n", nameof(Key.Enter))]
    [InlineData("\e[[A", nameof(Key.Other))] // F1 of the Linux console: no letter is left over
    [InlineData("\e[15;2~", nameof(Key.Other))]
    [InlineData("\e[200~", nameof(Key.Other))]
    public void A_sequence_is_one_key(string sent, string key) =>
        Keys.Of(sent).ShouldBe([new KeyPress(Enum.Parse<Key>(key))]);

    [Fact]
    public void Characters_that_come_together_stay_together() =>
        Keys.Of("你好, wörld").ShouldBe([KeyPress.Characters("你好, wörld")]);

    [Fact]
    public void A_pasted_line_break_is_one_whatever_it_is_made_of() =>
        Keys.Of("a\r\nb\nc\rd").Select(press => press.Key == Key.Enter ? "/" : press.Text)
            .ShouldBe(["a", "/", "b", "/", "c", "/", "d"]);

    [Fact]
    public void What_is_no_UTF_8_becomes_a_replacement_and_harms_nothing_after_it()
    {
        List<KeyPress> keys = [];
        new KeyDecoder().Decode([0xE4, 0xBD, (byte)'\r', 0xFF, (byte)'a'], keys);

        keys.ShouldBe([KeyPress.Characters("\uFFFD"), new(Key.Enter), KeyPress.Characters("\uFFFDa")]);
    }

    [Fact]
    public void How_the_bytes_are_cut_does_not_matter()
    {
        string[] parts = ["a", "你", "é", "👩‍👧", "\r", "\r\n", "\t", "\x7f", "\e[A", "\e[1;5D", "\eOH", "\eb", "\e[[B", "\e[3~"];
        var sent = Gen.Elements(parts).ListOf().Select(some => Encoding.UTF8.GetBytes(string.Concat(some)));

        Properties.Hold(sent, bytes =>
        {
            List<KeyPress> whole = [], single = [];
            new KeyDecoder().Decode(bytes, whole);
            var decoder = new KeyDecoder();
            foreach (var one in bytes) decoder.Decode([one], single);

            Joined(single).ShouldBe(Joined(whole));
        });
    }

    private static string Joined(List<KeyPress> keys) =>
        string.Concat(keys.Select(press => press.Key == Key.Text ? press.Text : $"<{press.Key}>"));
}
