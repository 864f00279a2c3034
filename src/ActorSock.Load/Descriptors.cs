using System.Globalization;
using ActorSock.Load.Scenarios;

namespace ActorSock.Load;

/// <summary>Knows how many connections this process may have open.</summary>
internal static class Descriptors
{
    /// <summary>Beside the connections: the runtime's own, files, the console.</summary>
    public const int Others = 200;

    private const string Limits = "/proc/self/limits"; // proc(5)
    private const string Row = "Max open files";

    /// <summary>The limit; null where the system does not tell, or has none. The runtime has raised the soft limit to the hard
    /// one before anything of ours runs.</summary>
    public static int? Limit()
    {
        if (!File.Exists(Limits)) return null;
        var row = File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Row, StringComparison.Ordinal));
        var soft = row?[Row.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }

    /// <summary>What is in the way of the connections of a scenario; null when nothing is.</summary>
    public static string? InTheWayOf(Scenario scenario) =>
        scenario.Connections + scenario.RudeConnections is var connections && Limit() is { } limit && connections + Others > limit
            ? $"{connections} connections need {connections + Others} descriptors, and this process may have {limit}: raise the limit "
                + $"(ulimit -Hn {connections + Others} in a shell of root, or LimitNOFILE of a unit), or take fewer connections"
            : null;
}
