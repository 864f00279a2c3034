using Microsoft.Extensions.Configuration;

namespace ActorSock.Settings;

/// <summary>The transfer service: section <c>actorsock.transfer</c>.</summary>
public sealed record TransferSettings
{
    /// <summary>Where clients connect; none when the service is off.</summary>
    [Endpoints, ConfigurationKeyName("endpoint")]
    public required IReadOnlyList<Endpoint> Endpoints { get; init; }

    /// <summary>Connections that the system may hold for each listener before they are accepted.</summary>
    [Count(1, 65_535)]
    public required int Backlog { get; init; }
}
