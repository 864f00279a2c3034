using ActorSock.Load.Measures;

namespace ActorSock.Load;

/// <summary>Says how a run goes.</summary>
/// <param name="Phase">What it does: the label of a phase, or of what comes after them.</param>
/// <param name="Elapsed">Since it began.</param>
/// <param name="Connections">How many are open.</param>
/// <param name="InFlight">Files that are not answered.</param>
/// <param name="Last">What happened since the last time.</param>
/// <param name="LastElapsed">How long that was.</param>
/// <param name="Total">What happened until now.</param>
internal sealed record LoadStatus(
    string Phase, TimeSpan Elapsed, int Connections, int InFlight, Interval Last, TimeSpan LastElapsed, Interval Total);
