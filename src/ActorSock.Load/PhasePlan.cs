using ActorSock.Load.Measures;

namespace ActorSock.Load;

/// <summary>Says what is to happen next in a run.</summary>
/// <param name="Label">What reports call it.</param>
/// <param name="Rate">Files a second; null for as fast as possible.</param>
/// <param name="Duration">How long files are begun; null until there are enough.</param>
/// <param name="WithRude">Whether the rude are there.</param>
internal sealed record PhasePlan(string Label, double? Rate, TimeSpan? Duration, bool WithRude);

/// <summary>Says what happened in a phase.</summary>
/// <param name="Plan">What was to happen.</param>
/// <param name="Begin">When it began, since the run did.</param>
/// <param name="Elapsed">How long it took, to the last answer.</param>
/// <param name="Happened">What happened.</param>
internal sealed record PhaseResult(PhasePlan Plan, TimeSpan Begin, TimeSpan Elapsed, Interval Happened)
{
    public double FilesPerSecond => Elapsed > TimeSpan.Zero ? Happened.Files / Elapsed.TotalSeconds : 0;

    public double BytesPerSecond => Elapsed > TimeSpan.Zero ? Happened.Bytes / Elapsed.TotalSeconds : 0;
}

/// <summary>Decides what comes next, by what has come of it so far.</summary>
internal interface IPhases
{
    /// <summary>The next phase; null when there is none.</summary>
    /// <param name="last">What came of the one before; null for the first.</param>
    PhasePlan? Next(PhaseResult? last);
}
