using System.Text;

namespace ActorSock.Wire.Text;

/// <summary>Finds the commands in what a peer of the text dialect sends.</summary>
/// <remarks>
/// Its clients do not say where a command ends: what has arrived by the time of a read is one, or with line feeds in it
/// several. Only a character that is cut at the end, or a read that has not taken all that is there, tells that more belongs to it.
/// </remarks>
public sealed class CommandText
{
    /// <summary>The most bytes of one command.</summary>
    public const int LineBytesMax = 4096;

    private static readonly UTF8Encoding strict = new(false, throwOnInvalidBytes: true);

    private readonly List<byte> _begun = [];

    /// <summary>Whether the beginning of a command waits for its rest.</summary>
    public bool IsBegun => _begun.Count > 0;

    /// <summary>Takes what one read has delivered.</summary>
    /// <param name="read">The bytes.</param>
    /// <param name="more">Whether more bytes are there already.</param>
    /// <param name="commands">Takes the commands, in order, without blanks around them; null stands for one that is no
    /// UTF-8.</param>
    /// <returns>False when a command is longer than <see cref="LineBytesMax"/>: nobody knows where it ends.</returns>
    public bool Take(ReadOnlySpan<byte> read, bool more, ICollection<string?> commands)
    {
        ArgumentNullException.ThrowIfNull(commands);
        for (int end; (end = read.IndexOf((byte)'\n')) >= 0; read = read[(end + 1)..])
        {
            if (!Hold(read[..end]))
                return false;
            Release(commands);
        }
        if (!Hold(read))
            return false;
        if (!more && !EndsInsideCharacter(_begun))
            Release(commands);
        return true;
    }

    /// <summary>Gives what is left when the peer has said that nothing more will come.</summary>
    public void End(ICollection<string?> commands) => Release(commands);

    private bool Hold(ReadOnlySpan<byte> bytes)
    {
        if (_begun.Count + bytes.Length > LineBytesMax)
            return false;
        _begun.AddRange(bytes);
        return true;
    }

    private void Release(ICollection<string?> commands)
    {
        var bytes = _begun.ToArray();
        _begun.Clear();
        string? command;
        try
        {
            command = strict.GetString(bytes).Trim();
        }
        catch (DecoderFallbackException)
        {
            command = null;
        }
        if (command is not "")
            commands.Add(command);
    }

    // Of a character the first byte tells the length: 110..... two, 1110.... three, 11110... four (RFC 3629, 3).
    private static bool EndsInsideCharacter(List<byte> bytes)
    {
        for (var back = 1; back <= 3 && back <= bytes.Count; back++)
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
