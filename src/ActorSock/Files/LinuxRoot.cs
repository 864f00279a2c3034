using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Opens a root and what is the node's own in it, and locks it.</summary>
internal static class LinuxRoot
{
    /// <summary>0777, less the umask.</summary>
    public const uint AnyFolder = 0x1FF;

    private const uint OwnerOnlyFolder = 0x1C0; // 0700
    private const uint OwnerOnlyFile = 0x180; // 0600

    /// <summary>Opens the root; where it is missing it is made, and its name durable.</summary>
    public static SafeFileHandle OpenOrMake(string path, string what)
    {
        var errno = Posix.Open(path, OpenFlags.Folder, out var root);
        if (errno == Errno.ENOENT && Path.GetDirectoryName(path) is { } parentPath)
        {
            root.Dispose();
            using var parent = OpenOrMake(parentPath, what);
            errno = Posix.MakeFolderAt(parent, Path.GetFileName(path), AnyFolder);
            if (errno != Errno.EEXIST)
                errno.OrRefuse(what);
            Posix.Sync(parent).OrRefuse(what);
            errno = Posix.OpenAt(parent, Path.GetFileName(path), OpenFlags.Folder, out root);
        }
        if (errno == Errno.ENOTDIR)
        {
            throw new StorageException(StorageFault.NameTaken, what,
                "it, or what it should lie in, is a file, not a folder",
                "set actorsock.files.root to a folder");
        }
        errno.OrRefuse(what);
        return root;
    }

    /// <summary>Whether names in the root that differ in case only are one name.</summary>
    public static bool IgnoresCase(SafeFileHandle root)
    {
        const OpenFlags flags = OpenFlags.NoFollow | OpenFlags.Locate;
        var errno = Posix.OpenAt(root, NodeFolder.Name.ToUpperInvariant(), flags, out var same);
        same.Dispose();
        return errno == Errno.None;
    }

    /// <summary>Opens a folder of the node's own, which nobody else may look into.</summary>
    public static SafeFileHandle OwnFolder(SafeFileHandle parent, string name, string what)
    {
        var errno = Posix.OpenAt(parent, name, OpenFlags.Folder | OpenFlags.NoFollow, out var folder);
        if (errno == Errno.ENOENT)
        {
            Posix.MakeFolderAt(parent, name, OwnerOnlyFolder).OrRefuse(what);
            Posix.Sync(parent).OrRefuse(what);
            errno = Posix.OpenAt(parent, name, OpenFlags.Folder | OpenFlags.NoFollow, out folder);
        }
        if (errno is Errno.ENOTDIR or Errno.ELOOP)
            throw NoFolder(parent, name, name, what);
        errno.OrRefuse(what);
        Posix.SetMode(folder, OwnerOnlyFolder).OrRefuse(what);
        return folder;
    }

    /// <summary>
    /// Locks the root for this process: the kernel lets go when the process ends, however it ends.
    /// </summary>
    public static SafeFileHandle Hold(SafeFileHandle node, string what)
    {
        const OpenFlags flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow;
        Posix.OpenAt(node, NodeFolder.Lock, flags, out var file, OwnerOnlyFile).OrRefuse(what);
        try
        {
            var errno = Posix.Lock(file);
            if (errno == Errno.EAGAIN)
            {
                throw new StorageException(StorageFault.InUse, what, $"{HolderIn(file)} holds it",
                    "stop that node or set actorsock.files.root to another folder");
            }
            errno.OrRefuse(what);
            Posix.Truncate(file, 0).OrRefuse(what);
            var pid = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            Posix.WriteAt(file, Encoding.ASCII.GetBytes(pid + "\n"), 0).OrRefuse(what);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static string HolderIn(SafeFileHandle file)
    {
        Span<byte> pid = stackalloc byte[16];
        var length = RandomAccess.Read(file, pid, 0);
        var text = Encoding.ASCII.GetString(pid[..length]).Trim();
        var known = int.TryParse(text, CultureInfo.InvariantCulture, out var id);
        return known ? $"process {id}" : "another process";
    }

    /// <summary>
    /// Reads the umask where reading does not set it for a moment, as umask(2) does (proc(5)).
    /// </summary>
    public static uint Umask()
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("Umask:", StringComparison.Ordinal))
                return Convert.ToUInt32(line["Umask:".Length..].Trim(), 8);
        }
        return 0x12; // 0022, where the kernel is older than 4.7
    }

    /// <summary>Says what lies where a folder should be.</summary>
    public static StorageException NoFolder(SafeFileHandle parent, string name, string path, string what) =>
        Posix.IsLinkAt(parent, name)
            ? new StorageException(StorageFault.Linked, what, $"'{path}' is a link, and no link is followed",
                "replace the link by a folder or send it under another name")
            : new StorageException(StorageFault.NameTaken, what, $"'{path}' is a file, not a folder",
                "send it under another name or remove that file");
}
