using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Makes small files in one go: whole from the moment that their name is seen.</summary>
/// <remarks>
/// A file without a name is written and then linked, four calls in all (open(2), O_TMPFILE). Only where the
/// name is taken, or the file system knows no nameless files, it gets a name in the staging folder first
/// and is renamed from there.
/// </remarks>
internal sealed class LinuxWholeFiles(LinuxVolume volume)
{
    private const uint AnyFile = 0x1B6; // 0666, of which the kernel takes the umask

    private volatile bool _canBeNameless = true;
    private volatile bool _linksByProc;

    /// <summary>Cleared when the file system, or the kernel, says that it has no nameless files.</summary>
    public bool CanBeNameless
    {
        get => _canBeNameless;
        set => _canBeNameless = value;
    }

    /// <summary>Set when a privilege turns out to be missing for the short way to link a nameless file.</summary>
    public bool LinksByProc
    {
        get => _linksByProc;
        set => _linksByProc = value;
    }

    /// <summary>
    /// Makes a file with these bytes under a name in a folder, in place of what file has the name. ENOENT when
    /// somebody removed the folder; nothing is left behind by a failure.
    /// </summary>
    public Errno Make(SafeFileHandle folder, string leaf, ReadOnlySpan<byte> bytes, in FileStamp stamp)
    {
        if (!CanBeNameless)
            return MakeByRename(folder, leaf, bytes, stamp);
        var errno = Posix.OpenAt(folder, ".", OpenFlags.Write | OpenFlags.Nameless, out var file, AnyFile);
        using (file)
        {
            if (errno is Errno.EOPNOTSUPP or Errno.EISDIR or Errno.EINVAL or Errno.ENOSYS)
            {
                CanBeNameless = false;
                return MakeByRename(folder, leaf, bytes, stamp);
            }
            if (errno == Errno.EPERM)
                return MakeByRename(folder, leaf, bytes, stamp); // ext4 says so of a removed folder: the rename will tell
            if (errno == Errno.None)
                errno = Posix.WriteAt(file, bytes, 0);
            if (errno != Errno.None)
                return errno;
            volume.Digests.Leave(file, bytes.Length, stamp);
            errno = Link(file, folder, leaf);
            if (errno is Errno.EOPNOTSUPP or Errno.EPERM or Errno.EXDEV)
                return MakeByRename(folder, leaf, bytes, stamp); // no hard links here, or not between these folders
            if (errno == Errno.ENOENT && !Directory.Exists("/proc/self/fd"))
            {
                CanBeNameless = false;
                return MakeByRename(folder, leaf, bytes, stamp);
            }
            if (errno != Errno.EEXIST)
                return errno;
            var partName = NewPartName();
            errno = Link(file, volume.Staging, partName);
            return errno == Errno.None ? Rename(partName, folder, leaf) : errno;
        }
    }

    private Errno MakeByRename(SafeFileHandle folder, string leaf, ReadOnlySpan<byte> bytes, in FileStamp stamp)
    {
        const OpenFlags flags = OpenFlags.Write | OpenFlags.Create | OpenFlags.New | OpenFlags.NoFollow;
        var partName = NewPartName();
        var errno = Posix.OpenAt(volume.Staging, partName, flags, out var file, AnyFile);
        using (file)
        {
            if (errno != Errno.None)
                return errno;
            errno = Posix.WriteAt(file, bytes, 0);
            if (errno == Errno.None)
            {
                volume.Digests.Leave(file, bytes.Length, stamp);
                return Rename(partName, folder, leaf);
            }
            Posix.UnlinkAt(volume.Staging, partName);
            return errno;
        }
    }

    private Errno Rename(string partName, SafeFileHandle folder, string leaf)
    {
        var errno = Posix.RenameAt(volume.Staging, partName, folder, leaf);
        if (errno != Errno.None)
            Posix.UnlinkAt(volume.Staging, partName); // what cannot be removed either is removed at the next start
        return errno;
    }

    private Errno Link(SafeFileHandle file, SafeFileHandle folder, string name)
    {
        var errno = Posix.LinkNamelessAt(file, folder, name, LinksByProc);
        if (errno != Errno.ENOENT || LinksByProc)
            return errno;
        // Either the folder is gone or we lack a privilege: the other way tells which (linkat(2)).
        errno = Posix.LinkNamelessAt(file, folder, name, byProc: true);
        if (errno is Errno.None or Errno.EEXIST)
            LinksByProc = true;
        return errno;
    }

    private static string NewPartName() =>
        RandomNumberGenerator.GetHexString(16, lowercase: true) + NodeFolder.PartEnding;
}
