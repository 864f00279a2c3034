using System.Text.Json;
using System.Text.Unicode;

namespace ActorSock.Wire;

/// <summary>Finds the fields of one JSON object without reading what they hold.</summary>
internal readonly ref struct JsonFields
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = ObjectScanner.DepthMax };

    private readonly ReadOnlySpan<byte> _json;
    private readonly ReadOnlySpan<Range> _values;

    private JsonFields(ReadOnlySpan<byte> json, ReadOnlySpan<Range> values)
    {
        _json = json;
        _values = values;
    }

    /// <summary>What a field holds; missing when the object has none of the name.</summary>
    public JsonValue this[JsonKey key] => new(_json[_values[key.Slot]]);

    /// <summary>Looks at the whole object; of a key that comes twice the later counts, as in Python.</summary>
    /// <param name="json">What ought to be an object.</param>
    /// <param name="keys">Which fields are of interest.</param>
    /// <param name="room">Room for one range for each of them.</param>
    /// <param name="fields">What was found.</param>
    /// <returns>Why it is no object; else null.</returns>
    public static Refusal? Find(ReadOnlySpan<byte> json, JsonKeys keys, Span<Range> room, out JsonFields fields)
    {
        room = room[..keys.Count];
        room.Clear();
        fields = new JsonFields(json, room);
        if (!Utf8.IsValid(json)) return new Refusal(Rejection.HeaderNotUtf8, "encode it as UTF-8");
        try
        {
            Fill(json, keys, room);
            return null;
        }
        catch (JsonException broken)
        {
            return new Refusal(Rejection.HeaderNotObject, Where(broken));
        }
    }

    /// <exception cref="JsonException">It is not one JSON object.</exception>
    private static void Fill(ReadOnlySpan<byte> json, JsonKeys keys, Span<Range> room)
    {
        var reader = new Utf8JsonReader(json, Strict);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var slot = keys.SlotOf(reader.ValueSpan);
            reader.Read();
            var from = (int)reader.TokenStartIndex;
            reader.Skip();
            if (slot >= 0) room[slot] = from..(int)reader.BytesConsumed;
        }
        reader.Read();  // throws when more than white space follows the object
    }

    private static string Where(JsonException broken) => broken.BytePositionInLine is { } at
        ? $"it is broken in line {broken.LineNumber + 1} at byte {at}"
        : "it is another kind of JSON";
}
