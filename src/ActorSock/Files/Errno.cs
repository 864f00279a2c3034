using System.Runtime.InteropServices;

namespace ActorSock.Files;

/// <summary>
/// Names the error numbers of Linux that we tell apart (asm-generic/errno.h: x64, arm64, riscv64).
/// </summary>
internal enum Errno
{
    None = 0,
    EPERM = 1,
    ENOENT = 2,
    EINTR = 4,
    EIO = 5,
    ENXIO = 6,
    EAGAIN = 11,
    EACCES = 13,
    EBUSY = 16,
    EEXIST = 17,
    EXDEV = 18,
    ENOTDIR = 20,
    EISDIR = 21,
    EINVAL = 22,
    ENFILE = 23,
    EMFILE = 24,
    EFBIG = 27,
    ENOSPC = 28,
    EROFS = 30,
    ERANGE = 34,
    ENAMETOOLONG = 36,
    ENOSYS = 38,
    ENOTEMPTY = 39,
    ELOOP = 40,
    EILSEQ = 84,
    EOPNOTSUPP = 95,
    EDQUOT = 122,
}

/// <summary>Puts what the kernel refused into words.</summary>
internal static class ErrnoWords
{
    /// <summary>The refusal of one step, as a sentence of what, why and what to do.</summary>
    public static StorageException Refuses(this Errno errno, string what)
    {
        var (fault, why, whatToDo) = errno switch
        {
            Errno.ENOSPC => (StorageFault.DiskFull, "the disk is full", "free some space"),
            Errno.EDQUOT => (StorageFault.DiskFull, "the disk quota is used up",
                "free some space or raise the quota"),
            Errno.EROFS => (StorageFault.ReadOnly, "the file system is read-only",
                "mount it writable or set actorsock.files.root"),
            Errno.EACCES or Errno.EPERM => (StorageFault.Denied, "no permission",
                "give the server's user the right to write there"),
            Errno.EISDIR or Errno.ENOTEMPTY or Errno.EEXIST => (StorageFault.NameTaken,
                "a folder has this name",
                "send it under another name or remove the folder"),
            Errno.EBUSY => (StorageFault.NameTaken, "something is mounted under this name", "send it under another name or unmount it"),
            Errno.ENAMETOOLONG => (StorageFault.NameRefused, "the file system does not take so long a name",
                "send it under a shorter name"),
            Errno.EFBIG => (StorageFault.Failed, "the file system does not take so large a file",
                "send it in pieces or use another file system"),
            Errno.EXDEV => (StorageFault.Elsewhere, "a folder on the way lies on another file system",
                "make that file system the root, or unmount it"),
            Errno.EMFILE or Errno.ENFILE => (StorageFault.Failed, "too many files are open",
                "raise the limit of open files (ulimit -n) or lower actorsock.connections.max"),
            Errno.EIO => (StorageFault.Failed, "the disk reports an error",
                "look into the kernel's log before you trust that disk"),
            _ => (StorageFault.Failed, Marshal.GetPInvokeErrorMessage((int)errno),
                "look into the system's log"),
        };
        return new StorageException(fault, what, why, whatToDo);
    }

    /// <summary>
    /// Throws unless the step was done, which makes a name: FAT does not take every character, and says so in these words.
    /// </summary>
    public static void OrRefuseName(this Errno errno, string what)
    {
        if (errno is Errno.EINVAL or Errno.EILSEQ)
        {
            throw new StorageException(StorageFault.NameRefused, what, "the file system does not take such a name",
                "send it under another name");
        }
        errno.OrRefuse(what);
    }

    /// <summary>Throws unless the step was done.</summary>
    public static void OrRefuse(this Errno errno, string what)
    {
        if (errno != Errno.None)
            throw errno.Refuses(what);
    }
}
