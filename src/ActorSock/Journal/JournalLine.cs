using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using ActorSock.Wire;

namespace ActorSock.Journal;

/// <summary>Turns records into lines and back. JOURNAL.md, "A line", defines them byte by byte.</summary>
internal static class JournalLine
{
    /// <summary>No line is longer: a name has at most 4 KiB, and each of its bytes takes at most 6.</summary>
    public const int BytesMax = 1 << 20;

    /// <summary>The most that a line takes without client and names.</summary>
    private const int FrameBytesMax = 448;

    /// <summary><c>,"hash":"</c>, the digits, <c>"}</c>.</summary>
    public const int EndBytes = 9 + RecordHash.HexDigitsCount + 2;

    private const int EscapedBytesMax = 6;

    // What JSON demands, and whatever some program takes for the end of a line (Python: str.splitlines)
    // or a terminal for a command (C1). SearchValues makes the way of ordinary names a vectorised scan.
    private static readonly SearchValues<char> s_escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(c => (char)c),
            '"', '\\', '\u2028', '\u2029']);

    /// <summary>Appends the line of a record, line feed included; allocates nothing once there is room.</summary>
    /// <returns>The hash of the record.</returns>
    /// <exception cref="ArgumentException">Client or name has half a character (which UTF-8 cannot say), or
    /// is far too long; nothing was appended.</exception>
    public static RecordHash Append(
        ArrayBufferWriter<byte> lines, long sequence, in JournalNote note, RecordHash previous)
    {
        var texts = note.Client.Length + note.Name.Length + (note.To?.Length ?? 0);
        if (texts > (BytesMax - FrameBytesMax) / EscapedBytesMax)
            throw new ArgumentException("client and name do not fit on a line");
        var line = lines.GetSpan(FrameBytesMax + (EscapedBytesMax * texts));
        var at = 0;
        Put(line, ref at, "{\"seq\":"u8);
        Put(line, ref at, sequence);
        Put(line, ref at, ",\"time\":\""u8);
        Utf8Formatter.TryFormat(note.Time.UtcDateTime, line[at..], out var timeBytes, 'O');
        at += timeBytes;
        Put(line, ref at, "\",\"client\":\""u8);
        PutEscaped(line, ref at, note.Client);
        Put(line, ref at, "\",\"name\":\""u8);
        PutEscaped(line, ref at, note.Name);
        Put(line, ref at, "\",\"size\":"u8);
        Put(line, ref at, note.Size);
        PutDigests(line, ref at, note);
        PutDeed(line, ref at, note);
        Put(line, ref at, ",\"prev\":\""u8);
        previous.WriteHex(line[at..]);
        at += RecordHash.HexDigitsCount;
        Put(line, ref at, "\""u8);
        var hash = RecordHash.Of(line[..at]);
        Put(line, ref at, ",\"hash\":\""u8);
        hash.WriteHex(line[at..]);
        at += RecordHash.HexDigitsCount;
        Put(line, ref at, "\"}\n"u8);
        lines.Advance(at);
        return hash;
    }

    /// <inheritdoc cref="JournalRecord.TryParse"/>
    public static bool TryParse(
        ReadOnlySpan<byte> line, [NotNullWhen(true)] out JournalRecord? record, out string why)
    {
        record = TryRead(line, out var fields, out var hash, out why) ? fields.ToRecord(line, hash) : null;
        return record is not null;
    }

    /// <summary>Checks a line as strictly, and takes of it only what holds the chain together.</summary>
    public static bool TryLink(ReadOnlySpan<byte> line, out JournalLink link, out string why)
    {
        var isRecord = TryRead(line, out var fields, out var hash, out why);
        link = isRecord ? fields.ToLink(hash) : default;
        return isRecord;
    }

    private static bool TryRead(ReadOnlySpan<byte> line, out JournalLineFields fields, out RecordHash hash, out string why)
    {
        fields = default;
        if (!TryReadHash(line, out hash))
        {
            why = "it does not end with a hash";
            return false;
        }
        if (RecordHash.Of(line[..^EndBytes]) != hash)
        {
            why = "its hash is not that of what it says";
            return false;
        }
        try
        {
            fields = new JournalLineFields(line);
            why = "";
            return true;
        }
        // The last two are what Utf8JsonReader says to text that is not UTF-8 and to numbers out of range.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            why = $"it is no record: {e.Message}";
            return false;
        }
    }

    private static bool TryReadHash(ReadOnlySpan<byte> line, out RecordHash hash)
    {
        hash = default;
        if (line.Length < EndBytes)
            return false;
        var end = line[^EndBytes..];
        return end.StartsWith(",\"hash\":\""u8) && end.EndsWith("\"}"u8) && RecordHash.TryParse(end[9..^2], out hash);
    }

    private static void PutDigests(Span<byte> line, ref int at, in JournalNote note)
    {
        if (note.Md5 is { } md5)
        {
            Put(line, ref at, ",\"md5\":\""u8);
            md5.WriteHex(line[at..]);
            at += Md5Digest.HexDigitsCount;
            Put(line, ref at, "\""u8);
        }
        else
        {
            Put(line, ref at, ",\"md5\":null"u8);
        }
        if (note.Sha256 is { } sha256)
        {
            Put(line, ref at, ",\"sha256\":\""u8);
            sha256.WriteHex(line[at..]);
            at += sha256.HexDigitsCount;
            Put(line, ref at, "\""u8);
        }
    }

    /// <summary>Nothing for a file that was stored, which is what most lines are about.</summary>
    private static void PutDeed(Span<byte> line, ref int at, in JournalNote note)
    {
        if (note.Did == JournalDeed.Deleted)
            Put(line, ref at, ",\"did\":\"deleted\""u8);
        if (note.Did != JournalDeed.Renamed)
            return;
        Put(line, ref at, ",\"did\":\"renamed\",\"to\":\""u8);
        PutEscaped(line, ref at, note.To!);
        Put(line, ref at, "\""u8);
    }

    private static void Put(Span<byte> line, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(line[at..]);
        at += text.Length;
    }

    private static void Put(Span<byte> line, ref int at, long number)
    {
        number.TryFormat(line[at..], out var written, default, CultureInfo.InvariantCulture);
        at += written;
    }

    private static void PutEscaped(Span<byte> line, ref int at, ReadOnlySpan<char> text)
    {
        while (true)
        {
            var plain = text.IndexOfAny(s_escaped) is var found and >= 0 ? found : text.Length;
            if (Utf8.FromUtf16(text[..plain], line[at..], out _, out var written, replaceInvalidSequences: false)
                != OperationStatus.Done)
                throw new ArgumentException("half a character cannot be written");
            at += written;
            if (plain == text.Length)
                return;
            Escape(line, ref at, text[plain]);
            text = text[(plain + 1)..];
        }
    }

    private static void Escape(Span<byte> line, ref int at, char escaped)
    {
        if (escaped is '"' or '\\')
        {
            line[at++] = (byte)'\\';
            line[at++] = (byte)escaped;
            return;
        }
        Put(line, ref at, "\\u"u8);
        ((int)escaped).TryFormat(line[at..], out var written, "x4", CultureInfo.InvariantCulture);
        at += written;
    }
}
