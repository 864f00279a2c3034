using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Client.Native;

/// <summary>What tells, without reading it, that a file is the same as before.</summary>
/// <param name="SizeBytes">How long it is.</param>
/// <param name="Modified">When its bytes were written, in ticks (100 ns) since 1970.</param>
/// <param name="Changed">When anything about it was changed, which no program can set back; 0 where the system does not
/// say.</param>
/// <param name="Inode">Which file it is, whatever its name; 0 where the system does not say.</param>
internal readonly partial record struct FileStamp(long SizeBytes, long Modified, long Changed, ulong Inode)
{
    private const int AtFdCwd = -100, AtSymlinkNoFollow = 0x100, AtEmptyPath = 0x1000;

    // Two writes within one tick of the file system's clock leave the same times; those of FAT have 2 s.
    private static readonly long s_settling = TimeSpan.FromSeconds(3).Ticks;

    /// <summary>Looks at a file.</summary>
    /// <returns>Null when it is no plain file, or cannot be looked at.</returns>
    public static FileStamp? Of(string path)
    {
        try
        {
            return Look(path);
        }
        catch (Exception no) when (no is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Looks at a file.</summary>
    /// <returns>Null when it is no plain file.</returns>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public static FileStamp? Look(string path)
    {
        if (OperatingSystem.IsLinux()) return OfLinux(AtFdCwd, path, AtSymlinkNoFollow);
        var attributes = File.GetAttributes(path);
        var file = new FileInfo(path);
        return (attributes & (FileAttributes.ReparsePoint | FileAttributes.Device | FileAttributes.Directory)) == 0
            ? new FileStamp(file.Length, file.LastWriteTimeUtc.Ticks - DateTime.UnixEpoch.Ticks, 0, 0)
            : null;
    }

    /// <summary>Looks at a file that is open.</summary>
    /// <returns>Null when it is no plain file.</returns>
    public static FileStamp? Of(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            return new FileStamp(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file).Ticks - DateTime.UnixEpoch.Ticks, 0, 0);
        var isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
            return OfLinux((int)file.DangerousGetHandle(), "", AtEmptyPath);
        }
        finally
        {
            if (isHeld) file.DangerousRelease();
        }
    }

    /// <summary>Looks at a file in a folder that is open; on Linux.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public static FileStamp? LookIn(SafeFileHandle folder, string name)
    {
        var isHeld = false;
        try
        {
            folder.DangerousAddRef(ref isHeld);
            return OfLinux((int)folder.DangerousGetHandle(), name, AtSymlinkNoFollow);
        }
        finally
        {
            if (isHeld) folder.DangerousRelease();
        }
    }

    /// <summary>Whether another write would have left another stamp.</summary>
    public bool IsSettled(DateTimeOffset now) =>
        Math.Max(Modified, Changed) + s_settling < now.UtcTicks - DateTime.UnixEpoch.Ticks;

    // struct statx has one layout everywhere: 256 bytes; mode as 16 bits at 28, inode and size as 64 bits at 32 and 40, the
    // times of change and of writing at 96 and 112, each 64 bits of seconds and 32 of nanoseconds (statx(2)).
    private static FileStamp? OfLinux(int folder, string path, int flags)
    {
        const int BasicStats = 0x7ff, FileType = 0xF000, Plain = 0x8000, NotThere = 2;
        Span<byte> status = stackalloc byte[256];
        if (StatX(folder, path, flags, BasicStats, ref MemoryMarshal.GetReference(status)) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            var why = Marshal.GetPInvokeErrorMessage(error);
            throw error == NotThere ? new FileNotFoundException(why, path) : new IOException($"it cannot be looked at: {why}");
        }
        if ((BitConverter.ToUInt16(status[28..]) & FileType) != Plain) return null;
        return new FileStamp(
            BitConverter.ToInt64(status[40..]), Ticks(status[112..]), Ticks(status[96..]), BitConverter.ToUInt64(status[32..]));
    }

    private static long Ticks(ReadOnlySpan<byte> time) =>
        BitConverter.ToInt64(time) * TimeSpan.TicksPerSecond + BitConverter.ToUInt32(time[8..]) / TimeSpan.NanosecondsPerTick;

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatX(int folder, string path, int flags, uint mask, ref byte status);
}
