using System.Globalization;
using System.Text;

namespace ActorSock.Wire.Text;

/// <summary>Brings text into Unicode's normal form C, so that one name has one spelling: WIRE.md, "Names".</summary>
/// <remarks>
/// The node runs without ICU (InvariantGlobalization), where <see cref="string.Normalize()"/> returns
/// what it is given. This is the algorithm of UAX #15 over <see cref="CanonicalTable"/>. Names that macOS
/// takes apart (<c>e</c> + accent) and names typed elsewhere become the same file.
/// </remarks>
public static class NormalFormC
{
    // Hangul, by the Unicode Standard, section 3.12.
    private const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7;
    private const int LCount = 19, VCount = 21, TCount = 28, SCount = LCount * VCount * TCount;

    private static readonly Lazy<Tables> s_tables = new(Read);

    /// <summary>The normal form of a text without lone surrogates.</summary>
    public static string Of(string text)
    {
        if (IsSurelyNormal(text))
            return text;
        var runes = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, runes);
        Order(runes);
        Compose(runes);
        var normal = new StringBuilder(text.Length);
        foreach (var rune in runes)
            normal.Append(new Rune(rune).ToString());
        return normal.ToString();
    }

    /// <summary>
    /// True for what most names are made of: characters that never combine with the one before.
    /// </summary>
    private static bool IsSurelyNormal(string text)
    {
        foreach (var c in text)
        {
            if (c is not (< '\u0300' or (>= '\u4E00' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7A3')))
                return false;
        }
        return true;
    }

    private static void Decompose(int rune, List<int> into)
    {
        if (rune is >= SBase and < SBase + SCount)
        {
            var index = rune - SBase;
            into.Add(LBase + index / (VCount * TCount));
            into.Add(VBase + index % (VCount * TCount) / TCount);
            if (index % TCount != 0)
                into.Add(TBase + index % TCount);
        }
        else if (s_tables.Value.Mappings.TryGetValue(rune, out var parts))
        {
            Decompose(parts.First, into);
            if (parts.Second != 0)
                Decompose(parts.Second, into);
        }
        else
        {
            into.Add(rune);
        }
    }

    /// <summary>Sorts each run of combining marks by class; equal classes keep their order.</summary>
    private static void Order(List<int> runes)
    {
        for (var i = 1; i < runes.Count; i++)
        {
            var mark = runes[i];
            var markClass = ClassOf(mark);
            var to = i;
            for (; markClass != 0 && to > 0 && ClassOf(runes[to - 1]) > markClass; to--)
                runes[to] = runes[to - 1];
            runes[to] = mark;
        }
    }

    private static void Compose(List<int> runes)
    {
        var starter = -1;
        var kept = 0;
        var classBefore = 0; // of the last rune kept
        foreach (var rune in runes.ToArray())
        {
            var runeClass = ClassOf(rune);
            var reaches = starter >= 0 && (kept == starter + 1 || classBefore < runeClass);
            if (reaches && Pair(runes[starter], rune) is { } composed)
            {
                runes[starter] = composed;
                continue;
            }
            if (runeClass == 0)
                starter = kept;
            classBefore = runeClass;
            runes[kept++] = rune;
        }
        runes.RemoveRange(kept, runes.Count - kept);
    }

    private static int? Pair(int first, int second)
    {
        if (first is >= LBase and < LBase + LCount && second is >= VBase and < VBase + VCount)
            return SBase + ((first - LBase) * VCount + (second - VBase)) * TCount;
        if (first is >= SBase and < SBase + SCount && (first - SBase) % TCount == 0
            && second is > TBase and < TBase + TCount)
            return first + (second - TBase);
        return s_tables.Value.Compositions.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private static int ClassOf(int rune) => s_tables.Value.Classes.GetValueOrDefault(rune);

    private static Tables Read()
    {
        var tables = new Tables([], [], []);
        var rune = 0;
        foreach (var word in Words(CanonicalTable.Mappings))
        {
            if (word[^1] == ':')
            {
                rune = Hex(word[..^1]);
                continue;
            }
            var parts = word.TrimEnd('!').Split('+');
            var (first, second) = (Hex(parts[0]), parts.Length == 2 ? Hex(parts[1]) : 0);
            tables.Mappings[rune] = (first, second);
            if (parts.Length == 2 && word[^1] != '!')
                tables.Compositions[(first, second)] = rune;
            rune++;
        }
        foreach (var word in Words(CanonicalTable.Classes))
        {
            var parts = word.Split('-', '=');
            var value = byte.Parse(parts[^1], CultureInfo.InvariantCulture);
            for (rune = Hex(parts[0]); rune <= Hex(parts[^2]); rune++)
                tables.Classes[rune] = value;
        }
        return tables;
    }

    private static string[] Words(ReadOnlySpan<byte> table) =>
        Encoding.ASCII.GetString(table).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static int Hex(string digits) =>
        int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private sealed record Tables(
        Dictionary<int, (int First, int Second)> Mappings,
        Dictionary<(int First, int Second), int> Compositions,
        Dictionary<int, byte> Classes);
}
