using System.Net.Sockets;
using ActorSock.Files;

namespace ActorSock.Listening;

/// <summary>The file of a Unix socket: replaces that of a node that is gone, never that of one that lives.</summary>
/// <remarks>
/// A lock beside it, <c>PATH.lock</c>, is held as long as the socket lives. Without it two nodes that start at once could both
/// find a stale file, and the second would remove the socket that the first has just made. The lock file itself stays:
/// removing it would bring the same race back.
/// </remarks>
internal sealed class SocketFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _lock;
    private bool _bound;

    private SocketFile(string path, FileStream held) => (_path, _lock) = (path, held);

    /// <summary>Makes the path free for a bind where nobody listens there.</summary>
    /// <exception cref="SocketException">somebody has it</exception>
    /// <exception cref="IOException">the lock cannot be made</exception>
    public static SocketFile Reserve(string path)
    {
        var held = Lock(path + ".lock");
        try
        {
            RemoveStale(path);
            return new SocketFile(path, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Gives the file that the bind has made its rights.</summary>
    /// <exception cref="IOException">there is no such user or group, or the file may not be given to it</exception>
    public void Bound(UnixFileMode mode, string? owner)
    {
        _bound = true;
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(_path, mode);
        if (owner is not null)
            FileOwner.Find(owner).Give(_path);
    }

    public void Dispose()
    {
        if (_bound)
            File.Delete(_path);
        _lock.Dispose();
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (UnauthorizedAccessException)
        {
            throw new SocketException((int)SocketError.AccessDenied);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }
    }

    /// <summary>Removes a socket at which nobody answers; what else is there is left, and the bind will say so.</summary>
    private static void RemoveStale(string path)
    {
        if (!File.Exists(path) || (File.GetAttributes(path) & FileAttributes.Directory) != 0)
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // Refused by a plain file too: only a socket is ours to remove.
            if (IsSocket(path))
                File.Delete(path);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            throw new SocketException((int)SocketError.AddressAlreadyInUse); // it lives, and has no time for us
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
