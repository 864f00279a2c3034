using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ActorSock.Connections;

/// <summary>Asks the system who is at the other end of a Unix socket: such peers have no address that would tell.</summary>
internal static class PeerUser
{
    private const int SOL_SOCKET = 1, SO_PEERCRED = 17; // socket(7), unix(7)

    /// <summary>The user id that the peer had when it connected; null where the system does not tell.</summary>
    public static uint? Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<int> credentials = stackalloc int[3]; // struct ucred: pid, uid, gid
        try
        {
            var got = socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, MemoryMarshal.AsBytes(credentials));
            return got == credentials.Length * sizeof(int) ? (uint)credentials[1] : null;
        }
        catch (SocketException)
        {
            return null; // it left between accept and here
        }
    }
}
