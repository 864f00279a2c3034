using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorSock.EndToEnd.Tests.Terminals;

/// <summary>Somebody who sends datagrams to one address and waits for others back.</summary>
internal sealed class UdpPeer : IDisposable
{
    private readonly Socket _socket;

    public UdpPeer(IPEndPoint to)
    {
        _socket = new Socket(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 60_000 };
        _socket.Connect(to);
    }

    /// <summary>As a chat shows it.</summary>
    public string Address => $"{_socket.LocalEndPoint}";

    public void Say(string text) => Say(Encoding.UTF8.GetBytes(text));

    public void Say(ReadOnlySpan<byte> bytes) => _socket.Send(bytes).ShouldBe(bytes.Length);

    public string Hear()
    {
        var heard = new byte[64 << 10];
        return Encoding.UTF8.GetString(heard, 0, _socket.Receive(heard));
    }

    public void Dispose() => _socket.Dispose();
}
