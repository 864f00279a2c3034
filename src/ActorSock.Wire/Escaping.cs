using System.Buffers;
using System.Globalization;
using System.Text;

namespace ActorSock.Wire;

/// <summary>Shows what a peer sent so that it can neither forge a line nor hide in one.</summary>
public static class Escaping
{
    /// <summary>Shows control characters, line and paragraph separators, invisible format characters (among
    /// them those that turn the writing direction), lone surrogates and unassigned code points as
    /// <c>\u{XX}</c>, and leaves everything else as it is.</summary>
    /// <remarks>What it gives back it gives back unchanged when asked again.</remarks>
    public static string Printable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Printable(text, int.MaxValue);
    }

    /// <summary>As <see cref="Printable(string)"/>, of at most the first <paramref name="charsMax"/>
    /// characters; what is left out is told by <c>...</c>.</summary>
    public static string Printable(ReadOnlySpan<char> text, int charsMax)
    {
        var cut = text.Length > charsMax;
        if (cut) text = text[..charsMax];
        if (!cut && IndexOfUnprintable(text) < 0) return text.ToString();

        var shown = new StringBuilder(text.Length + 16);
        while (text.Length > 0)
        {
            var isRune = Rune.DecodeFromUtf16(text, out var rune, out var taken) == OperationStatus.Done;
            if (!isRune) Escape(shown, text[0]);
            else if (IsPrintable(rune)) shown.Append(text[..taken]);
            else Escape(shown, rune.Value);
            text = text[taken..];
        }
        return cut ? shown.Append("...").ToString() : shown.ToString();
    }

    /// <summary>As <see cref="Printable(ReadOnlySpan{char}, int)"/>, of bytes that ought to be UTF-8; bytes
    /// that are not are shown as U+FFFD.</summary>
    public static string Printable(ReadOnlySpan<byte> utf8, int charsMax)
    {
        // No character takes more than 4 bytes: decoding more than could be shown would be work for nothing.
        var enough = utf8.Length / 4 > charsMax ? utf8[..(charsMax * 4 + 4)] : utf8;
        return Printable(Encoding.UTF8.GetString(enough), charsMax);
    }

    private static void Escape(StringBuilder shown, int codePoint) =>
        shown.Append(CultureInfo.InvariantCulture, $"\\u{{{codePoint:X2}}}");

    private static int IndexOfUnprintable(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length;)
        {
            var status = Rune.DecodeFromUtf16(text[at..], out var rune, out var taken);
            if (status != OperationStatus.Done || !IsPrintable(rune)) return at;
            at += taken;
        }
        return -1;
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);
}
