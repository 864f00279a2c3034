using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ActorSock.Connections;

/// <summary>What a socket was given to send and its peer has not got.</summary>
internal static partial class SendQueue
{
    // asm-generic/ioctls.h calls it TIOCOUTQ. Of TCP it answers what was not acknowledged (tcp(7), SIOCOUTQ), of a Unix socket the
    // memory of what is unread (unix(7)).
    private const nuint SIOCOUTQ = 0x5411;

    // linux/tcp.h. Without it Linux takes some MiB and tells that there is room again when a third of that has gone.
    private const int IPPROTO_TCP = 6, TCP_NOTSENT_LOWAT = 25;

    // Bytes: a second of a slow peer, and more than is sent between two wake-ups of a fast one.
    private const int UnsentBytesMax = 128 << 10;

    /// <summary>
    /// Bytes that the peer's system has not got, or of a Unix socket a number that is 0 when the peer has read everything; 0 where
    /// the system does not tell.
    /// </summary>
    public static unsafe int BytesLeft(SafeHandle socket)
    {
        var bytes = 0;
        return OperatingSystem.IsLinux() && ioctl(socket, SIOCOUTQ, &bytes) == 0 ? bytes : 0;
    }

    /// <summary>Lets TCP take no more ahead than what the peer is soon to get, where the system can.</summary>
    public static void Bound(Socket tcp)
    {
        if (!OperatingSystem.IsLinux())
            return;
        ReadOnlySpan<int> bytes = [UnsentBytesMax];
        tcp.SetRawSocketOption(IPPROTO_TCP, TCP_NOTSENT_LOWAT, MemoryMarshal.AsBytes(bytes));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int ioctl(SafeHandle descriptor, nuint request, int* answer);
}
