using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorSock.EndToEnd.Tests.Tracing;

/// <summary>One system call as strace saw it: begun at one line of the trace, ended at the same or a later one.</summary>
/// <remarks>
/// A thread goes on only after strace has written that its call ended. So when a call begins behind the line that says that another one
/// ended, nobody can have begun it on the strength of that one's end any earlier.
/// </remarks>
internal sealed partial record SystemCall(string Name, string Arguments, long Result, int Began, int Ended)
{
    /// <summary>For one that had not ended when the trace did.</summary>
    public const int Never = int.MaxValue;

    /// <summary>What the first argument, a descriptor, stands for.</summary>
    public string Target => Descriptor().Match(Arguments) is { Success: true } match ? match.Groups["path"].Value : "";

    /// <summary>Of a call with names in folders: each with its folder, in the order of the call.</summary>
    public string[] Paths => [.. NameInFolder().Matches(Arguments).Select(match => $"{match.Groups["path"].Value}/{match.Groups["name"].Value}")];

    /// <summary>Reads a trace of <c>strace -f -y</c>.</summary>
    public static IReadOnlyList<SystemCall> Parse(IEnumerable<string> lines)
    {
        var calls = new List<SystemCall>();
        var unfinished = new Dictionary<string, int>();
        foreach (var (at, line) in lines.Index())
        {
            if (Whole().Match(line) is { Success: true } whole)
                calls.Add(new SystemCall(whole.Groups["name"].Value, whole.Groups["args"].Value, ResultIn(whole), at, at));
            else if (Beginning().Match(line) is { Success: true } beginning)
            {
                unfinished[beginning.Groups["thread"].Value] = calls.Count;
                calls.Add(new SystemCall(beginning.Groups["name"].Value, beginning.Groups["args"].Value, -1, at, Never));
            }
            else if (Ending().Match(line) is { Success: true } ending && unfinished.Remove(ending.Groups["thread"].Value, out var begun))
                calls[begun] = calls[begun] with { Arguments = calls[begun].Arguments + ending.Groups["args"].Value, Result = ResultIn(ending), Ended = at };
        }
        return calls;
    }

    public override string ToString() => $"{Name}({(Arguments.Length > 200 ? Arguments[..200] + "..." : Arguments)}) = {Result}";

    private static long ResultIn(Match match) => long.Parse(match.Groups["result"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<thread>\d+) +(?<name>\w+)\((?<args>.*)\) += (?<result>-?\d+)")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^(?<thread>\d+) +(?<name>\w+)\((?<args>.*) <unfinished \.\.\.>$")]
    private static partial Regex Beginning();

    [GeneratedRegex(@"^(?<thread>\d+) +<\.\.\. \w+ resumed>(?<args>.*)\) += (?<result>-?\d+)")]
    private static partial Regex Ending();

    // The name of a socket has "->" in it.
    [GeneratedRegex(@"^\d+<(?<path>.*?)>(\(deleted\))?(?=[,)]|$)")]
    private static partial Regex Descriptor();

    [GeneratedRegex(@"(\d+|AT_FDCWD)<(?<path>[^""]*?)>(\(deleted\))?, ""(?<name>[^""]*)""")]
    private static partial Regex NameInFolder();
}
