using System.Net;
using System.Net.Sockets;
using ActorSock.Files;
using ActorSock.Settings;

namespace ActorSock.Listening;

/// <summary>A bound, listening socket.</summary>
internal sealed class ListenSocket : IDisposable
{
    private const int SolSocket = 1, SoReuseAddr = 2; // socket(7), Linux

    private readonly Socket _socket;
    private readonly SocketFile? _file;

    private ListenSocket(Socket socket, SocketFile? file)
    {
        _socket = socket;
        _file = file;
        Endpoint = Endpoint.From(socket.LocalEndPoint);
    }

    /// <summary>Where it really listens: with the port that the system chose where 0 was asked for.</summary>
    public Endpoint Endpoint { get; }

    /// <exception cref="SocketException">it cannot listen there</exception>
    /// <exception cref="IOException">the file of a Unix socket cannot be made as the settings say</exception>
    public static ListenSocket Open(ListenerPlan plan, ListenerSettings settings)
    {
        var address = plan.Endpoint.Resolve();
        var socket = new Socket(address.AddressFamily, SocketType.Stream,
            address.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        SocketFile? file = null;
        try
        {
            if (address is IPEndPoint ip)
                PrepareTcp(socket, ip);
            else
                file = SocketFile.Reserve(((Endpoint.Unix)plan.Endpoint).Path);
            socket.Bind(address);
            // Before Listen nobody can connect: whoever may not, never could.
            if (plan.Service == Service.Admin)
                file?.Bound(UnixFileMode.UserRead | UnixFileMode.UserWrite, owner: null);
            else
                file?.Bound(settings.UnixMode, settings.UnixOwner);
            socket.Listen(settings.Backlog);
            return new ListenSocket(socket, file);
        }
        catch
        {
            socket.Dispose();
            file?.Dispose();
            throw;
        }
    }

    public ValueTask<Socket> Accept() => _socket.AcceptAsync(CancellationToken.None);

    /// <summary>Whether we closed it ourselves.</summary>
    public bool IsDisposed { get; private set; }

    public void Dispose()
    {
        IsDisposed = true;
        _socket.Dispose();
        _file?.Dispose();
    }

    private static void PrepareTcp(Socket socket, IPEndPoint address)
    {
        // The portable ReuseAddress option also sets SO_REUSEPORT on Linux, and then two nodes could share a port unnoticed.
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(SolSocket, SoReuseAddr, BitConverter.GetBytes(1));
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            socket.DualMode = false; // [::] beside 0.0.0.0 is two listeners, and each is what it says
    }
}
