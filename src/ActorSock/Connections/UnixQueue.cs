using System.Runtime.InteropServices;

namespace ActorSock.Connections;

/// <summary>What a Unix socket has sent and its peer has not read.</summary>
internal static partial class UnixQueue
{
    // asm-generic/ioctls.h calls it TIOCOUTQ; of a Unix socket it answers for the memory of what is unread (unix(7), SIOCOUTQ).
    private const nuint SIOCOUTQ = 0x5411;

    /// <summary>A number that is 0 when the peer has read everything; 0 where the system does not tell.</summary>
    public static unsafe int BytesUnread(SafeHandle socket)
    {
        var bytes = 0;
        return OperatingSystem.IsLinux() && ioctl(socket, SIOCOUTQ, &bytes) == 0 ? bytes : 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int ioctl(SafeHandle descriptor, nuint request, int* answer);
}
