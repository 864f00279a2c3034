using System.Net;
using ActorSock.Settings;
using ActorSock.Wire.Text;

namespace ActorSock.Chat;

/// <summary>A name that the operator has bound to an address, whose programs send bare texts.</summary>
/// <param name="Name">the name, in normal form C</param>
/// <param name="Address">where its texts come from</param>
/// <param name="Port">the port; null for any</param>
/// <param name="To">whom it talks to: a name, or <see cref="ChatRequest.Everybody"/></param>
internal sealed record Binding(string Name, IPAddress Address, int? Port, string To)
{
    public bool IsForAll { get; } = To.Equals(ChatRequest.Everybody, StringComparison.OrdinalIgnoreCase);

    /// <summary>How well an address fits: 2 with its port, 1 without one, 0 not at all.</summary>
    public int Fits(IPEndPoint address) => !Address.Equals(address.Address) ? 0
        : Port is null ? 1
        : Port == address.Port ? 2
        : 0;

    /// <summary>Those of the settings.</summary>
    public static IReadOnlyList<Binding> Of(ChatSettings settings) => [.. settings.Bound.Select(bound =>
    {
        var (address, port) = bound.Value.Read();
        return new Binding(NormalFormC.Of(bound.Key), address, port, bound.Value.To);
    })];
}
