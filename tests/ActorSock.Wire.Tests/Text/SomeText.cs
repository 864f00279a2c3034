using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Wire.Tests.Text;

/// <summary>Makes text that is hard to put into title case.</summary>
internal static class SomeText
{
    // Cased, ignorable, both, neither; sigmas; mappings that grow; halves of characters and no characters.
    private static readonly string[] Telling =
    [
        "a", "B", "z", "Z", " ", "1", "'", ".", ":", "^", "`", "\0", "\n", "Σ", "Σ", "Σ", "σ", "ς", "é", "É",
        "ß", "ŉ", "\u01F0", "\u0390", "\u0130", "\u0131", "ſ", "ǆ", "ǅ", "Ǆ", "ﬁ", "ﬄ", "ﬗ", "\u1FB3",
        "\u1FBC", "\u1FB7", "\u0345", "\u0301", "\u00AD", "\u2019", "\u200D", "ʰ", "ª", "ⁿ", "\u2160", "\u24D0", "ა",
        "Ა", "ꭰ", "Ꭰ", "你", "\U00010428", "\U00010400", "\U0001F600", "\U0001F3FB", "\U000E0101",
        "\U000E0020", "\U0010FFFF",
    ];

    private static readonly byte[][] Stray =
    [
        [0x80], [0xBF], [0xC0], [0xC1, 0xA1], [0xC3], [0xCE], [0xE0, 0x80], [0xE0, 0xA0], [0xE2, 0x82],
        [0xED, 0xA0], [0xED, 0xA0, 0x80], [0xED, 0x9F], [0xF0], [0xF0, 0x80], [0xF0, 0x9F], [0xF0, 0x9F, 0x98],
        [0xF4, 0x8F, 0xBF], [0xF4, 0x90], [0xF5, 0x80], [0xFE], [0xFF],
    ];

    private static readonly Gen<byte[]> Character = Gen.Frequency(
        (8, Gen.Elements(Telling).Select(Encoding.UTF8.GetBytes)),
        (2, Gen.Choose(0x20, 0x7E).Select(each => new[] { (byte)each })),
        (2, Gen.Choose(0, 0x10FFFF).Where(Rune.IsValid).Select(Utf8)),
        (1, Gen.Elements(Stray)),
        (1, Gen.Choose(0, 255).Select(each => new[] { (byte)each })));

    /// <summary>Mostly UTF-8.</summary>
    public static Gen<byte[]> Bytes { get; } =
        Character.ListOf().Select(some => some.SelectMany(each => each).ToArray());

    /// <summary>As many characters as wished, for whoever has no generator.</summary>
    public static byte[] Random(Random random, int charactersCount, Func<Random, Rune> another)
    {
        var text = new MemoryStream();
        while (charactersCount-- > 0)
        {
            text.Write(random.Next(16) switch
            {
                < 8 => Encoding.UTF8.GetBytes(Telling[random.Next(Telling.Length)]),
                < 10 => [(byte)random.Next(0x20, 0x7F)],
                < 14 => Utf8(another(random).Value),
                14 => Stray[random.Next(Stray.Length)],
                _ => [(byte)random.Next(256)],
            });
        }
        return text.ToArray();
    }

    private static byte[] Utf8(int codePoint) => Encoding.UTF8.GetBytes(new Rune(codePoint).ToString());
}
