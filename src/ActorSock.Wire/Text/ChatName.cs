using System.Text;

namespace ActorSock.Wire.Text;

/// <summary>Says which words can be names in the chat.</summary>
public static class ChatName
{
    private const string NoneOfFirst = "@#+";

    /// <summary>What keeps a word from being a name, as a sentence without subject; null when nothing does.</summary>
    public static string? WrongWith(string name, int bytesMax)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0)
            return "is empty";
        if (Encoding.UTF8.GetByteCount(name) is var bytes && bytes > bytesMax)
            return $"has {bytes} bytes, {bytesMax} are allowed";
        if (Escaping.Printable(name) != name || name.Any(char.IsWhiteSpace))
            return "has a blank or a control character";
        if (name.AsSpan().IndexOfAny('/', ':') >= 0)
            return "has a slash or a colon";
        return NoneOfFirst.Contains(name[0]) ? $"begins with {name[0]}" : null;
    }
}
