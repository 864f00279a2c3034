using System.Net.Sockets;
using System.Runtime.InteropServices;
using ActorSock.Client;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands.Connecting;

/// <summary>Where a service is, as it was written.</summary>
internal readonly record struct ServiceAddress(string Text, bool IsUdp)
{
    public override string ToString() =>
        Text.StartsWith("unix:", StringComparison.Ordinal)
            ? Escaping.Printable(Text)
            : (IsUdp ? "udp://" : "tcp://") + Escaping.Printable(Text);
}

/// <summary>A service that is connected to, over TCP, UDP or a Unix socket.</summary>
internal sealed class ServiceLink : IDisposable
{
    /// <summary>More than the largest datagram; of a stream, what is shown at once.</summary>
    public const int AnswerBytesMax = 64 << 10;

    private readonly Socket _socket;
    private readonly bool _hasKey;
    private bool _hasHeard;

    private ServiceLink(ServiceAddress address, Socket socket, bool hasKey) =>
        (Address, _socket, _hasKey) = (address, socket, hasKey);

    public ServiceAddress Address { get; }

    public bool IsUdp => Address.IsUdp;

    /// <summary>Whether it may not know the key that it was told: nothing has been heard of it since.</summary>
    public bool IsDoubtful => _hasKey && !_hasHeard;

    /// <summary>To be added when it is told that a stream has ended: who does not know a key only closes.</summary>
    public string Doubt => IsDoubtful ? ": perhaps it does not know the key" : "";

    /// <summary>Opens the connection: the one place where it is done.</summary>
    /// <param name="address">The service.</param>
    /// <param name="key">For services that send a challenge first; not over UDP.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="SocketException">The service cannot be reached.</exception>
    /// <exception cref="KeyRefusedException">It sent no challenge.</exception>
    public static async Task<ServiceLink> OpenAsync(ServiceAddress address, ClientKey? key, CancellationToken cancel)
    {
        var socket = address.IsUdp
            ? await ServerSocket.ConnectUdpAsync(address.Text, cancel)
            : await ServerSocket.ConnectAsync(address.Text, key, cancel);
        return new ServiceLink(address, socket, key is not null);
    }

    /// <summary>Sends all of it.</summary>
    /// <exception cref="SocketException">The peer is gone, or it is too much for a datagram.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        do // an empty datagram is one too
        {
            message = message[await _socket.SendAsync(message, SocketFlags.None, cancel)..];
        }
        while (message.Length > 0);
    }

    /// <summary>What one read gives; 0 when a stream has ended, or for an empty datagram.</summary>
    public async ValueTask<int> ReceiveAsync(Memory<byte> answer, CancellationToken cancel)
    {
        var count = await _socket.ReceiveAsync(answer, SocketFlags.None, cancel);
        _hasHeard |= count > 0;
        return count;
    }

    /// <summary>
    /// Whether a reader of the stream stands before a byte that was sent as urgent: the service of commands sends one behind the
    /// length of an answer (COMMANDS.md), and nobody else does.
    /// </summary>
    public bool IsAtMark => !IsUdp && !OperatingSystem.IsWindows() && sockatmark(_socket.SafeHandle) == 1;

    /// <summary>Waits until a stream ends, or has something to be read.</summary>
    /// <returns>Whether it has ended.</returns>
    public async Task<bool> UntilReadableAsync(CancellationToken cancel)
    {
        var peeked = new byte[1];
        return await _socket.ReceiveAsync(peeked, SocketFlags.Peek, cancel) == 0;
    }

    /// <summary>Tells a stream's peer that nothing more will be sent.</summary>
    public void EndSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It was the peer who ended it: the next read says so.
        }
    }

    public void Dispose() => _socket.Dispose();

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int sockatmark(SafeHandle socket);
}
