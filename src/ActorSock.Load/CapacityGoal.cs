namespace ActorSock.Load;

/// <summary>Says what rate is looked for.</summary>
/// <param name="P99">The 99th percentile of latency that must hold.</param>
/// <param name="RateFirst">Files a second of the first step.</param>
/// <param name="Step">How long a step takes.</param>
internal sealed record CapacityGoal(TimeSpan P99, double RateFirst, TimeSpan Step);
