using System.Net;
using ActorSock.Listening;

namespace ActorSock.Chat;

/// <summary>Where somebody who talks is reached; equal for the same peer.</summary>
internal abstract record ChatDoor
{
    private ChatDoor() { }

    /// <summary>The address, as events show it.</summary>
    public abstract string Peer { get; }

    /// <summary>Datagrams from one address to one listener; without a listener, to any.</summary>
    public sealed record Datagrams(string Listener, DatagramPeer From) : ChatDoor
    {
        public Datagrams(string listener, IPEndPoint address) : this(listener, DatagramPeer.Of(address))
        {
        }

        /// <inheritdoc/>
        public override string Peer => From.ToString();

        /// <summary>The address, of version 4 where it is written as one of version 6.</summary>
        public IPEndPoint Address => From.EndPoint is { Address.IsIPv4MappedToIPv6: true } mapped
            ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port)
            : From.EndPoint;
    }

    /// <summary>Lines over one connection.</summary>
    public sealed record Lines(string Connection, string Address) : ChatDoor
    {
        /// <inheritdoc/>
        public override string Peer => Address;
    }
}
