using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>
/// Reaches everything below a root from its open descriptor, so that no link leads out of it.
/// </summary>
/// <remarks>
/// A path is walked folder by folder with O_NOFOLLOW, and the rename works on the descriptor that the walk
/// ended at: what somebody swaps into the path meanwhile is not where the file goes (path_resolution(7),
/// openat(2)).
/// </remarks>
internal sealed class LinuxVolume : IVolume
{
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
    internal uint PublishedMode { get; } = 0x1B6 & ~LinuxRoot.Umask(); // 0666

    /// <summary>Cleared when the file system says that it cannot preallocate.</summary>
    internal bool CanPreallocate { get; set; } = true;

    /// <param name="path">Absolute; links on the way to it are the operator's and are followed.</param>
    public static LinuxVolume Open(string path)
    {
        var what = $"cannot use '{path}' as the root of files";
        var volume = new LinuxVolume(path);
        try
        {
            volume._root = LinuxRoot.OpenOrMake(path, what);
            Posix.MayWriteIn(volume._root).OrRefuse(what);
            volume._node = LinuxRoot.OwnFolder(volume._root, NodeFolder.Name, what);
            volume._lock = LinuxRoot.Hold(volume._node, what);
            volume.Staging = LinuxRoot.OwnFolder(volume._node, NodeFolder.Staging, what);
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
        Posix.MayWriteIn(folder.Handle).OrRefuse(what);
        var errno = Posix.OpenAt(folder.Handle, name.Leaf, FolderInside | OpenFlags.Locate, out var inTheWay);
        inTheWay.Dispose();
        if (errno is Errno.None)
            throw Errno.EISDIR.Refuses(what);
        if (errno is not (Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)) // absent, a file, a link
            throw errno.Refuses(what);
    }

    public IPart CreatePart(string partName, FileName name) => LinuxPart.Create(this, partName, name);

    public IReadOnlyList<PartSeen> Parts() =>
        PartSeen.In(Path.Combine(_path, NodeFolder.Name, NodeFolder.Staging));

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

    /// <summary>
    /// Moves a part file, whose bytes are durable, to its final name and makes that durable.
    /// </summary>
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
    /// Opens the folder of a name. Without <paramref name="create"/>, null when it is not there; with it, it
    /// is made, and the names of all folders on the way are durable when this returns.
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
                throw LinuxRoot.NoFolder(parent, segment, path.TrimEnd('/'), what);
            if (errno == Errno.ENOENT && !create)
                return null;
            if (errno != Errno.ENOENT || tries == WalksMax)
                throw errno.Refuses(what);
            _durable.Remove(path); // before it can be seen: who finds it new also finds it not yet durable
            errno = Posix.MakeFolderAt(parent, segment, LinuxRoot.AnyFolder);
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
