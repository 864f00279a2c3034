using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Benchmarks.Uploads;

/// <summary>System calls of Linux that the framework does not offer as they are.</summary>
internal static unsafe partial class LibC
{
    private const int GetFlags = 3, SetFlags = 4, NoSignal = 0x4000, More = 0x8000, Interrupted = 4;
    private const nuint GetAttributes = 0x80086601, SetAttributes = 0x40086602;
    private const long TopOfTree = 0x20000;

    private static int Direct => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x10000 : 0x4000;

    /// <summary>Sends a whole file from the page cache, without a copy through this process.</summary>
    public static void SendFile(SafeHandle socket, SafeFileHandle file, long size)
    {
        for (long at = 0; at < size;)
        {
            if (sendfile(socket, file, ref at, (nint)(size - at)) <= 0 && Marshal.GetLastPInvokeError() != Interrupted)
                throw new IOException($"sendfile: {Marshal.GetLastPInvokeErrorMessage()} at {at} of {size}");
        }
    }

    /// <summary>Sends what a body follows at once: they share segments.</summary>
    public static void SendHead(SafeHandle socket, ReadOnlySpan<byte> head)
    {
        fixed (byte* first = head)
        {
            if (send(socket, first, head.Length, More | NoSignal) != head.Length)
                throw new IOException($"send: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Lets writes pass by the page cache.</summary>
    public static void MakeDirect(SafeFileHandle file)
    {
        if (fcntl(file, SetFlags, fcntl(file, GetFlags, 0) | Direct) != 0)
            throw new IOException($"no direct I/O: {Marshal.GetLastPInvokeErrorMessage()}: choose a folder on a disk (--folder)");
    }

    public static void SyncContent(SafeFileHandle file)
    {
        if (fdatasync(file) != 0)
            throw new IOException($"fdatasync: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    public static void SyncFolder(string path)
    {
        using var folder = OpenFolder(path);
        if (fsync(folder) != 0)
            throw new IOException($"fsync of {path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Asks ext4 to put each folder in here into a block group of its own (chattr +T).</summary>
    /// <returns>false where the file system knows nothing of that</returns>
    public static bool SpreadFolders(string path)
    {
        using var folder = OpenFolder(path);
        long attributes = 0;
        if (ioctl(folder, GetAttributes, ref attributes) != 0)
            return false;
        attributes |= TopOfTree;
        return ioctl(folder, SetAttributes, ref attributes) == 0;
    }

    [LibraryImport("libc", EntryPoint = "sync")]
    public static partial void SyncAll();

    private static SafeFileHandle OpenFolder(string path)
    {
        var folder = open(path, 0, 0);
        return !folder.IsInvalid ? folder : throw new IOException($"open {path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendfile(SafeHandle to, SafeFileHandle from, ref long at, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(SafeHandle socket, byte* bytes, nint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle file, int command, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle file, nuint request, ref long value);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, int mode);
}
