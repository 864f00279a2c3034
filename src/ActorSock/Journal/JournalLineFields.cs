using System.Text.Json;
using ActorSock.Wire;

namespace ActorSock.Journal;

/// <summary>Picks the fields of a record out of its line. Each is there once; others may be added to the
/// format and are skipped.</summary>
internal struct JournalLineFields
{
    private static readonly string[] s_names = ["seq", "time", "client", "name", "size", "md5", "prev", "hash"];

    private long _sequence, _size;
    private DateTimeOffset _time;
    private string _client = "", _name = "";
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
                Take(field, ref reader);
            else
                reader.Skip();
        }
        reader.Read(); // throws when something follows
        for (var field = 0; field < s_names.Length; field++)
            Require((_seen & (1 << field)) != 0, $"no {s_names[field]}");
    }

    public readonly JournalRecord ToRecord(RecordHash hash) =>
        new(_sequence, _time, _client, _name, _size, _digest, _previous, hash);

    private static int FieldOf(ref Utf8JsonReader reader)
    {
        for (var field = 0; field < s_names.Length; field++)
        {
            if (reader.ValueTextEquals(s_names[field]))
                return field;
        }
        return -1;
    }

    private void Take(int field, ref Utf8JsonReader reader)
    {
        Require((_seen & (1 << field)) == 0, $"{s_names[field]} twice");
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
                _client = Text(ref reader);
                break;
            case "name":
                _name = Text(ref reader);
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

    private static string Text(ref Utf8JsonReader reader) =>
        reader.GetString() ?? throw new JsonException("null is no text");

    private static ReadOnlySpan<byte> Digits(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? reader.ValueSpan : default;

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new JsonException(otherwise);
    }
}
