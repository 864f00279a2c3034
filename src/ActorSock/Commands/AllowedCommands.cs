using System.Text.RegularExpressions;
using ActorSock.Settings;
using ActorSock.Wire.Text;

namespace ActorSock.Commands;

/// <summary>A program to run as it was asked for, and allowed.</summary>
/// <param name="Command">The name that the operator gave it.</param>
/// <param name="Settings">What the operator says of it.</param>
/// <param name="Arguments">All arguments: those of the operator, then those of the client.</param>
internal sealed record RunOrder(string Command, CommandSettings Settings, IReadOnlyList<string> Arguments);

/// <summary>The operator's list: what is not on it is not run.</summary>
internal sealed class AllowedCommands(CommandsSettings settings)
{
    private readonly Dictionary<string, Entry> _entries =
        settings.Allowed.ToDictionary(each => each.Key, each => new Entry(each.Value), StringComparer.Ordinal);

    private sealed record Entry(CommandSettings Settings)
    {
        public Regex[] Patterns { get; } = [.. Settings.Patterns.Select(PatternsAttribute.Whole)];

        public int ArgumentsMax => Patterns.Length == 0 ? 0 : Settings.ArgumentsMax ?? Patterns.Length;
    }

    /// <summary>The names, in order.</summary>
    public IReadOnlyList<string> Names { get; } = [.. settings.Allowed.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What these words order; null when nothing.</summary>
    /// <param name="words">The name, then arguments.</param>
    /// <param name="refusal">Why nothing.</param>
    public RunOrder? Find(IReadOnlyList<string> words, out RunRefusal? refusal)
    {
        var name = words[0];
        refusal = null;
        if (!_entries.TryGetValue(name, out var entry))
            refusal = RunRefusal.Unknown(name, Names);
        else if (WhyNot(entry, [.. words.Skip(1)]) is { } why)
            refusal = RunRefusal.Argument(name, why);
        return refusal is null ? new RunOrder(name, entry!.Settings, [.. entry.Settings.Arguments, .. words.Skip(1)]) : null;
    }

    private static string? WhyNot(Entry entry, string[] arguments)
    {
        if (arguments.Length > entry.ArgumentsMax)
            return entry.ArgumentsMax == 0
                ? "takes no arguments"
                : $"takes at most {entry.ArgumentsMax} argument{(entry.ArgumentsMax == 1 ? "" : "s")}, and there are {arguments.Length}";
        for (var i = 0; i < arguments.Length; i++)
        {
            var at = Math.Min(i, entry.Patterns.Length - 1);
            if (!entry.Patterns[at].IsMatch(arguments[i]))
                return $"argument {i + 1}, {RunRefusal.Echo(arguments[i])}, is not allowed: it must match {entry.Settings.Patterns[at]}";
        }
        return null;
    }
}
