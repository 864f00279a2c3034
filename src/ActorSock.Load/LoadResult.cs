using ActorSock.Load.Measures;
using ActorSock.Load.Proving;
using ActorSock.Load.Scenarios;

namespace ActorSock.Load;

/// <summary>Says what came of a load test.</summary>
internal sealed record LoadResult
{
    private const int KindsShown = 3;

    public required Scenario Scenario { get; init; }

    public required string Prefix { get; init; }

    public required DateTimeOffset Began { get; init; }

    /// <summary>Without the proof.</summary>
    public required TimeSpan Elapsed { get; init; }

    public required Interval Total { get; init; }

    public required IReadOnlyList<PhaseResult> Phases { get; init; }

    public required Timeline Timeline { get; init; }

    /// <summary>Files that were begun.</summary>
    public required long Begun { get; init; }

    public required int Threads { get; init; }

    /// <summary>Which part of their time the threads that drive connections were at work.</summary>
    public double BusyFraction => Elapsed > TimeSpan.Zero ? Total.Busy / Elapsed / Threads : 0;

    public required bool WasInterrupted { get; init; }

    /// <summary>Null when none was asked for.</summary>
    public required Proof? Proof { get; init; }

    /// <summary>What became of the files at the end, in a sentence.</summary>
    public required string Leftovers { get; init; }

    /// <summary>The rate that was looked for; null when none was.</summary>
    public CapacitySearch? Capacity { get; init; }

    /// <summary>Null when there were no rude clients.</summary>
    public Disturbance? Disturbance => Disturbance.Of(Scenario, Phases);

    /// <summary>What speaks against the node; nothing when all is well.</summary>
    public IReadOnlyList<string> Complaints =>
        [.. Errors(), .. Proof?.Complaints ?? [], .. Disturbance?.Complaints ?? []];

    private IEnumerable<string> Errors()
    {
        if (Total.Files == 0 && !WasInterrupted) yield return "no file was acknowledged";
        // Who looks for a capacity goes beyond it; and what happens while others are rude is told by the disturbance.
        var failed = new Interval();
        foreach (var phase in Phases.Where(each => Capacity is null && !each.Plan.WithRude)) failed.Add(phase.Happened);
        if (failed.ErrorsCount > 0)
            yield return $"{failed.ErrorsCount} errors, and {failed.Files} files were acknowledged: "
                + string.Join(", ", failed.Errors.OrderByDescending(each => each.Value).Take(KindsShown).Select(each => $"{each.Value} x {each.Key}"));
        if (Capacity is { Held: null } && !WasInterrupted)
            yield return $"at no rate the 99th percentile was within {Capacity.Goal.P99.TotalMilliseconds:0.###} ms";
    }
}
