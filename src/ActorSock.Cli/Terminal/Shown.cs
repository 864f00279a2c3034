using System.Buffers;
using System.Globalization;
using System.Text;
using ActorSock.Wire;

namespace ActorSock.Cli.Terminal;

/// <summary>Bytes of others as a person may see them: nothing in them is obeyed by a terminal.</summary>
internal static class Shown
{
    /// <summary>In one line: control characters as <c>\u{XX}</c>, bytes that are no UTF-8 as <c>\xXX</c>. A line
    /// end at the very end is left out.</summary>
    public static string Line(ReadOnlySpan<byte> utf8) => Escaping.Printable(Text(WithoutLastEnd(utf8)));

    /// <summary>The same, but line feeds begin lines and tabs are tabs.</summary>
    public static string Lines(ReadOnlySpan<byte> utf8)
    {
        var lines = Text(WithoutLastEnd(utf8)).Split('\n');
        return string.Join('\n', lines.Select(line => WithTabs(line is [.. var inner, '\r'] ? inner : line)));
    }

    private static string WithTabs(string line) =>
        string.Join('\t', line.Split('\t').Select(part => Escaping.Printable(part)));

    private static ReadOnlySpan<byte> WithoutLastEnd(ReadOnlySpan<byte> utf8)
    {
        if (utf8 is [.. var line, (byte)'\n']) utf8 = line;
        return utf8 is [.. var inner, (byte)'\r'] ? inner : utf8;
    }

    private static string Text(ReadOnlySpan<byte> utf8)
    {
        var text = new StringBuilder(utf8.Length);
        Span<char> chars = stackalloc char[2];
        while (utf8.Length > 0)
        {
            var isRune = Rune.DecodeFromUtf8(utf8, out var rune, out var taken) == OperationStatus.Done;
            if (isRune) text.Append(chars[..rune.EncodeToUtf16(chars)]);
            else
                foreach (var wrong in utf8[..taken])
                    text.Append(CultureInfo.InvariantCulture, $"\\x{wrong:X2}");
            utf8 = utf8[taken..];
        }
        return text.ToString();
    }
}
