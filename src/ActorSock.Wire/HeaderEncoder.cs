using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace ActorSock.Wire;

/// <summary>Writes headers as the clients of WIRE.md send them.</summary>
public static class HeaderEncoder
{
    private const int PrefixBytes = 4;

    /// <summary>Writes everything that goes before the body: the length, where the dialect has one, and the
    /// header. Characters beyond ASCII become <c>\uXXXX</c>.</summary>
    /// <exception cref="ArgumentException">The header cannot be said in its dialect: the name holds half a
    /// surrogate pair, the size is negative, the digest is missing or one too many, or the whole exceeds
    /// <see cref="WireLimits.HeaderBytesCeiling"/>.</exception>
    public static byte[] Encode(PutHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentOutOfRangeException.ThrowIfNegative(header.FileSize, nameof(header));
        if (header.Promised is null == header.Dialect is Dialect.DigestInHeader)
            throw new ArgumentException(
                $"a digest in the header goes with {Dialect.DigestInHeader} alone", nameof(header));

        var (name, size) = (JsonEncodedText.Encode(header.FileName), header.FileSize);
        var json = header.Dialect switch
        {
            Dialect.DigestInHeader =>
                $$"""{"file_size": {{size}}, "file_name": "{{name}}", "md5": "{{header.Promised}}"}""",
            Dialect.Bare => $$"""{"filename": "{{name}}", "filesize": {{size}}}""",
            Dialect.DigestAfter or Dialect.BareAcknowledged =>
                $$"""{"action": "put", "filename": "{{name}}", "filesize": {{size}}}""",
            _ => throw new ArgumentException($"there is no dialect {header.Dialect}", nameof(header)),
        };
        if (json.Length > WireLimits.HeaderBytesCeiling)
            throw new ArgumentException($"the header takes {json.Length} bytes, at most "
                + $"{WireLimits.HeaderBytesCeiling} can be said: shorten the file name", nameof(header));

        var prefixBytes = header.Dialect is Dialect.DigestAfter or Dialect.DigestInHeader ? PrefixBytes : 0;
        var bytes = new byte[prefixBytes + json.Length];
        if (prefixBytes > 0) BinaryPrimitives.WriteInt32LittleEndian(bytes, json.Length);
        Encoding.ASCII.GetBytes(json, bytes.AsSpan(prefixBytes));
        return bytes;
    }
}
