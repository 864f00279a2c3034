using System.Globalization;
using System.Text;

namespace ActorSock.Hocon.Parsing;

/// <summary>Writes text so that a parser, a terminal and a log line can take it.</summary>
internal static class Escaped
{
    private const int ExcerptCharsMax = 40;

    /// <summary>A JSON string with its quotes.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                quoted.Append(c).Append(text[++i]);
                continue;
            }
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                _ when IsPrintable(c) => null,
                _ => $"\\u{(int)c:x4}",
            } ?? c.ToString());
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>A key of an object, without quotes where it needs none.</summary>
    public static string Key(string key) =>
        key.Length > 0 && key != "include" && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? key
            : Quoted(key);

    /// <summary>A short piece of text for an error message.</summary>
    public static string Excerpt(string text)
    {
        var line = Line(text.Length <= ExcerptCharsMax ? text : text[..ExcerptCharsMax]);
        return text.Length <= ExcerptCharsMax ? line : line + "...";
    }

    /// <summary>Text that stays on its line and looks like what it is.</summary>
    public static string Line(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var isPrintable = !rune.IsBmp || IsPrintable((char)rune.Value);
            line.Append(isPrintable ? rune.ToString() : $"\\u{rune.Value:x4}");
        }
        return line.ToString();
    }

    // Format characters (bidi controls among them) and separators are written as escapes: they would
    // change how the line looks instead of being seen in it.
    private static bool IsPrintable(char c) => c == ' ' || CharUnicodeInfo.GetUnicodeCategory(c) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.OtherNotAssigned);
}
