using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace ActorSock.Wire;

/// <summary>Says what became of reading a whole number.</summary>
internal enum WholeNumber
{
    /// <summary>It is none: a fraction, an exponent, text.</summary>
    None,

    /// <summary>It is below 0.</summary>
    Negative,

    /// <summary>It is over 2^63-1.</summary>
    Beyond,

    /// <summary>It is from 0 to 2^63-1.</summary>
    Fits,
}

/// <summary>Holds the value of a field as it stands in the JSON, quotes included; empty when it is missing.</summary>
internal readonly ref struct JsonValue(ReadOnlySpan<byte> raw)
{
    private const int EchoCharsMax = 64;

    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>Whether the object has no such field.</summary>
    public bool IsMissing => Raw.IsEmpty;

    /// <summary>Whether it has none, or one that is <c>null</c>.</summary>
    public bool IsMissingOrNull => Raw.IsEmpty || Raw.SequenceEqual("null"u8);

    public bool IsText => !Raw.IsEmpty && Raw[0] == '"';

    /// <summary>What stands between the quotes, escapes as they are; empty when it is no text.</summary>
    public ReadOnlySpan<byte> Unquoted => IsText ? Raw[1..^1] : default;

    /// <summary>The value for a sentence: printable, and cut when it is long.</summary>
    public string Echo() => Escaping.Printable(Raw, EchoCharsMax);

    /// <summary>Whether it is this text.</summary>
    public bool Says(ReadOnlySpan<byte> ascii) => IsText && Says(Unquoted, ascii);

    /// <summary>Reads a text.</summary>
    /// <returns>False when it is none, or holds half a surrogate pair (see <see cref="IsText"/>).</returns>
    public bool TryText(out string text)
    {
        text = "";
        if (!IsText) return false;
        if (!Raw.Contains((byte)'\\'))
        {
            text = Encoding.UTF8.GetString(Unquoted);
            return true;
        }
        var reader = new Utf8JsonReader(Raw);
        reader.Read();
        try
        {
            text = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // All that is left to be wrong with it. Python says such names of files whose own are not UTF-8.
            return false;
        }
    }

    /// <summary>Reads a time as ISO 8601 writes it, with its offset to UTC.</summary>
    public bool TryTime(out DateTimeOffset time)
    {
        time = default;
        if (!IsText) return false;
        var reader = new Utf8JsonReader(Raw);
        return reader.Read() && reader.TryGetDateTime(out var local) && local.Kind != DateTimeKind.Unspecified
            && reader.TryGetDateTimeOffset(out time);
    }

    /// <summary>Reads a whole number.</summary>
    public WholeNumber Whole(out long value)
    {
        value = 0;
        if (Raw.IsEmpty) return WholeNumber.None;
        var isNegative = Raw[0] == '-';
        var digits = isNegative ? Raw[1..] : Raw;
        if (digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return WholeNumber.None;
        var fits = Utf8Parser.TryParse(Raw, out long read, out _);
        if (isNegative && !(fits && read == 0)) return WholeNumber.Negative;
        value = read;
        return fits ? WholeNumber.Fits : WholeNumber.Beyond;
    }

    /// <summary>Compares JSON text with plain ASCII, understanding <c>\u0061</c> without building a string: a header full
    /// of escaped keys must cost no more than another.</summary>
    public static bool Says(ReadOnlySpan<byte> json, ReadOnlySpan<byte> ascii)
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
}
