using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorSock.Wire.Native;

/// <summary>Writes JSON objects, as frames and as lines, with memory that each thread keeps.</summary>
internal static class FrameWriter
{
    // Names in any writing stay readable, and short; a control character is escaped by this one, too.
    private static readonly JsonWriterOptions s_options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // Throws an ArgumentException at half a surrogate pair.
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_bytes;

    [ThreadStatic]
    private static Utf8JsonWriter? s_json;

    /// <summary>A header with its length in front.</summary>
    /// <param name="said">What is to be said.</param>
    /// <param name="write">Writes its fields.</param>
    /// <exception cref="ArgumentException">It is longer than a header can be, or holds half a surrogate pair.</exception>
    public static byte[] Frame<T>(T said, Action<Utf8JsonWriter, T> write)
    {
        var bytes = s_bytes ??= new ArrayBufferWriter<byte>(1024);
        bytes.ResetWrittenCount();
        bytes.Write(stackalloc byte[FrameHead.PrefixBytes]); // the length, when it is known
        Object(bytes, said, write);
        var length = bytes.WrittenCount - FrameHead.PrefixBytes;
        if (length > WireLimits.HeaderBytesCeiling)
            throw new ArgumentException(
                $"the header takes {length} bytes, at most {WireLimits.HeaderBytesCeiling} can be said", nameof(said));
        var frame = bytes.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(frame, length);
        return frame;
    }

    /// <summary>An object and a line feed.</summary>
    public static void Line<T>(IBufferWriter<byte> destination, T said, Action<Utf8JsonWriter, T> write)
    {
        Object(destination, said, write);
        destination.Write("\n"u8);
    }

    /// <summary>Writes a field, unless there is nothing to be said.</summary>
    public static void Field(this Utf8JsonWriter json, JsonKey key, long? value)
    {
        if (value is { } number) json.WriteNumber(key.Encoded, number);
    }

    /// <inheritdoc cref="Field(Utf8JsonWriter, JsonKey, long?)"/>
    public static void Field(this Utf8JsonWriter json, JsonKey key, string? value)
    {
        if (value is null) return;
        // The writer would put U+FFFD in the place of half a pair, and a file would get another name than it has.
        if (value.AsSpan().ContainsAnyInRange('\ud800', '\udfff')) s_strict.GetByteCount(value);
        json.WriteString(key.Encoded, value);
    }

    /// <inheritdoc cref="Field(Utf8JsonWriter, JsonKey, long?)"/>
    public static void Field(this Utf8JsonWriter json, JsonKey key, JsonEncodedText? value)
    {
        if (value is { } word) json.WriteString(key.Encoded, word);
    }

    /// <inheritdoc cref="Field(Utf8JsonWriter, JsonKey, long?)"/>
    public static void Field(this Utf8JsonWriter json, Md5Digest? digest)
    {
        if (digest is { } md5) json.Field(ContentDigest.From(md5));
    }

    /// <inheritdoc cref="Field(Utf8JsonWriter, JsonKey, long?)"/>
    public static void Field(this Utf8JsonWriter json, ContentDigest? digest)
    {
        if (digest is not { } content) return;
        Span<byte> hex = stackalloc byte[ContentDigest.BytesMax * 2];
        content.WriteHex(hex);
        json.WriteString(NativeKeys.Of(content.Kind).Encoded, hex[..content.HexDigitsCount]);
    }

    /// <summary>Writes a time in UTC with seven digits behind the second, unless there is none.</summary>
    public static void Field(this Utf8JsonWriter json, JsonKey key, DateTimeOffset? value)
    {
        if (value is not { } time) return;
        Span<byte> text = stackalloc byte[32];
        time.UtcDateTime.TryFormat(text, out var written, "O", CultureInfo.InvariantCulture);
        json.WriteString(key.Encoded, text[..written]);
    }

    /// <summary>Writes what follows the header, unless nothing does.</summary>
    public static void Field(this Utf8JsonWriter json, FrameBody body)
    {
        if (body.IsChunked) json.WriteString(NativeKeys.Body.Encoded, "chunked"u8);
        else if (body != FrameBody.None) json.WriteNumber(NativeKeys.Body.Encoded, body.Bytes!.Value);
    }

    private static void Object<T>(IBufferWriter<byte> destination, T said, Action<Utf8JsonWriter, T> write)
    {
        var json = s_json ??= new Utf8JsonWriter(destination, s_options);
        json.Reset(destination);
        json.WriteStartObject();
        write(json, said);
        json.WriteEndObject();
        json.Flush();
    }
}
