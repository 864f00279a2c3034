using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ActorSock.Wire;

/// <summary>Reads the fields of a complete header and says which of the dialects it is in.</summary>
internal readonly ref struct HeaderFields
{
    private const int EchoCharsMax = 64;
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = ObjectScanner.DepthMax };

    // Each as it stands in the JSON, quotes included; empty when it is missing.
    private readonly ReadOnlySpan<byte> _action, _name, _size, _md5;

    /// <exception cref="JsonException">It is not one JSON object.</exception>
    private HeaderFields(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Strict);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.ValueSpan;
            reader.Read();
            var from = (int)reader.TokenStartIndex;
            reader.Skip();
            var value = json[from..(int)reader.BytesConsumed];
            // Of a key that comes twice the later counts, as in Python.
            if (Says(key, "action"u8)) _action = value;
            else if (Says(key, "filename"u8) || Says(key, "file_name"u8)) _name = value;
            else if (Says(key, "filesize"u8) || Says(key, "file_size"u8)) _size = value;
            else if (Says(key, "md5"u8)) _md5 = value;
        }
        reader.Read();  // throws when more than white space follows the object
    }

    /// <summary>Judges a header.</summary>
    /// <param name="json">The header, whole, without its prefix.</param>
    /// <param name="hasPrefix">Whether its length came before it.</param>
    /// <param name="limits">What is too large.</param>
    /// <param name="consumed">Bytes of header and prefix, for the answer.</param>
    public static Decoded<PutHeader> Read(
        ReadOnlySpan<byte> json, bool hasPrefix, WireLimits limits, int consumed)
    {
        if (!Utf8.IsValid(json))
            return new(new Refusal(Rejection.HeaderNotUtf8, "encode it as UTF-8"), consumed);
        HeaderFields fields;
        try
        {
            fields = new HeaderFields(json);
        }
        catch (JsonException broken)
        {
            return new(new Refusal(Rejection.HeaderNotObject, Where(broken)), consumed);
        }
        return fields.Judge(hasPrefix, limits, consumed);
    }

    private Decoded<PutHeader> Judge(bool hasPrefix, WireLimits limits, int consumed)
    {
        if (hasPrefix && _action.IsEmpty && _md5.IsEmpty)
            return new(new Refusal(Rejection.FieldMissing, "it has neither action nor md5"), consumed);
        var dialect = (hasPrefix, _action.IsEmpty) switch
        {
            (true, false) => Dialect.DigestAfter,
            (true, true) => Dialect.DigestInHeader,
            (false, false) => Dialect.BareAcknowledged,
            (false, true) => Dialect.Bare,
        };
        // Who waits for 200 has sent no body. For the others only a size that is believed leads to the next
        // header, and only behind an action that is known to have a body.
        long? bodyBytes = dialect == Dialect.BareAcknowledged ? 0 : null;
        if (RefuseAction() is { } ofAction) return new(ofAction, consumed, new(dialect, bodyBytes));
        if (RefuseSize(limits, out var size) is { } ofSize)
            return new(ofSize, consumed, new(dialect, bodyBytes ?? size));
        bodyBytes ??= size;
        Md5Digest digest = default;
        if (dialect == Dialect.DigestInHeader && !Md5Digest.TryParse(Unquoted(_md5), out digest))
            return new(Wrong("md5", _md5, "32 hex digits in quotes"), consumed, new(dialect, bodyBytes));
        if (RefuseName(out var name) is { } ofName) return new(ofName, consumed, new(dialect, bodyBytes));

        Md5Digest? promised = dialect == Dialect.DigestInHeader ? digest : null;
        return new(new PutHeader(dialect, name, size!.Value, promised), consumed);
    }

    private Refusal? RefuseAction() =>
        _action.IsEmpty || Says(Unquoted(_action), "put"u8) ? null
        : _action[0] != '"' ? Wrong("action", _action, "\"put\"")
        : new Refusal(Rejection.ActionUnknown, $"action is {Echo(_action)}, known is \"put\"");

    private Refusal? RefuseSize(WireLimits limits, out long? size)
    {
        size = null;
        if (_size.IsEmpty) return new Refusal(Rejection.FieldMissing, "it has no filesize");
        var isNegative = _size[0] == '-';
        var digits = isNegative ? _size[1..] : _size;
        if (digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return Wrong("filesize", _size, "a whole number");

        var fits = Utf8Parser.TryParse(_size, out long bytes, out _);
        if (isNegative && !(fits && bytes == 0))
            return new Refusal(Rejection.SizeNegative, $"filesize is {Echo(_size)}");
        if (fits) size = bytes;
        return fits && bytes <= limits.FileBytesMax ? null
            : new Refusal(Rejection.SizeTooLarge,
                $"filesize is {Echo(_size)}, at most {limits.FileBytesMax} bytes are taken");
    }

    private Refusal? RefuseName(out string name)
    {
        name = "";
        if (_name.IsEmpty) return new Refusal(Rejection.FieldMissing, "it has no filename");
        if (_name[0] != '"') return Wrong("filename", _name, "text in quotes");
        var reader = new Utf8JsonReader(_name);
        reader.Read();
        try
        {
            name = reader.GetString()!;
            return null;
        }
        catch (InvalidOperationException)
        {
            // All that is left to be wrong with it. Python says such names of files whose own are not UTF-8.
            return new Refusal(Rejection.NameRefused,
                $"filename is {Echo(_name)}, which holds half a character");
        }
    }

    private static Refusal Wrong(string field, ReadOnlySpan<byte> value, string right) =>
        new(Rejection.FieldType, $"{field} is {Echo(value)}, it must be {right}");

    private static string Echo(ReadOnlySpan<byte> value) => Escaping.Printable(value, EchoCharsMax);

    private static ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> value) =>
        value.Length >= 2 && value[0] == '"' ? value[1..^1] : default;

    // Compares JSON text with plain ASCII, understanding \u0061 without building a string: a header full of
    // escaped keys must cost no more than another.
    private static bool Says(ReadOnlySpan<byte> json, ReadOnlySpan<byte> ascii)
    {
        foreach (var wanted in ascii)
        {
            if (json.IsEmpty) return false;
            var taken = 1;
            uint said = json[0];
            if (said == '\\')
            {
                if (json.Length < 6 || json[1] != 'u') return false;
                if (!Utf8Parser.TryParse(json.Slice(2, 4), out said, out _, 'x')) return false;
                taken = 6;
            }
            if (said != wanted) return false;
            json = json[taken..];
        }
        return json.IsEmpty;
    }

    private static string Where(JsonException broken) => broken.BytePositionInLine is { } at
        ? $"it is broken in line {broken.LineNumber + 1} at byte {at}"
        : "it is another kind of JSON";
}
