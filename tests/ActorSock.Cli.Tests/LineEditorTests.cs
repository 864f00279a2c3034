using System.Globalization;
using ActorSock.Cli.Terminal;
using FsCheck.Fluent;

namespace ActorSock.Cli.Tests;

public sealed class LineEditorTests
{
    private readonly LineEditor _editor = new(new History());

    [Theory]
    [InlineData("helo", Keys.Left + "l", "hell|o")]
    [InlineData("hello", Keys.Home + ">", ">|hello")]
    [InlineData("hello", Keys.Home + Keys.Right + Keys.End + "!", "hello!|")]
    [InlineData("hello", Keys.Backspace + Keys.Backspace, "hel|")]
    [InlineData("hello", Keys.Home + Keys.Delete, "|ello")]
    [InlineData("hello", Keys.Home + "\x04", "|ello")] // Ctrl-D where the line is not empty
    [InlineData("one two,  three", Keys.WordLeft, "one two,  |three")]
    [InlineData("one two,  three", Keys.WordLeft + Keys.WordLeft, "one |two,  three")]
    [InlineData("one two,  three", Keys.Home + Keys.WordRight + Keys.WordRight, "one two|,  three")]
    [InlineData("one two", "\x17", "one |")] // Ctrl-W
    [InlineData("one two", "\x17" + "\x19" + "\x19", "one twotwo|")] // Ctrl-W, Ctrl-Y
    [InlineData("one two", Keys.WordLeft + "\x0B", "one |")] // Ctrl-K
    [InlineData("one two", Keys.WordLeft + "\x15", "|two")] // Ctrl-U
    [InlineData("one two", Keys.Home + "\x0B" + "0 \x19", "0 one two|")]
    [InlineData("one two", Keys.Home + "\ed", "| two")] // Alt-D
    [InlineData("你好世界", Keys.Left + Keys.Left + "们", "你好们|世界")]
    [InlineData("你好", Keys.Backspace, "你|")]
    public void Keys_edit_the_line(string text, string keys, string seen)
    {
        _editor.Type(text, keys);

        _editor.Seen().ShouldBe(seen);
    }

    [Theory]
    [InlineData("e\u0301")] // e and a combining acute
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("👍🏽")]
    [InlineData("🇨🇳")]
    [InlineData("\u1100\u1161\u11A8")] // Hangul in three parts
    [InlineData("𠮷")]
    public void What_a_person_takes_for_one_character_is_one_step(string character)
    {
        _editor.Type($"a{character}b", Keys.Left, Keys.Left);
        _editor.Seen().ShouldBe($"a|{character}b");
        _editor.Type(Keys.Right);
        _editor.Seen().ShouldBe($"a{character}|b");
        _editor.Type(Keys.Backspace);
        _editor.Seen().ShouldBe("a|b");
    }

    [Fact]
    public void The_cursor_does_not_stay_inside_what_becomes_one_character()
    {
        _editor.Type("\u0301x", Keys.Home, "e");

        _editor.Seen().ShouldBe("e\u0301|x");
    }

    [Fact]
    public void Enter_gives_the_line_and_begins_another()
    {
        _editor.Type("first", "\r").ShouldBe(Edit.Entered);

        _editor.Entered.ShouldBe("first");
        _editor.Seen().ShouldBe("|");
    }

    [Fact]
    public void Up_and_Down_go_through_what_was_entered_and_come_back_to_what_was_begun()
    {
        _editor.Type("first\rsecond\r\r  \rsecond\r", "begun");

        _editor.Type(Keys.Up);
        _editor.Seen().ShouldBe("second|");
        _editor.Type(Keys.Up);
        _editor.Seen().ShouldBe("first|");
        _editor.Type(Keys.Up).ShouldBe(Edit.Refused);
        _editor.Type(Keys.Down, Keys.Down);
        _editor.Seen().ShouldBe("begun|");
        _editor.Type(Keys.Down).ShouldBe(Edit.Refused);
    }

    [Fact]
    public void A_line_from_the_history_is_edited_as_a_copy()
    {
        _editor.Type("first\r", Keys.Up, "!\r");

        _editor.Entered.ShouldBe("first!");
        _editor.Type(Keys.Up, Keys.Up);
        _editor.Text.ShouldBe("first");
    }

    [Fact]
    public void A_history_forgets_the_oldest()
    {
        var editor = new LineEditor(new History(linesMax: 2));
        editor.Type("a\rb\rc\r", Keys.Up, Keys.Up);

        editor.Text.ShouldBe("b");
        editor.Type(Keys.Up).ShouldBe(Edit.Refused);
    }

    [Fact]
    public void Ctrl_D_in_an_empty_line_is_the_end_of_input()
    {
        _editor.Type("a", Keys.Control('D')).ShouldBe(Edit.Refused);
        _editor.Type(Keys.Backspace, Keys.Control('D')).ShouldBe(Edit.EndOfInput);
    }

    [Fact]
    public void What_is_not_the_lines_own_matter_leaves_it_as_it_is()
    {
        _editor.Type("a");

        _editor.Type(Keys.Control('C')).ShouldBe(Edit.Interrupted);
        _editor.Type(Keys.Control('Z')).ShouldBe(Edit.Suspended);
        _editor.Type(Keys.Control('L')).ShouldBe(Edit.ScreenCleared);
        _editor.Type("\e[15~").ShouldBe(Edit.Refused);
        _editor.Seen().ShouldBe("a|");
    }

    [Fact]
    public void A_line_has_a_limit()
    {
        _editor.Type(new string('x', LineEditor.CharsMax - 1));

        _editor.Press(KeyPress.Characters("ab")).ShouldBe(Edit.Refused);
        _editor.Press(KeyPress.Characters("a")).ShouldBe(Edit.Changed);
        _editor.Text.Length.ShouldBe(LineEditor.CharsMax);
    }

    [Fact]
    public void Whatever_is_pressed_the_cursor_is_between_characters()
    {
        var texts = Gen.Elements("a", " ", "你", "e\u0301", "\u0301", "👨‍👩‍👧", "\u200D", "🇨", "\u1100\u1161\u11A8", "ᄀ", "ᅡ")
            .Select(KeyPress.Characters);
        var others = Gen.Elements(Enum.GetValues<Key>()).Where(key => key != Key.Text).Select(key => new KeyPress(key));
        var keys = Gen.OneOf(texts, texts, others).ListOf();

        Properties.Hold(keys, some =>
        {
            var editor = new LineEditor(new History());
            foreach (var press in some)
            {
                editor.Press(press);
                int[] between = [.. StringInfo.ParseCombiningCharacters(editor.Text), editor.Text.Length];
                between.ShouldContain(editor.Cursor);
            }
        });
    }
}
