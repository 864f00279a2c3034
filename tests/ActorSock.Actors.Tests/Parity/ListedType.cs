namespace ActorSock.EngineTests.Parity;

/// <summary>A type as a listing describes it: a head, bases, and a line for each member.</summary>
internal sealed record ListedType(string Kind, string Name, IReadOnlyList<string> Bases,
    IReadOnlyList<string> Members)
{
    private static readonly string[] s_kinds = ["abstract class", "sealed class", "static class", "class",
        "interface", "enum", "struct"];

    /// <summary>The name with the number of type parameters instead of their names.</summary>
    public string Key => KeyOf(Name);

    /// <summary>Heads stand at the margin, members are indented by two spaces, # starts a comment.</summary>
    public static IReadOnlyList<ListedType> Parse(string listing)
    {
        var types = new List<ListedType>();
        var members = new List<string>();
        foreach (var line in listing.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                members.Add(WithoutExpressions(line[2..]));
                continue;
            }
            members = [];
            types.Add(Head(line, members));
        }
        return types;
    }

    public static string KeyOf(string name)
    {
        var start = name.IndexOf('<', StringComparison.Ordinal);
        return start < 0 ? name : $"{name[..start]}`{SplitAtCommas(name[(start + 1)..^1]).Count}";
    }

    /// <summary>
    /// The one difference that is wanted: where Akka takes an expression, the engine takes the function.
    /// </summary>
    public static string WithoutExpressions(string line)
    {
        const string Start = "System.Linq.Expressions.Expression<";
        for (var at = line.IndexOf(Start, StringComparison.Ordinal); at >= 0; at = line.IndexOf(Start,
            StringComparison.Ordinal))
        {
            var (end, depth) = (at + Start.Length, 1);
            for (; depth > 0; end++)
                depth += line[end] switch { '<' => 1, '>' => -1, _ => 0 };
            line = line[..at] + line[(at + Start.Length)..(end - 1)] + line[end..];
        }
        return line;
    }

    private static ListedType Head(string line, List<string> members)
    {
        var kind = s_kinds.FirstOrDefault(k => line.StartsWith(k + " ", StringComparison.Ordinal))
            ?? throw new FormatException($"neither a type nor a member: {line}");
        var parts = line[(kind.Length + 1)..].Split(" : ", 2);
        return new ListedType(kind, parts[0], parts.Length > 1 ? SplitAtCommas(parts[1]) : [], members);
    }

    private static List<string> SplitAtCommas(string list)
    {
        var parts = new List<string>();
        var (start, depth) = (0, 0);
        for (var i = 0; i < list.Length; i++)
        {
            depth += list[i] switch { '<' => 1, '>' => -1, _ => 0 };
            if (list[i] != ',' || depth != 0)
                continue;
            parts.Add(list[start..i].Trim());
            start = i + 1;
        }
        parts.Add(list[start..].Trim());
        return parts;
    }
}
