using System.Text.Json;

namespace ActorSock.Wire.Native;

/// <summary>Reads the fields of a header one by one and keeps the first thing that is wrong with them.</summary>
/// <remarks>What it gives behind the first refusal is to be thrown away. A field that is <c>null</c> is not there.</remarks>
internal ref struct FieldReader(JsonFields fields, WireLimits limits)
{
    private const string WholeWanted = "a whole number from 0 to 2^63-1";

    private readonly JsonFields _fields = fields;

    // Replies and lists come from a server that the client has chosen: it takes whatever sizes that one tells.
    private static readonly WireLimits s_any =
        new() { HeaderBytesMax = WireLimits.HeaderBytesCeiling, FileBytesMax = long.MaxValue };

    /// <summary>What is wrong; null when nothing was.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>Begins with what says a server; what is no object has no fields, and is wrong.</summary>
    public static FieldReader Of(ReadOnlySpan<byte> json, JsonKeys keys, Span<Range> room)
    {
        var broken = JsonFields.Find(json, keys, room, out var fields);
        return new FieldReader(fields, s_any) { Refusal = broken };
    }

    /// <summary>Begins with an object inside this one.</summary>
    public readonly FieldReader Inner(JsonKey key, JsonKeys keys, Span<Range> room)
    {
        var inner = Of(_fields[key].Raw, keys, room);
        // What is no object is no broken header, but a field of the wrong form.
        if (inner.Refusal is not null)
            inner.Refusal = new Refusal(Rejection.FieldType, $"{key.Name} is {_fields[key].Echo()}, it must be an object");
        return inner;
    }

    /// <summary>Takes over what is wrong with an object inside this one.</summary>
    public void Adopt(Refusal? inner) => Refusal ??= inner;

    public readonly bool Has(JsonKey key) => !_fields[key].IsMissingOrNull;

    public readonly JsonValue Value(JsonKey key) => _fields[key];

    /// <summary>Remembers what is wrong, unless something was before.</summary>
    public void Refuse(Rejection rejection, string detail) => Refusal ??= new Refusal(rejection, detail);

    /// <summary>A text that has to be there.</summary>
    public string Text(JsonKey key)
    {
        if (!Has(key)) Refuse(Rejection.FieldMissing, $"it has no {key.Name}");
        return TextIfAny(key) ?? "";
    }

    /// <summary>A text; null when it is not there.</summary>
    public string? TextIfAny(JsonKey key)
    {
        if (!Has(key)) return null;
        var value = _fields[key];
        if (!value.IsText)
            Wrong(key, "text in quotes");
        else if (value.TryText(out var text))
            return text;
        else
            Refuse(Rejection.NameRefused, $"{key.Name} is {value.Echo()}, which holds half a character");
        return null;
    }

    /// <summary>A whole number of at least <paramref name="least"/>; null when it is not there.</summary>
    public long? Whole(JsonKey key, long least = 0)
    {
        if (!Has(key)) return null;
        if (_fields[key].Whole(out var value) == WholeNumber.Fits && value >= least) return value;
        Wrong(key, least == 0 ? WholeWanted : $"a whole number from {least} to 2^63-1");
        return null;
    }

    /// <summary>A whole number that has to be there.</summary>
    public long WholeNeeded(JsonKey key)
    {
        if (!Has(key)) Refuse(Rejection.FieldMissing, $"it has no {key.Name}");
        return Whole(key) ?? 0;
    }

    /// <summary>A whole number up to 2^31-1; null when it is not there.</summary>
    public int? Count(JsonKey key)
    {
        var whole = Whole(key);
        if (whole > int.MaxValue) Wrong(key, "a whole number from 0 to 2^31-1");
        return (int?)whole;
    }

    /// <summary>A whole number up to 2^31-1 that has to be there.</summary>
    public int CountNeeded(JsonKey key)
    {
        if (!Has(key)) Refuse(Rejection.FieldMissing, $"it has no {key.Name}");
        return Count(key) ?? 0;
    }

    /// <summary>A time with its offset to UTC; null when it is not there.</summary>
    public DateTimeOffset? Time(JsonKey key)
    {
        if (!Has(key)) return null;
        if (_fields[key].TryTime(out var time)) return time.ToUniversalTime();
        Wrong(key, "a time such as 2026-11-21T09:30:05.1200000Z");
        return null;
    }

    /// <summary>What follows the header.</summary>
    public FrameBody Body()
    {
        var said = _fields[NativeKeys.Body];
        if (said.IsMissingOrNull) return FrameBody.None;
        if (said.Says("chunked"u8)) return FrameBody.Chunked;
        if (said.Whole(out var bytes) == WholeNumber.Fits) return FrameBody.Of(bytes);
        Refuse(Rejection.BodyLength,
            $"body is {said.Echo()}, it must be a whole number from 0 to 2^63-1 or \"chunked\"");
        return FrameBody.None;
    }

    /// <summary>Bytes of a file; null when it is not there.</summary>
    public long? Size()
    {
        if (!Has(NativeKeys.Size)) return null;
        var value = _fields[NativeKeys.Size];
        switch (value.Whole(out var bytes))
        {
            case WholeNumber.None:
                Wrong(NativeKeys.Size, WholeWanted);
                break;
            case WholeNumber.Negative:
                Refuse(Rejection.SizeNegative, $"size is {value.Echo()}");
                break;
            case WholeNumber.Fits when bytes <= limits.FileBytesMax:
                return bytes;
            default:
                TooLarge($"size is {value.Echo()}");
                break;
        }
        return null;
    }

    /// <summary>Refuses a file for its size.</summary>
    /// <param name="what">What says the size.</param>
    public void TooLarge(string what) =>
        Refuse(Rejection.SizeTooLarge, $"{what}, at most {limits.FileBytesMax} bytes are taken");

    public readonly long FileBytesMax => limits.FileBytesMax;

    /// <summary>True or false; <paramref name="otherwise"/> when it is not there.</summary>
    public bool Flag(JsonKey key, bool otherwise)
    {
        if (!Has(key)) return otherwise;
        var value = _fields[key];
        if (value.Raw.SequenceEqual("true"u8)) return true;
        if (!value.Raw.SequenceEqual("false"u8)) Wrong(key, "true or false");
        return false;
    }

    /// <summary>One of some words; <paramref name="otherwise"/> when it is not there.</summary>
    public T Word<T>(JsonKey key, Words<T> words, T otherwise)
        where T : struct, Enum
    {
        if (!Has(key)) return otherwise;
        if (!words.TryRead(_fields[key], out var value)) Wrong(key, words.All);
        return value;
    }

    /// <summary>A digest of this kind that has to be in hex digits; null when it is not there.</summary>
    public ContentDigest? Digest(DigestKind kind)
    {
        var key = NativeKeys.Of(kind);
        if (!Has(key)) return null;
        if (ContentDigest.TryParse(kind, _fields[key].Unquoted, out var digest)) return digest;
        Wrong(key, $"{ContentDigest.BytesOf(kind) * 2} hex digits in quotes");
        return null;
    }

    /// <summary>Which of the kinds of digest the header names; null for none, and refuses both.</summary>
    public DigestKind? DigestKind()
    {
        var (md5, sha256) = (Has(NativeKeys.Md5), Has(NativeKeys.Sha256));
        if (md5 && sha256) Refuse(Rejection.FieldType, "it has both md5 and sha256, one of them is enough");
        return md5 ? Native.DigestKind.Md5 : sha256 ? Native.DigestKind.Sha256 : null;
    }

    /// <summary>A list of texts; empty when it is not there.</summary>
    public IReadOnlyList<string> Texts(JsonKey key) =>
        Listed(key, "a list of texts", static (JsonValue value, out string text) => value.TryText(out text));

    /// <summary>A list of whole numbers; empty when it is not there.</summary>
    public IReadOnlyList<int> Numbers(JsonKey key) =>
        Listed(key, "a list of whole numbers", static (JsonValue value, out int number) =>
        {
            var isNumber = value.Whole(out var whole) == WholeNumber.Fits && whole <= int.MaxValue;
            number = (int)whole;
            return isNumber;
        });

    /// <summary>Refuses a field for what it holds.</summary>
    public void Wrong(JsonKey key, string right) =>
        Refuse(Rejection.FieldType, $"{key.Name} is {_fields[key].Echo()}, it must be {right}");

    private delegate bool Reading<T>(JsonValue value, out T read);

    private List<T> Listed<T>(JsonKey key, string right, Reading<T> read)
    {
        if (!Has(key)) return [];
        var raw = _fields[key].Raw;
        var items = new List<T>();
        var json = new Utf8JsonReader(raw);
        json.Read();
        var isList = json.TokenType == JsonTokenType.StartArray;
        while (isList && json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var from = (int)json.TokenStartIndex;
            json.Skip();
            isList = read(new JsonValue(raw[from..(int)json.BytesConsumed]), out var item);
            items.Add(item);
        }
        if (!isList) Wrong(key, right);
        return items;
    }
}
