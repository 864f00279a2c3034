using Microsoft.Extensions.Configuration;

namespace ActorSock.Settings;

/// <summary>A service that answers each message with one: sections <c>actorsock.title</c> and <c>actorsock.greeter</c>.</summary>
public sealed record ExchangeSettings
{
    /// <summary>Where clients connect; none when it is off.</summary>
    [Endpoints, ConfigurationKeyName("endpoint")]
    public required IReadOnlyList<Endpoint> Endpoints { get => field ?? []; init; }

    /// <summary>Where clients send datagrams; none when that is off.</summary>
    [UdpEndpoints, ConfigurationKeyName("udp-endpoint")]
    public required IReadOnlyList<Endpoint> UdpEndpoints { get => field ?? []; init; }

    /// <summary>Whether clients that connect must prove first that they have a key.</summary>
    [Switch]
    public required bool Challenge { get; init; }
}
