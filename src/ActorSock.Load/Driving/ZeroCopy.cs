using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Load.Driving;

/// <summary>Lets the kernel of Linux send what is in a file, without a copy of it: sendfile(2).</summary>
internal static unsafe partial class ZeroCopy
{
    private const int EINTR = 4, EAGAIN = 11;

    /// <summary>Sends bytes of the file, as many as go.</summary>
    /// <returns>How many; 0 when none go now, negative when the connection is broken.</returns>
    public static long Send(Socket socket, SafeFileHandle file, long offset, long count)
    {
        var sent = sendfile((int)socket.Handle, (int)file.DangerousGetHandle(), &offset, (nint)Math.Min(count, 1 << 30));
        if (sent >= 0) return sent;
        return Marshal.GetLastPInvokeError() is EAGAIN or EINTR ? 0 : -1;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendfile(int to, int from, long* offset, nint count);
}
