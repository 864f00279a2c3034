using ActorSock.Wire.Text;

namespace ActorSock.Cli.Commands.Talking;

/// <summary>What somebody who talks means by a line.</summary>
internal abstract record TalkLine
{
    private TalkLine() { }

    /// <summary>A text for a member, or for everybody.</summary>
    public sealed record Say(string To, string Text) : TalkLine;

    public sealed record Who : TalkLine;

    public sealed record Leave : TalkLine;

    public sealed record Help : TalkLine;

    public sealed record Nothing : TalkLine;

    /// <summary>A command that is none.</summary>
    public sealed record Wrong(string Why) : TalkLine;

    /// <summary>What can be typed, for a person.</summary>
    public const string Usage =
        "TEXT               says it to everybody\n" +
        "@NAME TEXT         says it to one; so does /to NAME TEXT\n" +
        "/who               tells who is here\n" +
        "//TEXT             says a text that begins with /\n" +
        "/leave, Ctrl-D     ends";

    public static TalkLine Of(string line)
    {
        if (string.IsNullOrWhiteSpace(line)) return new Nothing();
        if (line.StartsWith("//", StringComparison.Ordinal)) return new Say(ChatRequest.Everybody, line[1..]);
        if (line[0] == '@') return ToOne(line[1..], "@NAME TEXT");
        if (line[0] != '/') return new Say(ChatRequest.Everybody, line);
        var (command, rest) = Cut(line);
        return command switch
        {
            "/to" => ToOne(rest, "/to NAME TEXT"),
            "/all" when rest.Length > 0 => new Say(ChatRequest.Everybody, rest),
            "/all" => new Wrong("nothing was said: it is /all TEXT"),
            "/who" => new Who(),
            "/leave" => new Leave(),
            "/help" => new Help(),
            _ => new Wrong($"there is no {command}: /help tells what there is; to say it as text write /{line}"),
        };
    }

    private static TalkLine ToOne(string rest, string usage)
    {
        var (name, text) = Cut(rest);
        return name.Length == 0 || text.Length == 0 ? new Wrong($"nothing was said: it is {usage}") : new Say(name, text);
    }

    private static (string First, string Others) Cut(string text)
    {
        text = text.TrimStart();
        var space = text.IndexOf(' ');
        return space < 0 ? (text, "") : (text[..space], text[space..].TrimStart());
    }
}
