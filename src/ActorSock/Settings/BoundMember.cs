using System.Net;

namespace ActorSock.Settings;

/// <summary>A name of the chat that belongs to an address: a section below <c>actorsock.chat.bound</c>.</summary>
public sealed record BoundMember
{
    /// <summary>Where its texts come from: an address, with or without a port.</summary>
    [PeerAddress]
    public required string Address { get; init; }

    /// <summary>Whom it talks to: a name, or all.</summary>
    [ChatTarget]
    public required string To { get; init; }

    /// <summary>The address, and the port if there is one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public (IPAddress Address, int? Port) Read() =>
        PeerAddressAttribute.TryRead(Address, out var address, out var port) ? (address, port) : throw new FormatException($"{Address} is no address");
}
