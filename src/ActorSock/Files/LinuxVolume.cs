using ActorSock.Wire;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>
/// Reaches everything below a root from its open descriptor, so that no link leads out of it.
/// </summary>
/// <remarks>
/// The rename works on the descriptor that a <see cref="FolderWalk"/> ended at, never on a path.
/// </remarks>
internal sealed class LinuxVolume : IVolume
{
    private readonly string _path;
    private readonly DurableFolders _durable = new();
    private readonly DurableFolders _good = new();
    private SafeFileHandle _root = NotOpen();
    private ulong _fileSystem;
    private SafeFileHandle _node = NotOpen();
    private SafeFileHandle _lock = NotOpen();
    private SafeFileHandle _log = NotOpen();

    private LinuxVolume(string path)
    {
        _path = path;
        WholeFiles = new LinuxWholeFiles(this);
    }

    internal LinuxDigests Digests { get; } = new();

    public long FreeBytes => Posix.FreeBytes(_root);

    public StringComparer NameComparer { get; private set; } = StringComparer.Ordinal;

    internal SafeFileHandle Staging { get; private set; } = NotOpen();

    /// <summary>The mode of a published file: all may read and write, less the umask.</summary>
    internal uint PublishedMode { get; } = 0x1B6 & ~LinuxRoot.Umask(); // 0666

    internal LinuxWholeFiles WholeFiles { get; }

    /// <summary>Cleared when the file system says that it cannot preallocate.</summary>
    internal bool CanPreallocate { get; set; } = true;

    /// <summary>Cleared when the file system says that it takes no writes past its page cache.</summary>
    internal bool CanWriteDirect { get; set; } = true;

    /// <summary>Null where one call makes all files durable, or says that it could not.</summary>
    internal OneByOneSync? OneByOne { get; private set; }

    /// <param name="path">Absolute; links on the way to it are the operator's and are followed.</param>
    public static LinuxVolume Open(string path)
    {
        var what = $"cannot use '{path}' as the root of files";
        var volume = new LinuxVolume(path);
        try
        {
            volume._root = LinuxRoot.OpenOrMake(path, what);
            Posix.MayWriteIn(volume._root).OrRefuse(what);
            Posix.FactsOf(volume._root, out var facts).OrRefuse(what);
            volume._fileSystem = facts.FileSystem;
            volume._node = LinuxRoot.OwnFolder(volume._root, NodeFolder.Name, what);
            volume._lock = LinuxRoot.Hold(volume._node, what);
            volume.Staging = LinuxRoot.OwnFolder(volume._node, NodeFolder.Staging, what);
            volume._log = LinuxRoot.OwnFolder(volume._node, NodeFolder.Log, what);
            volume.NameComparer = LinuxRoot.IgnoresCase(volume._root)
                ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
            if (OneByOneSync.IsNeededAt(volume._root))
                volume.SyncOneByOne();
            return volume;
        }
        catch
        {
            volume.Dispose();
            throw;
        }
    }

    internal void SyncOneByOne() => OneByOne = new OneByOneSync(_root, _durable);

    public void Probe(FileName name)
    {
        var what = WhatFailed(name);
        using var walk = FolderWalk.Reach(_root, name, _durable, what, out var arrived);
        ThrowIfElsewhere(walk, name, what);
        Posix.MayWriteIn(walk.At).OrRefuse(what);
        if (!arrived)
            return;
        const OpenFlags flags = OpenFlags.Folder | OpenFlags.NoFollow | OpenFlags.Locate;
        var errno = Posix.OpenAt(walk.At, name.Leaf, flags, out var inTheWay);
        inTheWay.Dispose();
        if (errno is Errno.None)
            throw Errno.EISDIR.Refuses(what);
        if (errno is not (Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)) // absent, a file, a link
            throw errno.Refuses(what);
        _good.Add(name.Folder);
    }

    public void ThrowIfTaken(FileName name)
    {
        // One call where the folder was good before. Whether it still is, publishing finds out.
        if (!IsGood(name))
            Probe(name);
        if (!IsGood(name))
            return; // it will be made
        var errno = Posix.FactsAt(_root, name.Value, out var facts);
        if (errno == Errno.ENOENT || (errno == Errno.None && facts.IsFile))
            return;
        if (errno == Errno.None && !facts.IsFolder)
            throw FileRoot.NoPlainFile(WhatFailed(name));
        Probe(name);
    }

    private bool IsGood(FileName name) => name.HasNoFolders || _good.Contains(name.Folder);

    public IPart CreatePart(string partName, FileName name, bool direct) =>
        LinuxPart.Create(this, partName, name, direct);

    public IReadOnlyList<PartSeen> Parts() => Staged(NodeFolder.PartEnding);

    public IReadOnlyList<PartSeen> Staged(string ending) =>
        PartSeen.In(Path.Combine(_path, NodeFolder.Name, NodeFolder.Staging), ending);

    public IPart? OpenPart(string partName, FileName name, bool direct) =>
        LinuxPart.OpenAgain(this, partName, name, direct);

    public SafeFileHandle? OpenBeside(string name, bool create)
    {
        const uint ownerOnly = 0x180; // 0600
        const OpenFlags flags = OpenFlags.ReadWrite | OpenFlags.NoFollow;
        var errno = Posix.OpenAt(Staging, name, create ? flags | OpenFlags.Create | OpenFlags.New : flags, out var file, ownerOnly);
        if (errno == Errno.ENOENT && !create)
            return null;
        errno.OrRefuse($"cannot keep '{name}'");
        return file;
    }

    public void SyncStaging() => Posix.Sync(Staging).OrRefuse("cannot make the staging folder durable");

    public bool HasPart(string partName)
    {
        var errno = Posix.OpenAt(Staging, partName, OpenFlags.NoFollow | OpenFlags.Locate, out var part);
        part.Dispose();
        if (errno != Errno.ENOENT)
            errno.OrRefuse($"cannot look for the part file '{partName}'");
        return errno == Errno.None;
    }

    public void RemovePart(string partName)
    {
        var errno = Posix.UnlinkAt(Staging, partName);
        if (errno != Errno.ENOENT)
            errno.OrRefuse($"cannot remove the part file '{partName}'");
    }

    public void Store(FileName name, ReadOnlySpan<byte> bytes, in FileStamp stamp = default)
    {
        if (name.HasNoFolders) // the root is open, and stays
        {
            WholeFiles.Make(_root, name.Leaf, bytes, stamp).OrRefuseName(WhatFailed(name));
            OneByOne?.Add(name);
            return;
        }
        for (var tries = 1; ; tries++)
        {
            using var walk = FolderWalk.Make(_root, name, _durable, WhatFailed(name));
            ThrowIfElsewhere(walk, name, WhatFailed(name));
            var errno = WholeFiles.Make(walk.At, name.Leaf, bytes, stamp);
            if (errno == Errno.ENOENT && tries < FolderWalk.TriesMax)
                continue; // somebody removed the folder behind us: make it again
            errno.OrRefuseName(WhatFailed(name));
            OneByOne?.Add(name);
            return;
        }
    }

    public void PublishPart(string partName, FileName name)
    {
        for (var tries = 1; ; tries++)
        {
            using var walk = FolderWalk.Make(_root, name, _durable, WhatFailed(name));
            var errno = Posix.RenameAt(Staging, partName, walk.At, name.Leaf);
            if (errno == Errno.ENOENT && tries < FolderWalk.TriesMax && HasPart(partName))
                continue; // somebody removed the folder behind us: make it again
            errno.OrRefuseName(WhatFailed(name));
            OneByOne?.Add(name);
            return;
        }
    }

    public void SyncFolder(FileName name)
    {
        // Where there is no way: somebody moved the folder away, with what was stored in it, and it is to be durable there; or
        // too many files are open, which must not be taken for a disk that fails.
        if (!FolderWalk.TrySync(_root, name, _durable, WhatFailed(name)))
            SyncAll();
    }

    public void SyncAll()
    {
        const string what = "cannot make stored files durable";
        OneByOne?.SyncAll(what);
        Posix.SyncFileSystem(_root).OrRefuse(what);
    }

    public bool Check(FileName name, long size, Md5Digest? digest)
    {
        var what = $"cannot check '{name}'";
        using var walk = FolderWalk.Find(_root, name, _durable, what);
        if (walk is null)
            return false;
        const OpenFlags flags = OpenFlags.Read | OpenFlags.NoFollow | OpenFlags.NoWait;
        var errno = Posix.OpenAt(walk.At, name.Leaf, flags, out var file);
        using (file)
        {
            if (errno is Errno.ENOENT or Errno.ELOOP or Errno.EACCES or Errno.ENXIO) // the last of a socket
                return false;
            errno.OrRefuse(what);
            Posix.SizeOf(file, out var found).OrRefuse(what);
            OneByOne?.Add(name);
            return found == size && (digest is null || WholeFile.DigestOf(file) == digest);
        }
    }

    public StoredFile? Stat(FileName name)
    {
        using var file = LinuxStoredFile.Open(_root, name, Digests, $"cannot look at '{name}'");
        return file?.Found;
    }

    public StoredFile? Digest(FileName name, DateTimeOffset now)
    {
        using var file = LinuxStoredFile.Open(_root, name, Digests, WhatNotRead(name));
        return file?.WithMd5(now);
    }

    public IStoredFile? Open(FileName name) => LinuxStoredFile.OpenForPeer(_root, name, Digests, WhatNotRead(name));

    public IFolderReader? OpenFolder(string path) => LinuxFolder.OpenForPeer(_root, path, Digests);

    public bool Exists(FileName name)
    {
        var errno = LinuxFolder.OpenAt(_root, name.Folder, out var folder);
        using (folder)
        {
            if (errno == Errno.None)
                errno = Posix.FactsAt(folder, name.Leaf, out _);
        }
        if (errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)
            return false;
        errno.OrRefuse($"cannot look at '{name}'");
        return true;
    }

    public bool Remove(FileName name)
    {
        var errno = LinuxFolder.OpenAt(_root, name.Folder, out var folder);
        using (folder)
        {
            if (errno == Errno.None)
                errno = Posix.UnlinkAt(folder, name.Leaf);
        }
        if (errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)
            return false;
        errno.OrRefuse($"cannot remove '{name}'");
        OneByOne?.Add(name);
        return true;
    }

    public bool RemoveEmptyFolder(FileName name)
    {
        var what = $"cannot remove the folder '{name}'";
        var errno = LinuxFolder.OpenAt(_root, name.Folder, out var parent);
        using (parent)
        {
            if (errno == Errno.None)
                errno = LinuxFolder.RemoveEmpty(parent, name.Leaf);
        }
        if (errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.ENOTEMPTY)
            return false;
        errno.OrRefuse(what);
        return true;
    }

    public void Rename(FileName name, FileName to)
    {
        var what = $"cannot rename '{name}' to '{to}'";
        for (var tries = 1; ; tries++)
        {
            var errno = LinuxFolder.OpenAt(_root, name.Folder, out var folder);
            using (folder)
            {
                var facts = default(FileFacts);
                if (errno == Errno.None)
                    errno = Posix.FactsAt(folder, name.Leaf, out facts);
                if (errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP || (errno == Errno.None && !facts.IsFile))
                    throw FileRoot.NameUnknown(name, what);
                errno.OrRefuse(what);
                using var walk = FolderWalk.Make(_root, to, _durable, what);
                ThrowIfElsewhere(walk, to, what);
                // Of one file that has both names, rename(2) leaves both.
                var isOther = !NameComparer.Equals(name.Value, to.Value);
                errno = isOther && Posix.FactsAt(walk.At, to.Leaf, out var replaced) == Errno.None && replaced.Inode == facts.Inode
                    ? Posix.UnlinkAt(folder, name.Leaf)
                    : Posix.RenameAt(folder, name.Leaf, walk.At, to.Leaf);
            }
            if (errno == Errno.ENOENT && tries < FolderWalk.TriesMax)
                continue; // somebody removed a folder behind us: look again
            errno.OrRefuseName(what);
            OneByOne?.Add(to);
            OneByOne?.Add(name);
            return;
        }
    }

    public ILogFile OpenLogFile(string name, bool direct)
    {
        if (Posix.LinksOf(_log) == 0) // somebody has removed the folder under us
        {
            _log.Dispose();
            _log = LinuxRoot.OwnFolder(_node, NodeFolder.Log, LinuxLogFile.What);
        }
        return LinuxLogFile.Open(_log, name, direct);
    }

    public void Dispose()
    {
        _log.Dispose();
        Staging.Dispose();
        if (_lock is { IsInvalid: false, IsClosed: false }) Posix.Unlock(_lock);
        _lock.Dispose();
        _node.Dispose();
        _root.Dispose();
    }

    /// <summary>What is stored on another file system, no sync of the root's makes durable, and no part file can be renamed to.</summary>
    private void ThrowIfElsewhere(FolderWalk walk, FileName name, string what)
    {
        if (name.HasNoFolders)
            return;
        Posix.FactsOf(walk.At, out var facts).OrRefuse(what);
        if (facts.FileSystem != _fileSystem)
            throw Errno.EXDEV.Refuses(what);
    }

    private static string WhatFailed(FileName name) => $"cannot store '{name}'";

    private static string WhatNotRead(FileName name) => $"cannot read '{name}'";

    private static SafeFileHandle NotOpen() => new(-1, ownsHandle: true);
}
