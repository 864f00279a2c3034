using System.Diagnostics;

namespace ActorSock.Wire.Text;

/// <summary>What a code point means to its neighbours, and how its mappings are stored.</summary>
[Flags]
internal enum CaseTraits : byte
{
    None = 0,

    /// <summary>Unicode's Cased: what follows is not the start of a word.</summary>
    Cased = 1,

    /// <summary>Unicode's Case_Ignorable: a final sigma looks through it.</summary>
    CaseIgnorable = 2,

    /// <summary>Its title mapping is several characters.</summary>
    FullTitle = 4,

    /// <summary>Its lower mapping is several characters.</summary>
    FullLower = 8,
}

/// <summary>Looks up what title and lower case make of a code point.</summary>
/// <remarks>A trie of three steps leads to one of some 200 records, which many characters share because their
/// other case is equally far away.</remarks>
internal static partial class CaseTable
{
    /// <summary>The record of every code point that has no traits and no other case.</summary>
    public const int Plain = 0;

    // Beyond the plain part only this stretch of plane 14 says anything; the tables have it right behind.
    private const int PlainEnd = 0x20000;
    private const int Plane14 = 0xE0000;
    private const int Plane14Length = 0x200;

    /// <summary>The number of the record of a code point.</summary>
    public static int Find(int codePoint)
    {
        if (codePoint >= PlainEnd)
        {
            if ((uint)(codePoint - Plane14) >= Plane14Length) return Plain;
            codePoint += PlainEnd - Plane14;
        }
        var branch = Roots[codePoint >> 8];
        var leaf = Branches[(branch << 4) | ((codePoint >> 4) & 0xF)];
        return Leaves[(leaf << 4) | (codePoint & 0xF)];
    }

    /// <summary>The traits by a record's number.</summary>
    public static CaseTraits Traits(int record) => (CaseTraits)TraitsOf[record];

    /// <summary>What to add to a code point for its title case, when that is one character.</summary>
    public static int ToTitle(int record) => Titles[record];

    /// <summary>What to add to a code point for its lower case, when that is one character.</summary>
    public static int ToLower(int record) => Lowers[record];

    /// <summary>The title case in UTF-8, when that is several characters.</summary>
    public static ReadOnlySpan<byte> FullTitle(int record) => Mapping(Titles[record]);

    /// <summary>The lower case in UTF-8, when that is several characters.</summary>
    public static ReadOnlySpan<byte> FullLower(int record) => Mapping(Lowers[record]);

    private static ReadOnlySpan<byte> Mapping(int place)
    {
        Debug.Assert(place >= 0, "only a record with this trait has a place");
        return Mappings.Slice(place + 1, Mappings[place]);
    }
}
