using System.Globalization;
using System.Text;

namespace ActorSock.Cli.Terminal;

/// <summary>What has become of the line by a key.</summary>
internal enum Edit
{
    /// <summary>The text or the cursor may be another.</summary>
    Changed,
    /// <summary>The key can do nothing here.</summary>
    Refused,
    /// <summary>The line is complete: it is <see cref="LineEditor.Entered"/>, and a new one is begun.</summary>
    Entered,
    EndOfInput,
    Interrupted,
    Suspended,
    ScreenCleared,
}

/// <summary>A line that is being edited: keys come in, text and cursor are the outcome. It draws nothing.</summary>
/// <remarks>The cursor never stands inside what a person takes for one character (a grapheme cluster, UAX 29).</remarks>
internal sealed class LineEditor(History history)
{
    /// <summary>More than the largest datagram has bytes.</summary>
    public const int CharsMax = 64 << 10;

    private string _cut = "";
    private string _draft = "";
    private int _place = history.Count; // in the history; its end is the draft

    public string Text { get; private set; } = "";

    /// <summary>How many chars of the text are left of it.</summary>
    public int Cursor { get; private set; }

    /// <summary>The line that was entered last.</summary>
    public string Entered { get; private set; } = "";

    public Edit Press(KeyPress press) => press.Key switch
    {
        Key.Text => Insert(press.Text),
        Key.Enter => Enter(),
        Key.Left => MoveTo(Before(Cursor)),
        Key.Right => MoveTo(After(Cursor)),
        Key.WordLeft => MoveTo(WordBefore(Cursor)),
        Key.WordRight => MoveTo(WordAfter(Cursor)),
        Key.Home => MoveTo(0),
        Key.End => MoveTo(Text.Length),
        Key.Backspace => Remove(Before(Cursor), Cursor),
        Key.Delete => Remove(Cursor, After(Cursor)),
        Key.CutWordLeft => Cut(WordBefore(Cursor), Cursor),
        Key.CutWordRight => Cut(Cursor, WordAfter(Cursor)),
        Key.CutToStart => Cut(0, Cursor),
        Key.CutToEnd => Cut(Cursor, Text.Length),
        Key.Yank => Insert(_cut),
        Key.Up => Recall(_place - 1),
        Key.Down => Recall(_place + 1),
        Key.EndOrDelete => Text.Length == 0 ? Edit.EndOfInput : Remove(Cursor, After(Cursor)),
        Key.Interrupt => Edit.Interrupted,
        Key.Suspend => Edit.Suspended,
        Key.ClearScreen => Edit.ScreenCleared,
        _ => Edit.Refused,
    };

    private Edit Enter()
    {
        Entered = Text;
        history.Add(Text);
        _place = history.Count;
        (Text, Cursor, _draft) = ("", 0, "");
        return Edit.Entered;
    }

    private Edit Insert(string text)
    {
        if (text.Length == 0 || text.Length > CharsMax - Text.Length) return Edit.Refused;
        return Set(Text.Insert(Cursor, text), Cursor + text.Length);
    }

    private Edit Remove(int from, int to) =>
        from == to ? Edit.Refused : Set(Text.Remove(from, to - from), from);

    private Edit Cut(int from, int to)
    {
        if (from == to) return Edit.Refused;
        _cut = Text[from..to];
        return Remove(from, to);
    }

    private Edit MoveTo(int place)
    {
        if (place == Cursor) return Edit.Refused;
        Cursor = place;
        return Edit.Changed;
    }

    private Edit Recall(int place)
    {
        if (place < 0 || place > history.Count) return Edit.Refused;
        if (_place == history.Count) _draft = Text;
        _place = place;
        var recalled = place == history.Count ? _draft : history[place];
        return Set(recalled, recalled.Length);
    }

    // What is put before a combining mark, or moves next to one, makes one character with it.
    private Edit Set(string text, int cursor)
    {
        Text = text;
        Cursor = 0;
        while (Cursor < cursor) Cursor = After(Cursor);
        return Edit.Changed;
    }

    private int After(int place) =>
        place + StringInfo.GetNextTextElementLength(Text.AsSpan(place));

    private int Before(int place)
    {
        var before = 0;
        for (var next = 0; next < place; next = After(next)) before = next;
        return before;
    }

    private int WordAfter(int place)
    {
        while (place < Text.Length && !IsWord(place)) place = After(place);
        while (place < Text.Length && IsWord(place)) place = After(place);
        return place;
    }

    private int WordBefore(int place)
    {
        var (word, wasWord) = (0, false);
        for (var at = 0; at < place; at = After(at))
        {
            if (IsWord(at) && !wasWord) word = at;
            wasWord = IsWord(at);
        }
        return word;
    }

    private bool IsWord(int place) =>
        Rune.TryGetRuneAt(Text, place, out var rune) && Rune.IsLetterOrDigit(rune);
}
