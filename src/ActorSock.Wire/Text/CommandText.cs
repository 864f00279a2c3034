using System.Text;

namespace ActorSock.Wire.Text;

/// <summary>Finds the commands in what a peer of the text dialect sends.</summary>
/// <remarks>
/// Its clients do not say where a command ends: what has arrived by the time of a read is one, or with line feeds in it
/// several. Only a character that is cut at the end, or a read that has not taken all that is there, tells that more belongs to it.
/// </remarks>
public static class CommandText
{
    /// <summary>The most bytes of one command.</summary>
    public const int LineBytesMax = 4096;

    private static readonly UTF8Encoding strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Finds the next command.</summary>
    /// <param name="unread">What has arrived and was not consumed.</param>
    /// <param name="more">Whether the last read has left bytes where they were.</param>
    /// <param name="ended">Whether the peer has said that nothing more will come.</param>
    /// <param name="consumed">Bytes of the command and of what stands before it, its line feed included.</param>
    /// <param name="command">The command without blanks around it; null when it is no UTF-8.</param>
    /// <returns><see cref="Outcome.Refused"/> when it is longer than <see cref="LineBytesMax"/>: nobody knows where it
    /// ends.</returns>
    public static Outcome Next(
        ReadOnlySpan<byte> unread, bool more, bool ended, out int consumed, out string? command)
    {
        consumed = 0;
        command = null;
        while (consumed < unread.Length)
        {
            var rest = unread[consumed..];
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            if (line.Length > LineBytesMax)
                return Outcome.Refused;
            if (end < 0 && !ended && (more || EndsInsideCharacter(line)))
                return Outcome.NotYet;
            consumed += end < 0 ? line.Length : end + 1;
            command = Text(line);
            if (command is not "")
                return Outcome.Frame;
        }
        return Outcome.NotYet;
    }

    private static string? Text(ReadOnlySpan<byte> line)
    {
        try
        {
            return strict.GetString(line).Trim();
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    // Of a character the first byte tells the length: 110..... two, 1110.... three, 11110... four (RFC 3629, 3).
    private static bool EndsInsideCharacter(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= 3 && back <= bytes.Length; back++)
        {
            var value = bytes[^back];
            if ((value & 0xC0) == 0x80)
                continue;
            return value switch
            {
                >= 0xC2 and < 0xE0 => back < 2,
                >= 0xE0 and < 0xF0 => back < 3,
                >= 0xF0 and < 0xF5 => back < 4,
                _ => false,
            };
        }
        return false;
    }
}
