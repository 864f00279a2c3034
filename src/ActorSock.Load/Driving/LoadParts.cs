using ActorSock.Client;
using ActorSock.Load.Bodies;
using ActorSock.Load.Measures;
using ActorSock.Load.Scenarios;

namespace ActorSock.Load.Driving;

/// <summary>What the drivers of a run share; all of it is thread-safe.</summary>
internal sealed record LoadParts(
    Scenario Scenario, FileBodies Bodies, FileSupply Files, AckLedger Ledger, Target Target, TimeProvider Clock)
{
    /// <summary>For a node that challenges those who connect; null for one that does not.</summary>
    public ClientKey? Key { get; init; }

    /// <summary>Makes what a driver waits with.</summary>
    public Func<IReadiness> NewReadiness { get; init; } =
        OperatingSystem.IsLinux() ? () => new EpollReadiness() : () => new SelectReadiness();
}
