using Microsoft.Extensions.Configuration;

namespace ActorSock.Settings;

/// <summary>The service that runs the operator's commands for clients: section <c>actorsock.commands</c>.</summary>
public sealed record CommandsSettings
{
    /// <summary>Where clients connect; none when the service is off.</summary>
    [Endpoints, ConfigurationKeyName("endpoint")]
    public required IReadOnlyList<Endpoint> Endpoints { get => field ?? []; init; }

    /// <summary>Whether clients must prove first that they have a key.</summary>
    [Switch]
    public required bool Challenge { get; init; }
}
