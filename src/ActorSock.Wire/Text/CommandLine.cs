using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ActorSock.Wire.Text;

/// <summary>Splits a line into words as a shell would, and does nothing else that a shell does.</summary>
/// <remarks>
/// Blanks separate words. Between <c>'</c> everything stands for itself; between <c>"</c> everything but <c>\"</c> and
/// <c>\\</c>; elsewhere a backslash makes the next character stand for itself. <c>;</c>, <c>|</c>, <c>$</c>, <c>*</c>,
/// <c>~</c>, <c>&gt;</c> and all others are characters like any: nothing is expanded, joined or redirected.
/// </remarks>
public static class CommandLine
{
    private const string Blanks = " \t\r\n\v\f";

    /// <summary>Splits a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="words">Its words; none when it is blank.</param>
    /// <param name="why">Why it has none, as half a sentence.</param>
    public static bool TrySplit(
        string line, [NotNullWhen(true)] out IReadOnlyList<string>? words, [NotNullWhen(false)] out string? why)
    {
        ArgumentNullException.ThrowIfNull(line);
        var found = new List<string>();
        words = null;
        why = null;
        for (var at = 0; (at = Skip(line, at)) < line.Length && why is null;)
            found.Add(Word(line, ref at, out why));
        if (why is null && line.Contains('\0'))
            why = "it has a zero character, which no argument can have";
        if (why is null)
            words = found;
        return why is null;
    }

    /// <summary>Writes words as a line that <see cref="TrySplit"/> splits into them again.</summary>
    public static string Join(IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return string.Join(' ', words.Select(Quoted));
    }

    private static string Quoted(string word) => word.Length == 0 || word.AsSpan().IndexOfAny(Blanks + "'\"\\") >= 0
        ? $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"
        : word;

    private static int Skip(string line, int at)
    {
        while (at < line.Length && Blanks.Contains(line[at]))
            at++;
        return at;
    }

    private static string Word(string line, ref int at, out string? why)
    {
        var word = new StringBuilder();
        why = null;
        while (at < line.Length && !Blanks.Contains(line[at]) && why is null)
        {
            var letter = line[at++];
            if (letter is '\'' or '"')
                at = Quote(line, at, letter, word, out why);
            else if (letter != '\\')
                word.Append(letter);
            else if (at < line.Length)
                word.Append(line[at++]);
            else
                why = "there is nothing behind its last backslash";
        }
        return word.ToString();
    }

    private static int Quote(string line, int at, char quote, StringBuilder word, out string? why)
    {
        why = null;
        for (; at < line.Length; at++)
        {
            if (line[at] == quote)
                return at + 1;
            if (quote == '"' && line[at] == '\\' && at + 1 < line.Length && line[at + 1] is ('"' or '\\'))
                at++;
            word.Append(line[at]);
        }
        why = $"a quote ({quote}) is not closed";
        return at;
    }
}
