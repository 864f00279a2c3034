using System.Globalization;
using System.Text;

namespace ActorSock.Wire.Text;

/// <summary>Makes a text fit to be shown on somebody else's terminal, in one line.</summary>
internal static class ChatText
{
    /// <summary>Control characters, line and paragraph separators, and what turns the writing direction become
    /// <c>\u{XX}</c>, a tab a blank. What joins letters and emojis stays: people write it.</summary>
    public static string Printable(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u001F') && text.All(c => !IsHarmful(c)))
            return text;
        var shown = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (c == '\t')
                shown.Append(' ');
            else if (IsHarmful(c))
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{(int)c:X2}}}");
            else
                shown.Append(c);
        }
        return shown.ToString();
    }

    private static bool IsHarmful(char c) => char.IsControl(c)
        || c is '\u2028' or '\u2029'                                       // separators of lines and paragraphs
            or '\u061C' or '\u200E' or '\u200F'                            // marks of direction
            or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') // embeddings, overrides, isolates
            or '\uFEFF';
}
