using System.Globalization;

namespace ActorSock.Hocon.Parsing;

/// <summary>Walks over the text of one file and knows the line and column of every step.</summary>
internal sealed class TextCursor(string text, string source)
{
    private int _position;
    private int _line = 1;
    private int _lineStart;

    public bool AtEnd => _position == text.Length;

    public int Position => _position;

    public int Remaining => text.Length - _position;

    public HoconOrigin Here => new(source, _line, _position - _lineStart + 1);

    /// <summary>
    /// The character here, or NUL at the end; the text itself may hold a NUL, so ask <see cref="AtEnd"/>.
    /// </summary>
    public char Current => Ahead(0);

    public char Ahead(int count) => _position + count < text.Length ? text[_position + count] : '\0';

    public bool At(char c) => !AtEnd && text[_position] == c;

    public bool At(string expected) => text.AsSpan(_position).StartsWith(expected, StringComparison.Ordinal);

    public bool AtComment => At('#') || At("//");

    public bool AtNewline => At('\n');

    public string From(int start) => text[start.._position];

    public void Advance(int count = 1)
    {
        for (; count > 0; count--)
        {
            if (text[_position++] != '\n')
                continue;
            _line++;
            _lineStart = _position;
        }
    }

    public bool TryTake(char c)
    {
        if (!At(c))
            return false;
        Advance();
        return true;
    }

    /// <summary>Passes white space up to the end of the line and returns it.</summary>
    public string SkipSpaces()
    {
        var start = _position;
        while (!AtEnd && Current != '\n' && IsSpace(Current))
            Advance();
        return From(start);
    }

    /// <summary>Passes white space and comments; true when a newline was among them.</summary>
    public bool SkipBlank()
    {
        var newline = false;
        while (!AtEnd)
        {
            if (AtComment)
            {
                while (!AtEnd && !AtNewline)
                    Advance();
            }
            else if (IsSpace(Current))
            {
                newline |= AtNewline;
                Advance();
            }
            else
                break;
        }
        return newline;
    }

    /// <summary>The error that something else was expected here.</summary>
    public HoconException Expected(string what) => new(Here, $"expected {what} but found {Found()}");

    /// <summary>
    /// White space by the specification: Unicode's separators, the ASCII ones, and the byte order mark.
    /// </summary>
    public static bool IsSpace(char c) => c switch
    {
        >= '\t' and <= '\r' or >= '\x1c' and <= ' ' or '\ufeff' => true,
        < '\x80' => false,
        _ => char.GetUnicodeCategory(c) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator,
    };

    private string Found()
    {
        if (AtEnd)
            return "the end of the text";
        if (AtNewline)
            return "the end of the line";
        if (AtComment)
            return "a comment";
        if (!StringSyntax.IsWordChar(Current))
            return $"'{Escaped.Excerpt(Current.ToString())}'";
        var end = _position;
        while (end < text.Length && StringSyntax.IsWordChar(text[end]))
            end++;
        return $"'{Escaped.Excerpt(text[_position..end])}'";
    }
}
