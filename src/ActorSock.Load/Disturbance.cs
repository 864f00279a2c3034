using ActorSock.Load.Scenarios;

namespace ActorSock.Load;

/// <summary>Says whether those that behave were disturbed by those that do not.</summary>
/// <param name="Calm">What happened without the rude.</param>
/// <param name="Rude">What happened with them.</param>
/// <param name="Allowed">The 99th percentile that counts as undisturbed.</param>
internal sealed record Disturbance(PhaseResult Calm, PhaseResult Rude, TimeSpan Allowed)
{
    private const int SamplesMin = 100; // fewer have no 99th percentile

    public TimeSpan Before => Calm.Happened.Latency.Percentile(99);

    public TimeSpan During => Rude.Happened.Latency.Percentile(99);

    /// <summary>Whether there were enough files in both phases to compare their latencies.</summary>
    public bool IsComparable => Calm.Happened.Files >= SamplesMin && Rude.Happened.Files >= SamplesMin;

    public IEnumerable<string> Complaints
    {
        get
        {
            var more = Rude.Happened.ErrorsCount;
            if (more > 0)
                yield return $"polite clients were disturbed by rude ones: {more} errors while these were there";
            if (Rude.Happened.Files == 0)
                yield return "polite clients were disturbed by rude ones: none of their files was acknowledged while these were there";
            if (IsComparable && During > Allowed)
                yield return $"polite clients were disturbed by rude ones: their 99th percentile was {During.TotalMilliseconds:0.#} ms, "
                    + $"{Before.TotalMilliseconds:0.#} ms without these, allowed is {Allowed.TotalMilliseconds:0.#} ms";
        }
    }

    public static Disturbance? Of(Scenario scenario, IReadOnlyList<PhaseResult> phases)
    {
        var calm = phases.FirstOrDefault(phase => phase.Plan.Label == ScenarioPhases.Calm);
        var rude = phases.FirstOrDefault(phase => phase.Plan.WithRude);
        if (calm is null || rude is null) return null;
        var allowed = calm.Happened.Latency.Percentile(99) * scenario.DisturbanceMax;
        return new(calm, rude, allowed > scenario.DisturbanceFloor ? allowed : scenario.DisturbanceFloor);
    }
}
