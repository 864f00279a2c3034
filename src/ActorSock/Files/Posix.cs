using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>How a file is opened; closed on exec in any case.</summary>
[Flags]
internal enum OpenFlags
{
    Read = 0,
    Write = 1 << 0,
    ReadWrite = 1 << 1,
    /// <summary>Create it; with <see cref="New"/>, refuse one that exists, also a link.</summary>
    Create = 1 << 2,
    New = 1 << 3,
    /// <summary>Refuse what is no folder.</summary>
    Folder = 1 << 4,
    /// <summary>Refuse a symbolic link in the last place.</summary>
    NoFollow = 1 << 5,
    /// <summary>Only locate it; reading needs no permission.</summary>
    Locate = 1 << 6,
    /// <summary>Past the page cache: memory, offsets and lengths are whole pages.</summary>
    Direct = 1 << 7,
    /// <summary>A new file in the folder given, without a name until it is linked.</summary>
    Nameless = 1 << 8,
    /// <summary>Do not wait for the other end of a pipe.</summary>
    NoWait = 1 << 9,
}

/// <summary>
/// Calls Linux where .NET has no call of its own: relative to open folders, and for durability.
/// </summary>
/// <remarks>
/// Every method repeats a call that a signal interrupted and answers the error number. 64-bit Linux only
/// (off_t is long), where variadic calls pass like others (System V x64, AAPCS64).
/// </remarks>
internal static partial class Posix
{
    private const int O_CREAT = 0x40, O_EXCL = 0x80, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000;
    private const int O_PATH = 0x200000, O_NAMELESS = 0x400000; // O_TMPFILE is this one and O_DIRECTORY
    private const int AT_FDCWD = -100, AT_EACCESS = 0x200, AT_REMOVEDIR = 0x200, AT_SYMLINK_FOLLOW = 0x400, AT_EMPTY_PATH = 0x1000;
    private const int F_GETFL = 3, F_SETFL = 4, F_GET_RW_HINT = 1035, F_SET_RW_HINT = 1036, SIGKILL = 9;
    private const int W_OK = 2, X_OK = 1;
    private const int FALLOC_FL_KEEP_SIZE = 1;
    private const int LOCK_EX = 2, LOCK_NB = 4, LOCK_UN = 8;
    private const int AT_SYMLINK_NOFOLLOW = 0x100, S_IFMT = 0xF000, S_IFSOCK = 0xC000, S_IFREG = 0x8000;
    private const uint STATX_TYPE = 1, STATX_NLINK = 4, STATX_INO = 0x100, STATX_SIZE = 0x200;
    private const int RLIMIT_NOFILE = 7;

    // fcntl.h: Arm and PowerPC number these unlike everybody else.
    private static readonly bool s_armNumbers =
        RuntimeInformation.ProcessArchitecture is
            Architecture.Arm64 or Architecture.Arm or Architecture.Ppc64le;
    private static readonly int O_DIRECTORY = s_armNumbers ? 0x4000 : 0x10000;
    private static readonly int O_NOFOLLOW = s_armNumbers ? 0x8000 : 0x20000;
    private static readonly int O_DIRECT = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.Arm64 or Architecture.Arm => 0x10000,
        Architecture.Ppc64le => 0x20000,
        _ => 0x4000,
    };

    /// <summary>Opens a path of the operator's.</summary>
    public static Errno Open(string path, OpenFlags flags, out SafeFileHandle opened) =>
        Opened(() => openat(AT_FDCWD, path, Native(flags), 0), out opened);

    /// <summary>
    /// Opens a name in a folder; <paramref name="mode"/> (less the umask) is for a created file.
    /// </summary>
    public static Errno OpenAt(
        SafeFileHandle folder, string name, OpenFlags flags, out SafeFileHandle opened, uint mode = 0)
    {
        int descriptor;
        do
        {
            descriptor = openat(folder, name, Native(flags), mode);
        }
        while (descriptor < 0 && LastErrno() == Errno.EINTR);
        var errno = descriptor < 0 ? LastErrno() : Errno.None;
        opened = new SafeFileHandle(descriptor, ownsHandle: true);
        return errno;
    }

    public static Errno MakeFolderAt(SafeFileHandle folder, string name, uint mode) =>
        Done(() => mkdirat(folder, name, mode));

    public static Errno RenameAt(SafeFileHandle from, string oldName, SafeFileHandle to, string newName) =>
        Done(() => renameat(from, oldName, to, newName));

    public static Errno UnlinkAt(SafeFileHandle folder, string name) => Done(() => unlinkat(folder, name, 0));

    /// <summary>Removes an empty folder.</summary>
    public static Errno RemoveFolderAt(SafeFileHandle folder, string name) => Done(() => unlinkat(folder, name, AT_REMOVEDIR));

    /// <summary>True when the name is a symbolic link.</summary>
    public static unsafe bool IsLinkAt(SafeFileHandle folder, string name)
    {
        byte target;
        return readlinkat(folder, name, &target, 1) >= 0;
    }

    /// <summary>
    /// Asks whether this thread may make names in a folder, and whether its disk takes any.
    /// </summary>
    public static Errno MayWriteIn(SafeFileHandle folder) =>
        Done(() => faccessat(folder, ".", W_OK | X_OK, AT_EACCESS));

    /// <summary>
    /// Gives a nameless file a name in a folder; EEXIST when there is one. The short way needs a privilege
    /// before Linux 6.10, and says ENOENT without it (open(2), O_TMPFILE; linkat(2)).
    /// </summary>
    public static Errno LinkNamelessAt(SafeFileHandle file, SafeFileHandle folder, string name, bool byProc)
    {
        int result;
        do
        {
            result = byProc
                ? linkat(AT_FDCWD, $"/proc/self/fd/{file.DangerousGetHandle()}", folder, name, AT_SYMLINK_FOLLOW)
                : linkat(file, "", folder, name, AT_EMPTY_PATH);
        }
        while (result < 0 && LastErrno() == Errno.EINTR);
        return result < 0 ? LastErrno() : Errno.None;
    }

    public static Errno SetMode(SafeFileHandle file, uint mode) => Done(() => fchmod(file, mode));

    /// <summary>Makes a file's bytes, or a folder's names, durable.</summary>
    public static Errno Sync(SafeFileHandle file) => Done(() => fsync(file));

    /// <summary>Makes a file's bytes durable, and of what is known about it only what finds them.</summary>
    public static Errno SyncData(SafeFileHandle file)
    {
        while (fdatasync(file) < 0)
        {
            if (LastErrno() is var errno and not Errno.EINTR)
                return errno;
        }
        return Errno.None;
    }

    /// <summary>Makes all that was written to the file system of an open file durable.</summary>
    public static Errno SyncFileSystem(SafeFileHandle file) => Done(() => syncfs(file));

    public static Errno Truncate(SafeFileHandle file, long length) => Done(() => ftruncate(file, length));

    public static Errno Preallocate(SafeFileHandle file, long offset, long length) =>
        Done(() => fallocate(file, FALLOC_FL_KEEP_SIZE, offset, length));

    /// <summary>Takes disk space for a range and grows the file to its end.</summary>
    public static Errno Allocate(SafeFileHandle file, long offset, long length) =>
        Done(() => fallocate(file, 0, offset, length));

    /// <summary>Sends what is written from now on through the page cache again.</summary>
    public static Errno NoLongerDirect(SafeFileHandle file) =>
        Done(() => fcntl(file, F_SETFL, fcntl(file, F_GETFL, 0) & ~O_DIRECT));

    /// <summary>
    /// Reads for how long somebody has said that the bytes of a file will live. The system keeps that with the file in
    /// memory, for all processes, and on no disk (fcntl(2), F_SET_RW_HINT).
    /// </summary>
    public static unsafe Errno WriteHint(SafeFileHandle file, out ulong hint)
    {
        fixed (ulong* start = &hint)
            return fcntl(file, F_GET_RW_HINT, start) < 0 ? LastErrno() : Errno.None;
    }

    /// <summary>Says it.</summary>
    public static unsafe Errno SetWriteHint(SafeFileHandle file, ulong hint) =>
        fcntl(file, F_SET_RW_HINT, &hint) < 0 ? LastErrno() : Errno.None;

    /// <summary>Locks a file for this process without waiting; EAGAIN when another one holds it.</summary>
    public static Errno Lock(SafeFileHandle file) => Done(() => flock(file, LOCK_EX | LOCK_NB));

    /// <summary>Lets go of it for whoever has the file open: a program that begins has all that is open here, for a moment.</summary>
    public static Errno Unlock(SafeFileHandle file) => Done(() => flock(file, LOCK_UN));

    /// <summary>Writes all the bytes, however many calls that takes.</summary>
    public static unsafe Errno WriteAt(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var written = pwrite(file, start + done, (nuint)(bytes.Length - done), offset + done);
                if (written > 0)
                    done += (int)written;
                else if (written == 0)
                    return Errno.EIO; // POSIX leaves it open; a file that takes nothing would spin us
                else if (LastErrno() is var errno and not Errno.EINTR)
                    return errno;
            }
        }
        return Errno.None;
    }

    /// <summary>Reads until the bytes are full or the file ends.</summary>
    public static unsafe Errno ReadAt(SafeFileHandle file, Span<byte> bytes, long offset, out int read)
    {
        read = 0;
        fixed (byte* start = bytes)
        {
            while (read < bytes.Length)
            {
                var got = pread(file, start + read, (nuint)(bytes.Length - read), offset + read);
                if (got == 0)
                    break;
                if (got > 0)
                    read += (int)got;
                else if (LastErrno() is var errno and not Errno.EINTR)
                    return errno;
            }
        }
        return Errno.None;
    }

    /// <summary>The bytes of an open regular file; -1 when it is none.</summary>
    public static unsafe Errno SizeOf(SafeFileHandle file, out long size)
    {
        var status = stackalloc byte[256]; // the size as 64 bits at 40 (statx(2))
        var result = statx(file, "", AT_EMPTY_PATH, STATX_TYPE | STATX_SIZE, status);
        var regular = result == 0 && (*(ushort*)(status + 28) & S_IFMT) == S_IFREG;
        size = regular ? *(long*)(status + 40) : -1;
        return result == 0 ? Errno.None : LastErrno();
    }

    /// <summary>Tells an open file from every other: its number, and that of its file system.</summary>
    public static unsafe (ulong File, ulong FileSystem) IdentityOf(SafeFileHandle file)
    {
        var status = stackalloc byte[256]; // 64 bits at 32, and twice 32 bits at 136 (statx(2))
        return statx(file, "", AT_EMPTY_PATH, STATX_INO, status) == 0
            ? (*(ulong*)(status + 32), *(ulong*)(status + 136))
            : throw new IOException($"cannot tell which file is open: {LastErrno()}");
    }

    /// <summary>How many names an open file or folder has; 0 when it was removed.</summary>
    public static unsafe uint LinksOf(SafeFileHandle file)
    {
        var status = stackalloc byte[256]; // the names as 32 bits at 16 (statx(2))
        return statx(file, "", AT_EMPTY_PATH, STATX_NLINK, status) == 0 ? *(uint*)(status + 16) : 1;
    }

    /// <summary>
    /// Bytes that an ordinary user may still take up where an open file lies; more than any where the system does not tell: a file
    /// system that counts no blocks at all (ramfs, some in user space), or one that is gone, as the next step will say.
    /// </summary>
    public static unsafe long FreeBytes(SafeFileHandle file)
    {
        var status = stackalloc ulong[32]; // unit, blocks and those that are free at 1, 2 and 4 (statvfs(3))
        return fstatvfs(file, status) == 0 && status[2] > 0
            ? (long)UInt128.Min((UInt128)status[1] * status[4], long.MaxValue)
            : long.MaxValue;
    }

    /// <summary>Which kind of file system an open file lies on: the number that it has in linux/magic.h.</summary>
    public static unsafe uint FileSystemTypeOf(SafeFileHandle file)
    {
        var status = stackalloc ulong[32]; // the kind is first (statfs(2))
        return fstatfs(file, status) == 0 ? (uint)status[0] : 0;
    }

    /// <summary>Ends this process as a power cut would: nothing is flushed, nobody is told.</summary>
    public static void KillOurselves() => kill(Environment.ProcessId, SIGKILL);

    /// <summary>How many descriptors this process may have, or no limit.</summary>
    public static unsafe long DescriptorsMax()
    {
        var limit = stackalloc ulong[2]; // the soft one, the hard one (getrlimit(2))
        return getrlimit(RLIMIT_NOFILE, limit) == 0 && limit[0] < long.MaxValue ? (long)limit[0] : long.MaxValue;
    }

    /// <summary>True when the path names a Unix socket itself, not a link to one.</summary>
    public static unsafe bool IsSocket(string path)
    {
        // struct statx has one layout everywhere: 256 bytes, the mode as 16 bits at 28 (statx(2)).
        var status = stackalloc byte[256];
        return statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_TYPE, status) == 0
            && (*(ushort*)(status + 28) & S_IFMT) == S_IFSOCK;
    }

    private static Errno LastErrno() => (Errno)Marshal.GetLastPInvokeError();

    private static int Native(OpenFlags flags) =>
        (int)(flags & (OpenFlags.Write | OpenFlags.ReadWrite))
        | O_CLOEXEC
        | (flags.HasFlag(OpenFlags.Create) ? O_CREAT : 0)
        | (flags.HasFlag(OpenFlags.New) ? O_EXCL : 0)
        | (flags.HasFlag(OpenFlags.Folder) ? O_DIRECTORY : 0)
        | (flags.HasFlag(OpenFlags.NoFollow) ? O_NOFOLLOW : 0)
        | (flags.HasFlag(OpenFlags.Locate) ? O_PATH : 0)
        | (flags.HasFlag(OpenFlags.Direct) ? O_DIRECT : 0)
        | (flags.HasFlag(OpenFlags.Nameless) ? O_NAMELESS | O_DIRECTORY : 0)
        | (flags.HasFlag(OpenFlags.NoWait) ? O_NONBLOCK : 0);

    private static Errno Opened(Func<int> open, out SafeFileHandle opened)
    {
        int descriptor = -1;
        var errno = Done(() => descriptor = open());
        opened = new SafeFileHandle(descriptor, ownsHandle: true);
        return errno;
    }

    private static Errno Done(Func<int> call)
    {
        while (true)
        {
            if (call() >= 0)
                return Errno.None;
            if (LastErrno() is var errno and not Errno.EINTR)
                return errno;
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int openat(int folder, string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int openat(SafeFileHandle folder, string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdirat(SafeFileHandle folder, string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat(
        SafeFileHandle from, string oldPath, SafeFileHandle to, string newPath);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unlinkat(SafeFileHandle folder, string path, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint readlinkat(
        SafeFileHandle folder, string path, byte* target, nuint size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int faccessat(SafeFileHandle folder, string path, int mode, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int fstatvfs(SafeFileHandle file, ulong* status);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int fstatfs(SafeFileHandle file, ulong* status);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int getrlimit(int resource, ulong* limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmod(SafeFileHandle file, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int linkat(
        SafeFileHandle from, string oldPath, SafeFileHandle to, string newPath, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int linkat(int from, string oldPath, SafeFileHandle to, string newPath, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(
        SafeFileHandle folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle file, int command, int argument);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int fcntl(SafeFileHandle file, int command, ulong* argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint pread(SafeFileHandle file, byte* bytes, nuint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ftruncate(SafeFileHandle file, long length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fallocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint pwrite(SafeFileHandle file, byte* bytes, nuint count, long offset);
}
