using System.Buffers;
using System.Text;

namespace ActorSock.Hocon.Parsing;

/// <summary>Reads the three ways to write a string: unquoted, quoted, and between triple quotes.</summary>
internal static class StringSyntax
{
    private static readonly SearchValues<char> Reserved = SearchValues.Create("$\"{}[]:=,+#`^?!@*&\\");

    /// <summary>Whether a character can stand in a string without quotes.</summary>
    public static bool IsWordChar(char c) => !Reserved.Contains(c) && !TextCursor.IsSpace(c);

    public static bool AtWord(TextCursor cursor) => AtWordChar(cursor, 0);

    /// <summary>Whether this word, and no longer one, is next.</summary>
    public static bool AtWord(TextCursor cursor, string word) =>
        cursor.At(word) && !AtWordChar(cursor, word.Length);

    /// <summary>Reads an unquoted string: at least one character.</summary>
    public static string Word(TextCursor cursor)
    {
        var start = cursor.Position;
        while (AtWord(cursor) || AtPlusOfExponent(cursor, start))
            cursor.Advance();
        return cursor.From(start);
    }

    /// <summary>Reads a quoted or triple-quoted string; the cursor is at its first quote.</summary>
    public static string Quoted(TextCursor cursor) =>
        cursor.At("\"\"\"") ? TripleQuoted(cursor) : SingleQuoted(cursor);

    private static bool AtWordChar(TextCursor cursor, int ahead) => cursor.Remaining > ahead
        && IsWordChar(cursor.Ahead(ahead)) && !(cursor.Ahead(ahead) == '/' && cursor.Ahead(ahead + 1) == '/');

    // '+' is reserved, except that JSON writes 1e+5.
    private static bool AtPlusOfExponent(TextCursor cursor, int start) =>
        cursor.At('+') && char.IsAsciiDigit(cursor.Ahead(1))
        && cursor.From(start) is [.., 'e' or 'E'] word && HoconNumber.IsNumber(word.AsSpan(..^1));

    private static string TripleQuoted(TextCursor cursor)
    {
        var opening = cursor.Here;
        cursor.Advance(3);
        var start = cursor.Position;
        while (!cursor.At("\"\"\""))
        {
            if (cursor.AtEnd)
                throw new HoconException(
                    opening, "expected three quotes to end this string but found the end of the text");
            cursor.Advance();
        }
        // Of more than three quotes the last three end the string and the others belong to it.
        while (cursor.Ahead(3) == '"')
            cursor.Advance();
        var content = cursor.From(start);
        cursor.Advance(3);
        return content;
    }

    private static string SingleQuoted(TextCursor cursor)
    {
        cursor.Advance();
        var content = new StringBuilder();
        while (!cursor.At('"'))
        {
            if (cursor.AtEnd || cursor.AtNewline)
                throw cursor.Expected("'\"' to end the string");
            if (cursor.Current < ' ')
                throw cursor.Expected("an escape such as \\t, or a string between three quotes,");
            if (cursor.At('\\'))
                content.Append(Escape(cursor));
            else
            {
                content.Append(cursor.Current);
                cursor.Advance();
            }
        }
        cursor.Advance();
        return content.ToString();
    }

    private static char Escape(TextCursor cursor)
    {
        cursor.Advance();
        char? plain = cursor.Current switch
        {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => null,
        };
        if (plain is { } c)
        {
            cursor.Advance();
            return c;
        }
        if (!cursor.TryTake('u'))
            throw cursor.Expected("one of \" \\ / b f n r t u after '\\'");
        var start = cursor.Position;
        for (var i = 0; i < 4; i++)
        {
            if (!char.IsAsciiHexDigit(cursor.Current))
                throw cursor.Expected("four hexadecimal digits after '\\u'");
            cursor.Advance();
        }
        return (char)Convert.ToUInt16(cursor.From(start), 16);
    }
}
