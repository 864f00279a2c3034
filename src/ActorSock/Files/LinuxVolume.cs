using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Reaches everything below a root from its open descriptor, so that no link leads out of it.</summary>
/// <remarks>
/// A path is walked folder by folder with O_NOFOLLOW, and the rename works on the descriptor that the walk ended
/// at: what somebody swaps into the path meanwhile is not where the file goes (path_resolution(7), openat(2)).
/// </remarks>
internal sealed class LinuxVolume : IVolume
{
    private const uint OwnerOnlyFolder = 0x1C0; // 0700
    private const uint AnyFolder = 0x1FF; // 0777, less the umask
    private const OpenFlags FolderInside = OpenFlags.Folder | OpenFlags.NoFollow;
    private const int WalksMax = 4;

    private readonly string _path;
    private readonly DurableFolders _durable = new();
    private SafeFileHandle _root = NotOpen();
    private SafeFileHandle _node = NotOpen();
    private SafeFileHandle _lock = NotOpen();

    private LinuxVolume(string path) => _path = path;

    public long FreeBytes => new DriveInfo(_path).AvailableFreeSpace;

    internal SafeFileHandle Staging { get; private set; } = NotOpen();

    /// <summary>The mode of a published file: all may read and write, less the umask.</summary>
    internal uint PublishedMode { get; } = 0x1B6 & ~Umask(); // 0666

    /// <summary>Cleared when the file system says that it cannot preallocate.</summary>
    internal bool CanPreallocate { get; set; } = true;

    /// <param name="path">Absolute; links on the way to it are the operator's and are followed.</param>
    public static LinuxVolume Open(string path)
    {
        var what = $"cannot use '{path}' as the root of files";
        var volume = new LinuxVolume(path);
        try
        {
            volume._root = OpenRoot(path, what);
            volume._node = OwnFolder(volume._root, NodeFolder.Name, what);
            volume._lock = Hold(volume._node, what);
            volume.Staging = OwnFolder(volume._node, NodeFolder.Staging, what);
            return volume;
        }
        catch
        {
            volume.Dispose();
            throw;
        }
    }

    public void Probe(FileName name)
    {
        var what = $"cannot store '{name}'";
        using var folder = Walk(name, what, create: false);
        if (folder is null)
            return;
        var errno = Posix.OpenAt(folder.Handle, name.Leaf, FolderInside | OpenFlags.Locate, out var inTheWay);
        inTheWay.Dispose();
        if (errno is Errno.None)
            throw Errno.EISDIR.Refuses(what);
        if (errno is not (Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)) // absent, a file, a link: all replaceable
            throw errno.Refuses(what);
    }

    public IPart CreatePart(string partName, FileName name) => LinuxPart.Create(this, partName, name);

    public IReadOnlyList<PartSeen> Parts()
    {
        try
        {
            return [.. new DirectoryInfo(Path.Combine(_path, NodeFolder.Name, NodeFolder.Staging))
                .EnumerateFiles("*" + NodeFolder.PartEnding)
                .Select(f => new PartSeen(f.Name, f.Length, f.LastWriteTimeUtc))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                StorageFault.Failed, $"cannot look into the staging folder of '{_path}'", e.Message,
                "look into the system's log", e);
        }
    }

    public void RemovePart(string partName)
    {
        var errno = Posix.UnlinkAt(Staging, partName);
        if (errno != Errno.ENOENT)
            errno.OrRefuse($"cannot remove the part file '{partName}'");
    }

    public void Dispose()
    {
        Staging.Dispose();
        _lock.Dispose();
        _node.Dispose();
        _root.Dispose();
    }

    /// <summary>Moves a part file, whose bytes are durable, to its final name and makes that durable.</summary>
    internal void Publish(string partName, FileName name)
    {
        var what = $"cannot store '{name}'";
        for (var walks = 1; ; walks++)
        {
            using var folder = Walk(name, what, create: true)!;
            var errno = Posix.RenameAt(Staging, partName, folder.Handle, name.Leaf);
            if (errno == Errno.ENOENT && walks < WalksMax)
                continue; // somebody removed the folder behind us: make it again
            errno.OrRefuse(what);
            Posix.Sync(folder.Handle).OrRefuse(what);
            return;
        }
    }

    /// <summary>
    /// Opens the folder of a name. Without <paramref name="create"/>, null when it is not there; with it, it is
    /// made, and the names of all folders on the way are durable when this returns.
    /// </summary>
    private OpenFolder? Walk(FileName name, string what, bool create)
    {
        var at = new OpenFolder(_root, owned: false);
        var path = "";
        foreach (var segment in name.Folders)
        {
            path = $"{path}{segment}/";
            OpenFolder? next;
            try
            {
                next = Step(at.Handle, segment, path, what, create);
            }
            finally
            {
                at.Dispose();
            }
            if (next is null)
                return null;
            at = next;
        }
        return at;
    }

    private OpenFolder? Step(SafeFileHandle parent, string segment, string path, string what, bool create)
    {
        var created = false;
        for (var tries = 1; ; tries++)
        {
            var errno = Posix.OpenAt(parent, segment, FolderInside, out var opened);
            if (errno == Errno.None)
            {
                var folder = new OpenFolder(opened, owned: true);
                if (create && (created || !_durable.Contains(path)))
                    MakeDurable(parent, path, folder, what);
                return folder;
            }
            opened.Dispose();
            if (errno is Errno.ENOTDIR or Errno.ELOOP)
                throw NoFolder(parent, segment, path, what);
            if (errno == Errno.ENOENT && !create)
                return null;
            if (errno != Errno.ENOENT || tries == WalksMax)
                throw errno.Refuses(what);
            _durable.Remove(path); // before it can be seen: whoever finds it new also finds it not yet durable
            errno = Posix.MakeFolderAt(parent, segment, AnyFolder);
            created |= errno == Errno.None;
            if (errno != Errno.EEXIST)
                errno.OrRefuse(what);
        }
    }

    private void MakeDurable(SafeFileHandle parent, string path, OpenFolder folder, string what)
    {
        var errno = Posix.Sync(parent);
        if (errno == Errno.None)
        {
            _durable.Add(path);
            return;
        }
        folder.Dispose();
        throw errno.Refuses(what);
    }

    private static StorageException NoFolder(SafeFileHandle parent, string segment, string path, string what) =>
        Posix.IsLinkAt(parent, segment)
            ? new StorageException(StorageFault.Denied, what, $"'{path.TrimEnd('/')}' is a link, and links are not followed",
                "replace the link by a folder or send it under another name")
            : new StorageException(StorageFault.NameTaken, what, $"'{path.TrimEnd('/')}' is a file, not a folder",
                "send it under another name or remove that file");

    private static SafeFileHandle OpenRoot(string path, string what)
    {
        var errno = Posix.Open(path, OpenFlags.Folder, out var root);
        if (errno == Errno.ENOENT && Path.GetDirectoryName(path) is { } parentPath)
        {
            root.Dispose();
            using var parent = OpenRoot(parentPath, what);
            errno = Posix.MakeFolderAt(parent, Path.GetFileName(path), AnyFolder);
            if (errno != Errno.EEXIST)
                errno.OrRefuse(what);
            Posix.Sync(parent).OrRefuse(what);
            errno = Posix.OpenAt(parent, Path.GetFileName(path), OpenFlags.Folder, out root);
        }
        if (errno == Errno.ENOTDIR)
        {
            throw new StorageException(StorageFault.NameTaken, what, "it, or what it should lie in, is a file, not a folder",
                "set actorsock.files.root to a folder");
        }
        errno.OrRefuse(what);
        return root;
    }

    /// <summary>Opens a folder of the node's own, which nobody else may look into.</summary>
    private static SafeFileHandle OwnFolder(SafeFileHandle parent, string name, string what)
    {
        var errno = Posix.OpenAt(parent, name, FolderInside, out var folder);
        if (errno == Errno.ENOENT)
        {
            Posix.MakeFolderAt(parent, name, OwnerOnlyFolder).OrRefuse(what);
            Posix.Sync(parent).OrRefuse(what);
            errno = Posix.OpenAt(parent, name, FolderInside, out folder);
        }
        if (errno is Errno.ENOTDIR or Errno.ELOOP)
            throw NoFolder(parent, name, name, what);
        errno.OrRefuse(what);
        Posix.SetMode(folder, OwnerOnlyFolder).OrRefuse(what);
        return folder;
    }

    /// <summary>Locks the root for this process: the kernel lets go when the process ends, however it ends.</summary>
    private static SafeFileHandle Hold(SafeFileHandle node, string what)
    {
        const OpenFlags flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow;
        Posix.OpenAt(node, NodeFolder.Lock, flags, out var file, mode: 0x180 /* 0600 */).OrRefuse(what);
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
        return int.TryParse(text, CultureInfo.InvariantCulture, out var id) ? $"process {id}" : "another process";
    }

    /// <summary>Reads the umask where reading does not set it for a moment, as umask(2) does (proc(5)).</summary>
    private static uint Umask()
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("Umask:", StringComparison.Ordinal))
                return Convert.ToUInt32(line["Umask:".Length..].Trim(), 8);
        }
        return 0x12; // 0022, where the kernel is older than 4.7
    }

    private static SafeFileHandle NotOpen() => new(-1, ownsHandle: true);

    /// <summary>A folder on the way; the root itself stays open.</summary>
    private sealed class OpenFolder(SafeFileHandle handle, bool owned) : IDisposable
    {
        public SafeFileHandle Handle => handle;

        public void Dispose()
        {
            if (owned)
                handle.Dispose();
        }
    }
}
