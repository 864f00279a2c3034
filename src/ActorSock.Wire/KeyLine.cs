using System.Text;

namespace ActorSock.Wire;

/// <summary>A line of a file of keys: <c>NAME KEY</c>.</summary>
/// <param name="Name">whose key it is; null where the line has only a key, as the file of a client may</param>
/// <param name="Key">the bytes of the key: its text in UTF-8, or what stands behind <c>hex:</c> or <c>base64:</c></param>
public sealed record KeyLine(string? Name, byte[] Key)
{
    /// <summary>Reads a line; empty lines and those that begin with <c>#</c> are no lines.</summary>
    /// <param name="line">without its end</param>
    /// <param name="read">what it says; null for no line, or when it is wrong</param>
    /// <param name="why">what is wrong with it; null when nothing; never quotes the key</param>
    public static void Read(string line, out KeyLine? read, out string? why)
    {
        ArgumentNullException.ThrowIfNull(line);
        (read, why) = (null, null);
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words[0].StartsWith('#'))
            return;
        if (words.Length > 2)
        {
            why = "it has more than two words: NAME KEY, and neither has blanks";
            return;
        }
        var key = Decode(words[^1]);
        if (key is null or [])
            why = "its key is no digits behind hex: or base64:";
        else
            read = new KeyLine(words.Length == 2 ? words[0] : null, key);
    }

    private static byte[]? Decode(string word)
    {
        try
        {
            return word switch
            {
                _ when word.StartsWith("hex:", StringComparison.Ordinal) => Convert.FromHexString(word[4..]),
                _ when word.StartsWith("base64:", StringComparison.Ordinal) => Convert.FromBase64String(word[7..]),
                _ => Encoding.UTF8.GetBytes(word),
            };
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
