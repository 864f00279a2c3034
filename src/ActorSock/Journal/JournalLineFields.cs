using System.Text.Json;
using System.Text.Unicode;
using ActorSock.Wire;

namespace ActorSock.Journal;

/// <summary>Picks the fields of a record out of its line. Each is there once; others may be added to the
/// format and are skipped. Makes nothing for the heap before a record is asked for.</summary>
internal struct JournalLineFields
{
    private static readonly string[] s_names = ["seq", "time", "client", "name", "size", "md5", "prev", "hash"];

    private long _sequence, _size;
    private DateTimeOffset _time;
    private Range _client, _name; // where they stand in the line, quotes included
    private Md5Digest _digest;
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
    }

    public readonly JournalLink ToLink(RecordHash hash) => new(_sequence, _previous, hash);

    /// <param name="line">The same as before.</param>
    /// <param name="hash">Its hash.</param>
    public readonly JournalRecord ToRecord(ReadOnlySpan<byte> line, RecordHash hash) =>
        new(_sequence, _time, Read(line[_client]), Read(line[_name]), _size, _digest, _previous, hash);

    private static int FieldOf(ref Utf8JsonReader reader)
    {
        for (var field = 0; field < s_names.Length; field++)
        {
            if (reader.ValueTextEquals(s_names[field]))
                return field;
        }
        return -1;
    }

    private void Take(int field, ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        if ((_seen & (1 << field)) != 0)
            throw new JsonException($"{s_names[field]} twice");
        _seen |= 1 << field;
        switch (s_names[field])
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
                Require(Md5Digest.TryParse(Digits(ref reader), out _digest), "md5 is no digest");
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
