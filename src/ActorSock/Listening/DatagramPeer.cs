using System.Net;
using System.Net.Sockets;
using ActorSock.Settings;

namespace ActorSock.Listening;

/// <summary>From where a datagram came: as good as a name while nobody forges it.</summary>
internal sealed class DatagramPeer : IEquatable<DatagramPeer>
{
    private readonly byte[] _address;
    private string? _text;

    /// <param name="address">as the system writes it; copied</param>
    public DatagramPeer(ReadOnlySpan<byte> address) => _address = address.ToArray();

    /// <summary>An address that somebody wrote down.</summary>
    public static DatagramPeer Of(IPEndPoint address)
    {
        var written = address.Serialize();
        return new DatagramPeer(written.Buffer.Span[..written.Size]);
    }

    /// <summary>The address as the system writes it.</summary>
    public ReadOnlySpan<byte> Address => _address;

    /// <summary>sockaddr_in has 16 bytes, sockaddr_in6 has 28.</summary>
    public AddressFamily Family => _address.Length > 16 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;

    /// <summary>Address and port.</summary>
    public IPEndPoint EndPoint
    {
        get
        {
            var address = new SocketAddress(Family, _address.Length);
            _address.CopyTo(address.Buffer.Span);
            return (IPEndPoint)new IPEndPoint(Family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0).Create(address);
        }
    }

    public bool Equals(DatagramPeer? other) => other is not null && _address.AsSpan().SequenceEqual(other._address);

    public override bool Equals(object? obj) => Equals(obj as DatagramPeer);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_address);
        return hash.ToHashCode();
    }

    /// <summary>As events show it: <c>udp://127.0.0.1:50123</c>.</summary>
    public override string ToString() => _text ??= Endpoint.FromUdp(EndPoint).ToString();
}
