using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <content>Asks what files are, what travels with them, and what is in a folder.</content>
internal static partial class Posix
{
    private const int S_IFDIR = 0x4000, StatxBytes = 256;
    private const uint FactsWanted = STATX_TYPE | 0x40 | 0x80 | 0x100 | STATX_SIZE; // and STATX_MTIME, STATX_CTIME, STATX_INO
    private const long UTIME_OMIT = (1L << 30) - 2, NsPerSecond = 1_000_000_000;
    private const byte DT_UNKNOWN = 0, DT_DIR = 4, DT_REG = 8;

    /// <summary>What an open file is.</summary>
    public static unsafe Errno FactsOf(SafeFileHandle file, out FileFacts facts)
    {
        var status = stackalloc byte[StatxBytes];
        var result = statx(file, "", AT_EMPTY_PATH, FactsWanted, status);
        facts = result == 0 ? FactsIn(status) : default;
        return result == 0 ? Errno.None : LastErrno();
    }

    /// <summary>What has a name in a folder: itself, not what it links to.</summary>
    public static unsafe Errno FactsAt(SafeFileHandle folder, string name, out FileFacts facts)
    {
        var status = stackalloc byte[StatxBytes];
        var result = statx(folder, name, AT_SYMLINK_NOFOLLOW, FactsWanted, status);
        facts = result == 0 ? FactsIn(status) : default;
        return result == 0 ? Errno.None : LastErrno();
    }

    /// <summary>The same of a name as the system writes it, with a zero at its end.</summary>
    public static unsafe Errno FactsAt(SafeFileHandle folder, ReadOnlySpan<byte> name, out FileFacts facts)
    {
        var status = stackalloc byte[StatxBytes];
        int result;
        fixed (byte* start = name)
            result = statx(folder, start, AT_SYMLINK_NOFOLLOW, FactsWanted, status);
        facts = result == 0 ? FactsIn(status) : default;
        return result == 0 ? Errno.None : LastErrno();
    }

    /// <summary>Reads an extended attribute of an open file; ERANGE when it is longer than there is room for.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">Its name, with a zero at its end.</param>
    /// <param name="bytes">Takes it.</param>
    /// <param name="length">So many bytes.</param>
    public static unsafe Errno GetAttribute(SafeFileHandle file, ReadOnlySpan<byte> name, Span<byte> bytes, out int length)
    {
        nint result;
        fixed (byte* called = name, start = bytes)
            result = fgetxattr(file, called, start, (nuint)bytes.Length);
        length = (int)result;
        return result >= 0 ? Errno.None : LastErrno();
    }

    /// <summary>The same of what has a path, itself and not what it links to.</summary>
    public static unsafe Errno GetAttribute(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, Span<byte> bytes, out int length)
    {
        nint result;
        fixed (byte* place = path, called = name, start = bytes)
            result = lgetxattr(place, called, start, (nuint)bytes.Length);
        length = (int)result;
        return result >= 0 ? Errno.None : LastErrno();
    }

    public static unsafe Errno SetAttribute(SafeFileHandle file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* called = name, start = bytes)
            return fsetxattr(file, called, start, (nuint)bytes.Length, 0) == 0 ? Errno.None : LastErrno();
    }

    /// <summary>Sets when the content was last changed, in ns since 1970; when it was read stays.</summary>
    public static unsafe Errno SetModified(SafeFileHandle file, long ns)
    {
        var (seconds, rest) = Math.DivRem(ns, NsPerSecond);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + NsPerSecond);
        var times = stackalloc long[4] { 0, UTIME_OMIT, seconds, rest }; // read, changed: each seconds and ns (utimensat(2))
        return futimens(file, times) == 0 ? Errno.None : LastErrno();
    }

    /// <summary>Opens a folder once more, to look through it; <see cref="CloseStream"/> ends that.</summary>
    public static Errno OpenStream(SafeFileHandle folder, out nint stream)
    {
        stream = 0;
        var descriptor = openat(folder, ".", Native(OpenFlags.Folder), 0);
        if (descriptor < 0)
            return LastErrno();
        stream = fdopendir(descriptor);
        if (stream != 0)
            return Errno.None;
        var errno = LastErrno();
        new SafeFileHandle(descriptor, ownsHandle: true).Dispose();
        return errno;
    }

    public static void CloseStream(nint stream) => _ = closedir(stream); // nothing was written to it

    /// <summary>Goes to the next name in a folder; at the end the name is empty.</summary>
    /// <param name="stream">The open folder.</param>
    /// <param name="name">With a zero at its end; the system's, until the next call.</param>
    /// <param name="isFile">Whether it is a file; null where that is to be asked for.</param>
    /// <param name="isFolder">Whether it is a folder; null where that is to be asked for.</param>
    public static unsafe Errno NextName(nint stream, out ReadOnlySpan<byte> name, out bool? isFile, out bool? isFolder)
    {
        name = default;
        isFile = isFolder = null;
        var entry = (byte*)readdir(stream);
        if (entry == null)
            return LastErrno(); // none at the end: it is cleared before each call
        name = new ReadOnlySpan<byte>(entry + 19, MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + 19).Length + 1);
        var kind = entry[18]; // inode and place are 8 bytes each, the length of the entry 2 (readdir(3))
        if (kind != DT_UNKNOWN)
            (isFile, isFolder) = (kind == DT_REG, kind == DT_DIR);
        return Errno.None;
    }

    /// <summary>
    /// The mode as 16 bits at 28, inode and size at 32 and 40, the times of any change and of that of the content at 96 and 112, the
    /// file system at 136 (statx(2)).
    /// </summary>
    private static unsafe FileFacts FactsIn(byte* status)
    {
        var kind = *(ushort*)(status + 28) & S_IFMT;
        return new FileFacts(
            kind == S_IFREG, kind == S_IFDIR, *(ulong*)(status + 32), *(ulong*)(status + 136), *(long*)(status + 40),
            NsAt(status + 112), NsAt(status + 96));
    }

    /// <summary>Seconds in 64 bits, and ns in 32.</summary>
    private static unsafe long NsAt(byte* time)
    {
        var seconds = Math.Clamp(*(long*)time, -long.MaxValue / NsPerSecond, long.MaxValue / NsPerSecond - 1);
        return seconds * NsPerSecond + *(uint*)(time + 8);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int statx(SafeFileHandle folder, byte* path, int flags, uint mask, byte* status);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint fgetxattr(SafeFileHandle file, byte* name, byte* value, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint lgetxattr(byte* path, byte* name, byte* value, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int fsetxattr(SafeFileHandle file, byte* name, byte* value, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int futimens(SafeFileHandle file, long* times);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint fdopendir(int folder);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint readdir(nint stream);

    [LibraryImport("libc")]
    private static partial int closedir(nint stream);
}
