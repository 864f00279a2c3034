using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace ActorSock.Wire.Text;

/// <summary>Puts text into title case as Python's <c>str.title()</c> does: the first letter of each word in
/// title case, the others in lower case, so that <c>they're ΣΑΣ ﬁne</c> becomes
/// <c>They'Re Σας Fine</c>.</summary>
/// <remarks>
/// A word is a run of characters that Unicode calls cased. All mappings are Unicode's full ones, of version
/// <see cref="UnicodeVersion"/>; a capital sigma becomes a final one where Unicode's rule, which looks across
/// case-ignorable characters both ways, says so.<br/>
/// The text is UTF-8. Bytes that are not come back unchanged and belong to no word, as with Python's
/// <c>surrogateescape</c>. The time taken is linear in the length of the text, whatever stands in it.
/// </remarks>
public static class TitleCase
{
    /// <summary>How many times longer than the text its title case can be, in bytes.</summary>
    public const int GrowthMax = 3;

    /// <summary>The version of Unicode whose characters are known.</summary>
    public const string UnicodeVersion = CaseTable.UnicodeVersion;

    /// <summary>The most bytes that a character takes in UTF-8.</summary>
    internal const int Utf8BytesMax = 4;

    // The most that is written at a time: eight ASCII characters, or a mapping to three of two bytes each.
    private const int WrittenBytesMax = 8;

    // What is asked of a writer at a time: enough to make asking cheap, too little to make it grow in vain.
    private const int StepBytes = 4096;

    private const int CapitalSigma = 0x3A3;

    // Eight ASCII characters are worked on at once, in the bytes of one number.
    private const ulong EveryByte = 0x0101_0101_0101_0101;
    private const ulong HighBit = 0x80;

    /// <summary>Appends the title case of <paramref name="text"/> to <paramref name="titled"/>: at most
    /// <see cref="GrowthMax"/> times as many bytes.</summary>
    public static void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> titled)
    {
        ArgumentNullException.ThrowIfNull(titled);
        var state = new WordState();
        Write(text, text.Length, ref state, titled);
    }

    /// <summary>Appends the title case of the beginning of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="count">Bytes of the beginning; it ends with a character. Behind it a sigma is looked for
    /// what follows.</param>
    /// <param name="state">What came before; then what comes before the rest.</param>
    /// <param name="titled">Where to.</param>
    internal static void Write(
        ReadOnlySpan<byte> text, int count, ref WordState state, IBufferWriter<byte> titled)
    {
        var read = 0;
        var inWord = state.InWord;
        while (read < count)
        {
            var room = titled.GetSpan(Math.Min(count - read, StepBytes) + WrittenBytesMax);
            titled.Advance(Fill(room, text, count, state, ref read, ref inWord));
        }
        state = new WordState(inWord, FinalSigma.EndsCased(text[..count], state));
    }

    /// <summary>Writes the text from <paramref name="read"/> on until <paramref name="count"/> bytes were read
    /// or the room gets narrow.</summary>
    private static int Fill(
        Span<byte> room, ReadOnlySpan<byte> text, int count, WordState before, ref int read, ref bool inWord)
    {
        var written = 0;
        while (read < count && room.Length - written >= WrittenBytesMax)
        {
            var rest = text[read..];
            if (rest[0] < HighBit)
            {
                var ascii = WriteAscii(text[..count], read, room[written..], ref inWord);
                read += ascii;
                written += ascii;
            }
            else if (Rune.DecodeFromUtf8(rest, out var rune, out var length) == OperationStatus.Done)
            {
                var isFinalSigma = inWord && rune.Value == CapitalSigma
                    && FinalSigma.IsFinal(text[..read], before, rest[length..]);
                written += isFinalSigma
                    ? new Rune('ς').EncodeToUtf8(room[written..])
                    : WriteOther(rune, rest[..length], room[written..], ref inWord);
                read += length;
            }
            else
            {
                room[written++] = rest[0];
                read++;
                inWord = false;
            }
        }
        return written;
    }

    /// <summary>Writes ASCII characters, at least one, until another comes or the room gets narrow.</summary>
    /// <returns>How many. More room than that is written to.</returns>
    private static int WriteAscii(ReadOnlySpan<byte> text, int from, Span<byte> room, ref bool inWord)
    {
        var letterBefore = inWord ? HighBit : 0;
        var at = 0;
        var isAscii = true;
        while (isAscii && from + at < text.Length && room.Length - at >= sizeof(ulong))
        {
            var count = Math.Min(sizeof(ulong), text.Length - from - at);
            var eight = Eight(text, from + at);
            var others = eight & (HighBit * EveryByte);
            if (others != 0)
            {
                isAscii = false;
                count = BitOperations.TrailingZeroCount(others) / 8;
                if (count == 0) break;
                eight &= ulong.MaxValue >> (64 - count * 8);
            }

            var letters = AsciiLetters(eight);
            BinaryPrimitives.WriteUInt64LittleEndian(room[at..], TitleAscii(eight, letters, letterBefore));
            letterBefore = (letters >> (count * 8 - 8)) & HighBit;
            at += count;
        }
        inWord = letterBefore != 0;
        return at;
    }

    /// <summary>Eight bytes of a text from a place on, the first one lowest; zeros behind its end.</summary>
    private static ulong Eight(ReadOnlySpan<byte> text, int from)
    {
        if (text.Length - from >= sizeof(ulong)) return BinaryPrimitives.ReadUInt64LittleEndian(text[from..]);
        if (text.Length >= sizeof(ulong))
        {
            var known = from + sizeof(ulong) - text.Length;
            return BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..]) >> (known * 8);
        }
        var eight = 0UL;
        for (var at = text.Length - 1; at >= from; at--) eight = (eight << 8) | text[at];
        return eight;
    }

    /// <summary>Sets the high bit of each byte that is a letter: of ASCII only those are cased.</summary>
    private static ulong AsciiLetters(ulong ascii)
    {
        // Neither sum overflows its byte: the one reaches the high bit from 'a' on, the other behind 'z'.
        var small = ascii | (0x20 * EveryByte);
        return (small + ((HighBit - 'a') * EveryByte)) & ~(small + ((HighBit - 'z' - 1) * EveryByte))
            & (HighBit * EveryByte);
    }

    /// <summary>Makes letters behind letters small and the others capital; the first byte is the
    /// lowest.</summary>
    private static ulong TitleAscii(ulong ascii, ulong letters, ulong letterBefore)
    {
        var starts = letters & ~((letters << 8) | letterBefore);
        return (ascii | (letters >> 2)) & ~(starts >> 2);
    }

    private static int WriteOther(Rune rune, ReadOnlySpan<byte> utf8, Span<byte> room, ref bool inWord)
    {
        var record = CaseTable.Find(rune.Value);
        var isSmall = inWord;
        var traits = CaseTable.Traits(record);
        inWord = (traits & CaseTraits.Cased) != 0;

        var distance = 0;
        if ((traits & (isSmall ? CaseTraits.FullLower : CaseTraits.FullTitle)) != 0)
            utf8 = isSmall ? CaseTable.FullLower(record) : CaseTable.FullTitle(record);
        else if (traits != CaseTraits.None)
            distance = isSmall ? CaseTable.ToLower(record) : CaseTable.ToTitle(record);

        if (distance != 0) return new Rune(rune.Value + distance).EncodeToUtf8(room);
        utf8.CopyTo(room);
        return utf8.Length;
    }
}
