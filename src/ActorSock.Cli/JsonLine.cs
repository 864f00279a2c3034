using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Cli;

/// <summary>Writes objects of JSON as lines, for programs.</summary>
internal static class JsonLine
{
    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, s_readable))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return WithoutFormatting(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    /// <summary>Escapes what has no shape of its own and changes how other text looks, such as U+202E: names come from others, and lines
    /// may be read by people.</summary>
    /// <param name="json">JSON, in which such characters can only be within strings.</param>
    private static string WithoutFormatting(string json)
    {
        if (!json.Any(IsFormatting)) return json;
        var escaped = new StringBuilder(json.Length + 64);
        foreach (var each in json)
        {
            if (IsFormatting(each)) escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)each:X4}");
            else escaped.Append(each);
        }
        return escaped.ToString();
    }

    // The encoder escapes all beyond the basic plane.
    private static bool IsFormatting(char each) =>
        each > '\x7f' && char.GetUnicodeCategory(each)
        is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>A digest, or null when it is not known.</summary>
    public static void WriteMd5(this Utf8JsonWriter json, Md5Digest? md5)
    {
        if (md5 is { } known) json.WriteString("md5", known.ToString());
        else json.WriteNull("md5");
    }

    /// <summary>The line of the node's journal, when it is known.</summary>
    public static void WriteReceipt(this Utf8JsonWriter json, Receipt? receipt)
    {
        if (receipt is not { } line) return;
        json.WriteStartObject("receipt");
        json.WriteNumber("sequence", line.Sequence);
        json.WriteString("hash", line.Hash);
        json.WriteEndObject();
    }
}
