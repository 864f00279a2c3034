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
    private readonly string? _unixPath;

    private ListenSocket(Socket socket, string? unixPath)
    {
        _socket = socket;
        _unixPath = unixPath;
        Endpoint = Endpoint.From(socket.LocalEndPoint);
    }

    /// <summary>Where it really listens: with the port that the system chose where 0 was asked for.</summary>
    public Endpoint Endpoint { get; }

    /// <exception cref="SocketException">it cannot listen there</exception>
    public static ListenSocket Open(Endpoint endpoint, int backlog)
    {
        var address = endpoint.Resolve();
        var socket = new Socket(address.AddressFamily, SocketType.Stream,
            address.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            if (address is IPEndPoint ip)
                PrepareTcp(socket, ip);
            else
                ReplaceStale((Endpoint.Unix)endpoint);
            socket.Bind(address);
            if (endpoint is Endpoint.Unix unix && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(unix.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(backlog);
            return new ListenSocket(socket, (endpoint as Endpoint.Unix)?.Path);
        }
        catch
        {
            socket.Dispose();
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
        if (_unixPath is not null)
            File.Delete(_unixPath);
    }

    private static void PrepareTcp(Socket socket, IPEndPoint address)
    {
        // The portable ReuseAddress option also sets SO_REUSEPORT on Linux, and then two nodes could share a port unnoticed.
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(SolSocket, SoReuseAddr, BitConverter.GetBytes(1));
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            socket.DualMode = address.Address.Equals(IPAddress.IPv6Any);
    }

    /// <summary>Removes the socket file of a node that is gone; one that answers is left alone, and the bind will say so.</summary>
    private static void ReplaceStale(Endpoint.Unix unix)
    {
        if (!File.Exists(unix.Path) || (File.GetAttributes(unix.Path) & FileAttributes.Directory) != 0)
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(unix.Path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // Refused by a plain file too: only a socket is ours to remove.
            if (IsSocket(unix.Path))
                File.Delete(unix.Path);
        }
    }

    /// <summary>A socket is no plain file, and an empty plain file is somebody's.</summary>
    private static bool IsSocket(string path)
    {
        if (OperatingSystem.IsLinux())
            return Posix.IsSocket(path);
        if (OperatingSystem.IsWindows())
            return File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint);
        try
        {
            File.OpenHandle(path).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true; // only a socket cannot be opened (open(2): EOPNOTSUPP)
        }
    }
}
