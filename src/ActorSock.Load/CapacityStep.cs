namespace ActorSock.Load;

/// <summary>Says what came of one rate.</summary>
/// <param name="Rate">Files a second that were due.</param>
/// <param name="Result">What happened.</param>
/// <param name="Failure">Why it did not hold; null when it did.</param>
internal sealed record CapacityStep(double Rate, PhaseResult Result, string? Failure)
{
    private const double KeptUp = 0.98; // of what was due: the last files of a step are answered behind its end

    private const double LagShare = 0.25; // of the latency that is looked for

    public bool Held => Failure is null;

    /// <summary>Whether this program itself began files so late that it may have been what failed.</summary>
    public required bool WasLate { get; init; }

    public static CapacityStep Of(PhaseResult result, CapacityGoal goal)
    {
        var rate = result.Plan.Rate ?? 0;
        var (happened, due) = (result.Happened, rate * goal.Step.TotalSeconds);
        var p99 = happened.Latency.Percentile(99);
        var failure =
            happened.ErrorsCount > 0 ? $"{happened.ErrorsCount} errors"
            : p99 > goal.P99 ? $"the 99th percentile was {p99.TotalMilliseconds:0.0} ms"
            : happened.Files < due * KeptUp - 1 ? $"{happened.Files} files of {due:0} were acknowledged"
            : null;
        return new(rate, result, failure) { WasLate = happened.Lag.Percentile(99) > goal.P99 * LagShare };
    }
}
