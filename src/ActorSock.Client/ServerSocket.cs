using System.Net;
using System.Net.Sockets;
using ActorSock.Wire;

namespace ActorSock.Client;

/// <summary>Opens connections to a server, and passes its challenge where there is one.</summary>
public static class ServerSocket
{
    private const int IpProtoTcp = 6, TcpUserTimeout = 18;
    private static readonly TimeSpan s_challengeLimit = TimeSpan.FromSeconds(10), s_unheardLimit = TimeSpan.FromMinutes(2);

    /// <summary>Connects; with a key, answers the challenge that the server then sends first.</summary>
    /// <param name="address"><c>HOST:PORT</c>, <c>[v6]:PORT</c> or <c>unix:/path</c>.</param>
    /// <param name="key">Null for servers that ask for none.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The socket, which is the caller's. Whether the answer was right only what comes next tells: a server that knows no
    /// such key closes.</returns>
    /// <exception cref="FormatException"><paramref name="address"/> is none.</exception>
    /// <exception cref="SocketException">The server cannot be found or reached.</exception>
    /// <exception cref="KeyRefusedException">It sent no challenge.</exception>
    public static async Task<Socket> ConnectAsync(string address, ClientKey? key = null, CancellationToken cancel = default)
    {
        var server = ServerAddress.Parse(address);
        var socket = New(server);
        try
        {
            await socket.ConnectAsync(server, cancel);
            if (key is not null) await AnswerAsync(socket, key, cancel);
            return socket;
        }
        catch (SocketException failed) when (Plainly(failed, server) is { } why)
        {
            socket.Dispose();
            throw new SocketException((int)failed.SocketErrorCode, why);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Opens a socket for datagrams to and from this server alone; that nobody is there only sending tells.</summary>
    /// <param name="address"><c>HOST:PORT</c> or <c>[v6]:PORT</c>.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The socket, which is the caller's.</returns>
    /// <exception cref="FormatException"><paramref name="address"/> is none.</exception>
    /// <exception cref="SocketException">The server cannot be found.</exception>
    public static async Task<Socket> ConnectUdpAsync(string address, CancellationToken cancel = default)
    {
        var server = ServerAddress.Parse(address);
        if (server is UnixDomainSocketEndPoint)
            throw new FormatException($"cannot send datagrams to '{address}': a Unix socket takes connections: write HOST:PORT or [v6]:PORT");
        var resolved = server as IPEndPoint ?? await ResolveAsync((DnsEndPoint)server, cancel);
        var socket = new Socket(resolved.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            await socket.ConnectAsync(resolved, cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>IPv4 first, as the node and simple clients take a name: connecting would not show which one is served.</summary>
    private static async Task<IPEndPoint> ResolveAsync(DnsEndPoint name, CancellationToken cancel)
    {
        var addresses = await LookUpAsync(name, cancel);
        var v4 = Array.Find(addresses, each => each.AddressFamily == AddressFamily.InterNetwork);
        return addresses.Length == 0
            ? throw new SocketException((int)SocketError.HostNotFound)
            : new IPEndPoint(v4 ?? addresses[0], name.Port);
    }

    private static async Task<IPAddress[]> LookUpAsync(DnsEndPoint name, CancellationToken cancel)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(name.Host, cancel);
        }
        catch (SocketException failed) when (Plainly(failed, name) is { } why)
        {
            throw new SocketException((int)failed.SocketErrorCode, why);
        }
    }

    /// <summary>What an error means here, where the system's words for it lead astray; null where they do not.</summary>
    internal static string? Plainly(SocketException failed, EndPoint server) => (server, failed.SocketErrorCode) switch
    {
        (UnixDomainSocketEndPoint, SocketError.AddressNotAvailable) => "there is no such socket",
        (DnsEndPoint { Host: var host }, SocketError.TryAgain or SocketError.HostNotFound or SocketError.NoData) =>
            $"the name '{host}' cannot be looked up",
        _ => null,
    };

    private static async Task AnswerAsync(Socket socket, ClientKey key, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(s_challengeLimit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        var challenge = new byte[Challenge.Bytes];
        try
        {
            for (var got = 0; got < challenge.Length;)
            {
                var count = await socket.ReceiveAsync(challenge.AsMemory(got), either.Token);
                if (count == 0) throw new KeyRefusedException("it closed before it had sent a challenge");
                got += count;
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new KeyRefusedException("it asks for no key: leave the key out");
        }
        for (ReadOnlyMemory<byte> rest = key.Answer(challenge); rest.Length > 0;)
            rest = rest[await socket.SendAsync(rest, cancel)..];
    }

    private static Socket New(EndPoint server)
    {
        if (server is UnixDomainSocketEndPoint)
            return new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var socket = server is IPEndPoint { AddressFamily: var family }
            ? new Socket(family, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        // A server that vanished without a word is noticed in a minute while nothing is said, as while a reply is waited for; in two
        // while something is on its way to it, for which nobody asks whether it is there (tcp(7)). That is also how long one may stand
        // still that takes nothing.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(IpProtoTcp, TcpUserTimeout, BitConverter.GetBytes((int)s_unheardLimit.TotalMilliseconds));
        return socket;
    }
}
