using System.Net;
using ActorSock.Settings;

namespace ActorSock.Listening;

/// <summary>One listener as it was asked for.</summary>
/// <param name="Name">its name in the tree</param>
/// <param name="Endpoint">where it listens</param>
/// <param name="Service">what its peers are served</param>
/// <param name="Challenge">whether they must prove first that they have a key</param>
/// <param name="Key">the setting that an operator would change</param>
internal sealed record ListenerPlan(string Name, Endpoint Endpoint, Service Service, bool Challenge, string Key)
{
    /// <summary>All listeners of a node, in start order.</summary>
    public static IReadOnlyList<ListenerPlan> Of(NodeSettings settings) =>
    [
        .. Several("transfer", "endpoint", settings.Transfer.Endpoints, Service.Transfer, settings.Transfer.Challenge),
        .. Several("title", "endpoint", settings.Title.Endpoints, Service.Title, settings.Title.Challenge),
        .. Several("title", "udp-endpoint", settings.Title.UdpEndpoints, Service.Title),
        .. Several("greeter", "endpoint", settings.Greeter.Endpoints, Service.Greeter, settings.Greeter.Challenge),
        .. Several("greeter", "udp-endpoint", settings.Greeter.UdpEndpoints, Service.Greeter),
        .. Several("chat", "endpoint", settings.Chat.Endpoints, Service.Chat, settings.Chat.Challenge),
        .. Several("chat", "udp-endpoint", settings.Chat.UdpEndpoints, Service.Chat),
        .. Several("commands", "endpoint", settings.Commands.Endpoints, Service.Commands, settings.Commands.Challenge),
        .. Several("admin", "endpoint", settings.Admin.Endpoint is { } door ? [door] : [], Service.Admin),
    ];

    /// <summary>Where others than this machine's may run commands without a key; empty where nowhere.</summary>
    public static string OpenCommands(NodeSettings settings) => string.Join(", ", Of(settings)
        .Where(static plan => plan is { Service: Service.Commands, Challenge: false, Endpoint: Endpoint.Tcp tcp } && !IsLoopback(tcp.Host))
        .Select(static plan => plan.Endpoint));

    private static bool IsLoopback(string host) =>
        IPAddress.TryParse(host, out var address) ? IPAddress.IsLoopback(address) : host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<ListenerPlan> Several(
        string section, string key, IReadOnlyList<Endpoint> endpoints, Service service, bool challenge = false) =>
        endpoints.Select((endpoint, i) => new ListenerPlan(
            section + (endpoint is Endpoint.Udp ? "-udp" : "") + (i == 0 ? "" : $"-{i + 1}"), endpoint, service, challenge,
            $"actorsock.{section}.{key}"));
}
