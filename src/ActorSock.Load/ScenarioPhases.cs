using ActorSock.Load.Scenarios;

namespace ActorSock.Load;

/// <summary>One phase, or one without the rude and one with them.</summary>
internal sealed class ScenarioPhases(Scenario scenario) : IPhases
{
    public const string Main = "main", Calm = "calm", Rude = "with rude clients";

    private readonly Queue<PhasePlan> _plans = new(scenario.RudeConnections == 0
        ? [new PhasePlan(Main, scenario.Rate, scenario.Duration, WithRude: false)]
        :
        [
            new PhasePlan(Calm, scenario.Rate, scenario.Duration / 3, WithRude: false),
            new PhasePlan(Rude, scenario.Rate, scenario.Duration * 2 / 3, WithRude: true),
        ]);

    public PhasePlan? Next(PhaseResult? last) => _plans.TryDequeue(out var plan) ? plan : null;
}
