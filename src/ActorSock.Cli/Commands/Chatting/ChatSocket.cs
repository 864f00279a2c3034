using System.Net;
using System.Net.Sockets;
using ActorSock.Settings;

namespace ActorSock.Cli.Commands.Chatting;

/// <summary>A UDP socket that many peers write to, known by their addresses.</summary>
/// <remarks>Without SO_REUSEADDR: with it two chats could share a port and halve the messages (socket(7)). A UDP
/// port is free again at once all the same.</remarks>
internal sealed class ChatSocket : IDisposable
{
    /// <summary>What fits into one datagram over IPv4 (RFC 768, RFC 791).</summary>
    public const int TextBytesMax = 65_507;

    private const int ReceiveBufferBytes = 1 << 20; // a burst waits here while messages are shown
    private const int IgnoreResets = unchecked((int)0x9800000C); // SIO_UDP_CONNRESET of Windows

    private readonly Socket _socket;
    private readonly byte[] _datagram = new byte[64 << 10];

    private ChatSocket(Socket socket) => _socket = socket;

    /// <summary>Where it really listens.</summary>
    public IPEndPoint Address => Plain((IPEndPoint)_socket.LocalEndPoint!);

    /// <exception cref="SocketException">It cannot listen there.</exception>
    public static ChatSocket Open(Endpoint endpoint)
    {
        var address = endpoint.Resolve();
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (address is IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } v6)
                socket.DualMode = v6.Address.Equals(IPAddress.IPv6Any);
            socket.ReceiveBufferSize = ReceiveBufferBytes;
            // That a peer is gone must not fail the next receive.
            if (OperatingSystem.IsWindows()) socket.IOControl(IgnoreResets, [0, 0, 0, 0], null);
            socket.Bind(address);
            return new ChatSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a datagram. Its bytes are only valid until the next call.</summary>
    public async ValueTask<(IPEndPoint From, ReadOnlyMemory<byte> Text)> ReceiveAsync(CancellationToken cancel)
    {
        EndPoint any = new IPEndPoint(
            _socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        var received = await _socket.ReceiveFromAsync(_datagram, SocketFlags.None, any, cancel);
        return (Plain((IPEndPoint)received.RemoteEndPoint), _datagram.AsMemory(0, received.ReceivedBytes));
    }

    /// <exception cref="SocketException">It cannot be sent.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> text, IPEndPoint to, CancellationToken cancel) =>
        await _socket.SendToAsync(text, SocketFlags.None, Reachable(to), cancel);

    public void Dispose() => _socket.Dispose();

    // A socket for both families gives IPv4 peers as ::ffff:1.2.3.4, and wants them so.
    private static IPEndPoint Plain(IPEndPoint address) => address.Address.IsIPv4MappedToIPv6
        ? new IPEndPoint(address.Address.MapToIPv4(), address.Port)
        : address;

    private IPEndPoint Reachable(IPEndPoint address) =>
        _socket.AddressFamily == AddressFamily.InterNetworkV6
        && address.AddressFamily == AddressFamily.InterNetwork
            ? new IPEndPoint(address.Address.MapToIPv6(), address.Port)
            : address;
}
