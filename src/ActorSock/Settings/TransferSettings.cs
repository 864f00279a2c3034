using Microsoft.Extensions.Configuration;

namespace ActorSock.Settings;

/// <summary>The transfer service: section <c>actorsock.transfer</c>.</summary>
public sealed record TransferSettings
{
    /// <summary>Where clients connect; none when the service is off.</summary>
    [Endpoints, ConfigurationKeyName("endpoint")]
    public required IReadOnlyList<Endpoint> Endpoints { get => field ?? []; init; }

    /// <summary>Whether clients must prove first that they have a key.</summary>
    [Switch]
    public required bool Challenge { get; init; }
}
