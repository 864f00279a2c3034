using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ActorSock.Wire.Text;

public static partial class ChatGrammar
{
    /// <summary>The line of a notice, without a line feed.</summary>
    public static string Write(ChatNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var id = Marked(notice.Id);
        return notice switch
        {
            ChatNotice.Joined it => $"joined{id} {it.Name} silence {Seconds(it.Silence)}{Acks(it.Acks)}",
            ChatNotice.Here it => $"here{id}{List(it.Names, it.More)}",
            ChatNotice.Delivered it => $"delivered{id} {it.To}",
            ChatNotice.DeliveredToAll it => string.Create(CultureInfo.InvariantCulture,
                $"delivered{id} all {it.Got} of {it.Of}{(it.Got == it.Of ? "" : " missing" + List(it.Missing, it.More))}"),
            ChatNotice.Undelivered it => $"undelivered{id} {it.To}: {it.Why}",
            ChatNotice.Unknown it => $"unknown{id} {it.To}",
            ChatNotice.Pending it => $"pending{id} {it.To}",
            ChatNotice.From it => $"from{Marked(it.Number)} {it.Name}{(it.ToAll ? " to all" : "")}: {it.Text}",
            ChatNotice.Came it => $"came {it.Name}",
            ChatNotice.Left { Why: { } why } it => $"left{id} {it.Name}: {why}",
            ChatNotice.Left it => $"left{id} {it.Name}",
            ChatNotice.Renamed it => $"renamed {it.Name} {it.Now}",
            ChatNotice.Pong => $"pong{id}",
            ChatNotice.Refused it => string.Create(CultureInfo.InvariantCulture, $"refused{id} {it.Code} {it.Reason}"),
            _ => throw new ArgumentException($"{notice.GetType().Name} has no line", nameof(notice)),
        };
    }

    /// <summary>What a server says with a line; false for what this version does not know, which a client ignores.</summary>
    public static bool TryReadNotice(ReadOnlySpan<byte> line, [NotNullWhen(true)] out ChatNotice? notice)
    {
        notice = null;
        var (verb, rest) = Cut(Encoding.UTF8.GetString(WithoutEnd(line)));
        long? id = null;
        if (verb.IndexOf('#') is var mark and > 0)
        {
            if (!TryReadNumber(verb[(mark + 1)..], out var number))
                return false;
            (verb, id) = (verb[..mark], number);
        }
        notice = Notice(verb, rest, id);
        if (notice is not (null or ChatNotice.From))
            notice = notice with { Id = id };
        return notice is not null;
    }

    private static ChatNotice? Notice(string verb, string rest, long? id)
    {
        var words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (verb, words)
        {
            case ("joined", [var name, .. var options]):
                return Joined(name, options);
            case ("here", _):
                var (here, others) = Unlist(words);
                return new ChatNotice.Here(here, others);
            case ("delivered", ["all", var got, "of", var all, .. var missing]) when TryReadNumber(got, out var g) && TryReadNumber(all, out var a):
                var (names, more) = Unlist([.. missing.Skip(1)]);
                return new ChatNotice.DeliveredToAll((int)g, (int)a, names, more);
            case ("delivered", [var name]):
                return new ChatNotice.Delivered(name);
            case ("undelivered", _) when Split(rest) is var (name, why):
                return new ChatNotice.Undelivered(name, why);
            case ("unknown", [var name]):
                return new ChatNotice.Unknown(name);
            case ("pending", [var name]):
                return new ChatNotice.Pending(name);
            case ("from", _) when Split(rest) is var (name, text):
                const string toAll = " to all";
                return name.EndsWith(toAll, StringComparison.Ordinal)
                    ? new ChatNotice.From(id, name[..^toAll.Length], text, true)
                    : new ChatNotice.From(id, name, text, false);
            case ("came", [var name]):
                return new ChatNotice.Came(name);
            case ("left", [var name]):
                return new ChatNotice.Left(name, null);
            case ("left", _) when Split(rest) is var (name, why):
                return new ChatNotice.Left(name, why);
            case ("renamed", [var name, var now]):
                return new ChatNotice.Renamed(name, now);
            case ("pong", _):
                return new ChatNotice.Pong();
            case ("refused", [var code, ..]) when code.Length == 3 && TryReadNumber(code, out var c):
                return new ChatNotice.Refused((int)c, rest.TrimStart(' ')[3..].TrimStart(' '));
            default:
                return null;
        }
    }

    private static ChatNotice.Joined? Joined(string name, string[] options)
    {
        var (silence, acks) = (TimeSpan.Zero, (long?)null);
        for (var i = 0; i + 1 < options.Length; i += 2)
        {
            if (options[i] == "silence" && decimal.TryParse(options[i + 1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                && seconds < (decimal)TimeSpan.MaxValue.TotalSeconds)
                silence = TimeSpan.FromSeconds((double)seconds);
            else if (options[i] == "acks" && TryReadNumber(options[i + 1], out var number))
                acks = number;
        }
        return new ChatNotice.Joined(name, silence, acks);
    }

    /// <summary>A name, and what is behind the colon and the blank after it: no name has a colon.</summary>
    private static (string Name, string Behind)? Split(string rest)
    {
        var colon = rest.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 ? (rest[..colon], rest[(colon + 2)..]) : null;
    }

    private static string List(IReadOnlyList<string> names, int more) =>
        string.Concat(names.Select(name => " " + name)) + (more > 0 ? string.Create(CultureInfo.InvariantCulture, $" +{more}") : "");

    // No name begins with +.
    private static (IReadOnlyList<string> Names, int More) Unlist(string[] words) =>
        words is [.. var names, ['+', .. var digits]] && TryReadNumber(digits, out var more) ? (names, (int)more) : (words, 0);

    private static string Acks(long? acks) => acks is { } number ? string.Create(CultureInfo.InvariantCulture, $" acks {number}") : "";

    private static string Seconds(TimeSpan span) => ((decimal)span.TotalMilliseconds / 1000).ToString("0.###", CultureInfo.InvariantCulture);
}
