using System.Text;

namespace ActorSock.Wire;

/// <summary>Gives the bytes that a server says. WIRE.md says when.</summary>
public static class Replies
{
    /// <summary>The most that a closing line takes, in bytes, its line feed included.</summary>
    public const int LineBytesMax = 512;

    /// <summary>The body has arrived, send the digest (<see cref="Dialect.DigestAfter"/>).</summary>
    public static ReadOnlyMemory<byte> Ok { get; } = "OK"u8.ToArray();

    /// <summary>Send the body (<see cref="Dialect.BareAcknowledged"/>).</summary>
    public static ReadOnlyMemory<byte> Ready { get; } = "200"u8.ToArray();

    /// <summary>The digest is the promised one, and the file is on stable storage under its name.</summary>
    public static ReadOnlyMemory<byte> Stored { get; } = "203"u8.ToArray();

    /// <summary>The digest differs; nothing was stored.</summary>
    public static ReadOnlyMemory<byte> Differs => Rejection.DigestDiffers.CodeDigits;

    // handshake_failure (40), fatal (2), in a TLS 1.0 record: all TLS clients understand it (RFC 8446, 6).
    private static readonly byte[] TlsAlert = [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28];

    /// <summary>The three digits of a rejection, which stand where a reply of the dialect would.</summary>
    public static ReadOnlyMemory<byte> Code(Rejection rejection)
    {
        ArgumentNullException.ThrowIfNull(rejection);
        return rejection.CodeDigits;
    }

    /// <summary>The one line that ends a conversation: <c>413 the file is too large: ...\n</c>.</summary>
    /// <remarks>UTF-8, at most <see cref="LineBytesMax"/> bytes, one line feed, at its end.</remarks>
    public static byte[] OneLine(Refusal refusal)
    {
        var text = Escaping.Printable(refusal.ToString());
        var line = new byte[LineBytesMax];
        // Convert stops before the character that does not fit: the line is never cut inside one.
        var room = line.AsSpan(..^1);
        Encoding.UTF8.GetEncoder().Convert(text, room, flush: true, out _, out var used, out _);
        line[used] = (byte)'\n';
        return line[..(used + 1)];
    }

    /// <summary>What to send before closing on a refusal, in the language of whoever knocked: a fatal alert
    /// for a TLS client, a response for an HTTP client, nothing for a peer that is gone, else
    /// <see cref="OneLine"/>.</summary>
    public static byte[] Closing(Refusal refusal) =>
        refusal.Rejection == Rejection.TlsHello ? [.. TlsAlert]
        : refusal.Rejection == Rejection.HttpRequest ? HttpResponse()
        : refusal.Rejection == Rejection.PeerVanished ? []
        : OneLine(refusal);

    private static byte[] HttpResponse()
    {
        const string Body = "This port takes file uploads in ActorSock's own protocol, not HTTP.\n"
            + "Send files with: actorsock put FILE --to HOST:PORT\n";
        return Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\n"
            + $"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {Body.Length}\r\n"
            + $"Connection: close\r\n\r\n{Body}");
    }
}
