using System.Net;
using System.Net.Sockets;

namespace ActorSock.Load.Driving;

/// <summary>The node's address, and the addresses of this machine that connections to it can come from.</summary>
/// <remarks>
/// An address has some 28,000 ports for connections to one node. On the loopback all of 127.0.0.0/8 is this machine: when the
/// ports of one address are used up, the next is taken. Thread-safe.
/// </remarks>
internal sealed class Target(EndPoint node)
{
    private const int SourcesMax = 200;
    private const int IPPROTO_IP = 0, IP_BIND_ADDRESS_NO_PORT = 24; // ip(7)

    private int _source; // 0: the system chooses

    public EndPoint Node { get; } = node;

    /// <summary>Makes a socket for a connection, which is opened without waiting.</summary>
    /// <exception cref="SocketException">There are no more descriptors.</exception>
    public Socket NewSocket()
    {
        if (Node is UnixDomainSocketEndPoint)
            return new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        var socket = new Socket(Node.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false, NoDelay = true };
        if (_source == 0) return socket;
        // The port is chosen by connect: bind would not give one that another node's connection has.
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, BitConverter.GetBytes(1));
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(1 + _source)]), 0));
        return socket;
    }

    /// <summary>Takes the next address of this machine.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TakeNextSource()
    {
        if (Node is not IPEndPoint { AddressFamily: AddressFamily.InterNetwork } v4 || v4.Address.GetAddressBytes()[0] != 127)
            return false;
        if (_source >= SourcesMax) return false;
        Interlocked.Increment(ref _source);
        return true;
    }
}
