using System.Text.Json;
using System.Text.Unicode;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Journal;

/// <summary>Picks the fields of a record out of its line. Each is there once; others may be added to the
/// format and are skipped. Makes nothing for the heap before a record is asked for.</summary>
internal struct JournalLineFields
{
    private static readonly string[] s_names = ["seq", "time", "client", "name", "size", "md5", "prev", "hash"];
    private static readonly string[] s_optional = ["sha256", "did", "to"];

    private long _sequence, _size;
    private DateTimeOffset _time;
    private Range _client, _name, _to; // where they stand in the line, quotes included
    private Md5Digest? _digest;
    private ContentDigest? _sha256;
    private JournalDeed _did;
    private RecordHash _previous;
    private int _seen;

    /// <exception cref="JsonException">It is no JSON object, or a field is missing, twice or wrong.</exception>
    /// <exception cref="FormatException">A number or a time is none.</exception>
    /// <exception cref="InvalidOperationException">A text is no text.</exception>
    public JournalLineFields(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "no object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref reader);
            reader.Read();
            if (field >= 0)
                Take(field, ref reader, line);
            else
                reader.Skip();
        }
        reader.Read(); // throws when something follows
        for (var field = 0; field < s_names.Length; field++)
        {
            if ((_seen & (1 << field)) == 0)
                throw new JsonException($"no {s_names[field]}");
        }
        Require(_did == JournalDeed.Renamed == HasTo, "to belongs to what was renamed");
    }

    public readonly JournalLink ToLink(RecordHash hash) => new(_sequence, _previous, hash);

    /// <param name="line">The same as before.</param>
    /// <param name="hash">Its hash.</param>
    public readonly JournalRecord ToRecord(ReadOnlySpan<byte> line, RecordHash hash) =>
        new(_sequence, _time, Read(line[_client]), Read(line[_name]), _size, _digest, _previous, hash)
        {
            Sha256 = _sha256, Did = _did, To = HasTo ? Read(line[_to]) : null,
        };

    private readonly bool HasTo => _to.End.Value > 0;

    private static int FieldOf(ref Utf8JsonReader reader)
    {
        for (var field = 0; field < s_names.Length; field++)
        {
            if (reader.ValueTextEquals(s_names[field]))
                return field;
        }
        for (var field = 0; field < s_optional.Length; field++)
        {
            if (reader.ValueTextEquals(s_optional[field]))
                return s_names.Length + field;
        }
        return -1;
    }

    private void Take(int field, ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        var name = field < s_names.Length ? s_names[field] : s_optional[field - s_names.Length];
        if ((_seen & (1 << field)) != 0)
            throw new JsonException($"{name} twice");
        _seen |= 1 << field;
        switch (name)
        {
            case "seq":
                _sequence = reader.GetInt64();
                Require(_sequence > 0, "seq below 1");
                break;
            case "time":
                _time = reader.GetDateTimeOffset();
                Require(_time.Offset == TimeSpan.Zero, "time is not UTC");
                break;
            case "client":
                _client = Text(ref reader, line);
                break;
            case "name":
                _name = Text(ref reader, line);
                break;
            case "size":
                _size = reader.GetInt64();
                Require(_size >= 0, "size below 0");
                break;
            case "md5":
                if (reader.TokenType == JsonTokenType.Null)
                    break;
                Require(Md5Digest.TryParse(Digits(ref reader), out var md5), "md5 is no digest");
                _digest = md5;
                break;
            case "sha256":
                Require(ContentDigest.TryParse(DigestKind.Sha256, Digits(ref reader), out var sha256), "sha256 is no digest");
                _sha256 = sha256;
                break;
            case "did":
                _did = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("deleted"u8) ? JournalDeed.Deleted
                    : reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("renamed"u8) ? JournalDeed.Renamed
                    : throw new JsonException("did is nothing that this version knows");
                break;
            case "to":
                _to = Text(ref reader, line);
                break;
            case "prev":
                Require(RecordHash.TryParse(Digits(ref reader), out _previous), "prev is no hash");
                break;
            case "hash":
                // The caller has it: it stands at the end, where it cannot be hidden.
                break;
        }
    }

    private static Range Text(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        Require(reader.TokenType != JsonTokenType.Null, "null is no text");
        Require(reader.TokenType == JsonTokenType.String, "a number or the like is no text");
        var text = (int)reader.TokenStartIndex..(int)reader.BytesConsumed;
        if (reader.ValueIsEscaped)
            Read(line[text]); // throws where half a character is escaped
        else
            Require(Utf8.IsValid(line[text]), "a text is not UTF-8");
        return text;
    }

    private static string Read(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        reader.Read();
        return reader.GetString()!;
    }

    private static ReadOnlySpan<byte> Digits(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? reader.ValueSpan : default;

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new JsonException(otherwise);
    }
}
