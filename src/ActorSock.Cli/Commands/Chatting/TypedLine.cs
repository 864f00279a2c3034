using System.Net;

namespace ActorSock.Cli.Commands.Chatting;

/// <summary>What a person means by a line.</summary>
internal abstract record TypedLine
{
    private TypedLine() { }

    /// <summary>Goes to whoever has waited longest.</summary>
    public sealed record Answer(string Text) : TypedLine;

    /// <summary>Goes to somebody by name; who has waited longest goes on waiting.</summary>
    public sealed record Letter(IPEndPoint To, string Text) : TypedLine;

    /// <summary>Whoever has waited longest gets no answer.</summary>
    public sealed record Skip : TypedLine;

    public sealed record Help : TypedLine;

    public sealed record Nothing : TypedLine;

    /// <summary>A command that is none.</summary>
    public sealed record Wrong(string Why) : TypedLine;

    public static TypedLine Of(string line)
    {
        if (string.IsNullOrWhiteSpace(line)) return new Nothing();
        if (line[0] != '/') return new Answer(line);
        if (line.StartsWith("//", StringComparison.Ordinal)) return new Answer(line[1..]);
        var (command, rest) = Cut(line);
        return command switch
        {
            "/to" => LetterOf(rest),
            "/skip" => new Skip(),
            "/help" => new Help(),
            _ => new Wrong($"there is no {command}: /help tells what there is; to send it as text write /{line}"),
        };
    }

    private static TypedLine LetterOf(string rest)
    {
        var (address, text) = Cut(rest);
        if (address is ['[', .. var inner, ']']) address = inner; // as messages show it
        if (!IPEndPoint.TryParse(address, out var to) || to.Port == 0 || text.Length == 0)
            return new Wrong("nothing was sent: it is /to IP:PORT TEXT");
        return new Letter(to, text);
    }

    private static (string First, string Others) Cut(string text)
    {
        var space = text.IndexOf(' ');
        return space < 0 ? (text, "") : (text[..space], text[space..].TrimStart());
    }
}
