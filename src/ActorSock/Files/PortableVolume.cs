using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ActorSock.Wire;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>
/// Does on Windows and macOS, by .NET's own calls, what <see cref="LinuxVolume"/> does by descriptors.
/// </summary>
/// <remarks>
/// It works by path, so a link that is swapped in between its check and the rename is not caught. A folder
/// cannot be made durable by .NET: NTFS and APFS keep renames in order in their journals, which may lose the
/// last ones with the power, but mix nothing up.
/// </remarks>
internal sealed class PortableVolume : IVolume
{
    private const UnixFileMode OwnerOnly =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _path;
    private readonly FileStream _lock;

    private readonly UnsyncedNames _unsynced = new();

    private PortableVolume(string path, FileStream held)
    {
        (_path, _lock) = (path, held);
        NameComparer = Directory.Exists(Path.Combine(path, NodeFolder.Name.ToUpperInvariant()))
            ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
    }

    public StringComparer NameComparer { get; }

    public long FreeBytes => new DriveInfo(_path).AvailableFreeSpace;

    private string Staging => Path.Combine(_path, NodeFolder.Name, NodeFolder.Staging);

    public static PortableVolume Open(string path)
    {
        var what = $"cannot use '{path}' as the root of files";
        var node = Path.Combine(path, NodeFolder.Name);
        return SystemWords.Try(what, () =>
        {
            if (File.Exists(path))
            {
                throw new StorageException(StorageFault.NameTaken, what, "it is a file, not a folder",
                    "set actorsock.files.root to a folder");
            }
            Directory.CreateDirectory(path);
            MakeOwnFolder(node, what);
            var held = Hold(Path.Combine(node, NodeFolder.Lock), what);
            try
            {
                MakeOwnFolder(Path.Combine(node, NodeFolder.Staging), what);
                MakeOwnFolder(Path.Combine(node, NodeFolder.Log), what);
                return new PortableVolume(path, held);
            }
            catch
            {
                held.Dispose();
                throw;
            }
        });
    }

    public void Probe(FileName name)
    {
        var what = $"cannot store '{name}'";
        SystemWords.Try(what, () =>
        {
            Walk(name, what, create: false);
            return true;
        });
    }

    public void ThrowIfTaken(FileName name)
    {
        Probe(name);
        if (Exists(name) && Stat(name) is null)
            throw FileRoot.NoPlainFile($"cannot store '{name}'");
    }

    public IPart CreatePart(string partName, FileName name, bool direct) =>
        PortablePart.Create(this, Path.Combine(Staging, partName), name);

    public IReadOnlyList<PartSeen> Parts() => Staged(NodeFolder.PartEnding);

    public IReadOnlyList<PartSeen> Staged(string ending) => PartSeen.In(Staging, ending);

    public IPart? OpenPart(string partName, FileName name, bool direct) =>
        PortablePart.OpenAgain(this, Path.Combine(Staging, partName), name);

    public SafeFileHandle? OpenBeside(string name, bool create) => SystemWords.Try($"cannot keep '{name}'", () =>
    {
        var path = Path.Combine(Staging, name);
        if (!create && !File.Exists(path))
            return null;
        var file = File.OpenHandle(path, create ? FileMode.CreateNew : FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (create && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    });

    public void SyncStaging()
    {
        // .NET cannot, see above
    }

    public bool HasPart(string partName) => File.Exists(Path.Combine(Staging, partName));

    public void RemovePart(string partName) =>
        SystemWords.Try($"cannot remove the part file '{partName}'", () =>
        {
            File.Delete(Path.Combine(Staging, partName));
            return true;
        });

    public void Store(FileName name, ReadOnlySpan<byte> bytes, in FileStamp stamp = default)
    {
        var random = RandomNumberGenerator.GetHexString(16, lowercase: true);
        using var part = PortablePart.Create(this, Path.Combine(Staging, random + NodeFolder.PartEnding), name);
        try
        {
            part.Write(bytes, 0);
            part.MakeReadable();
            part.SetModified(stamp);
            part.Publish();
        }
        catch
        {
            part.Remove();
            throw;
        }
        _unsynced.Add(name);
    }

    public void PublishPart(string partName, FileName name)
    {
        var what = $"cannot store '{name}'";
        SystemWords.Try(what, () =>
        {
            File.Move(Path.Combine(Staging, partName), Walk(name, what, create: true), overwrite: true);
            return true;
        });
        _unsynced.Add(name);
    }

    public void SyncFolder(FileName name)
    {
        // .NET cannot, see above
    }

    public void SyncAll() => SystemWords.Try("cannot make stored files durable", () =>
    {
        foreach (var name in _unsynced.TakeAll())
            SyncOne(Path.Combine(_path, name.Value));
        return true;
    });

    public bool Check(FileName name, long size, Md5Digest? digest)
    {
        var what = $"cannot check '{name}'";
        var whole = SystemWords.Try(what, () =>
        {
            var file = new FileInfo(Walk(name, what, create: false));
            if (!file.Exists || file.Attributes.HasFlag(FileAttributes.ReparsePoint) || file.Length != size)
                return false;
            using var opened = File.OpenHandle(file.FullName);
            return digest is null || WholeFile.DigestOf(opened) == digest;
        });
        if (whole)
            _unsynced.Add(name);
        return whole;
    }

    public StoredFile? Stat(FileName name) => SystemWords.Try($"cannot look at '{name}'", () => Look(Find(name)));

    public StoredFile? Digest(FileName name, DateTimeOffset now)
    {
        using var file = OpenToRead(name);
        return file?.WithMd5();
    }

    public IStoredFile? Open(FileName name) => OpenToRead(name);

    public IFolderReader? OpenFolder(string path)
    {
        var at = _path;
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            at = Path.Combine(at, segment);
            if (!IsOwnFolder(at))
                return null;
        }
        return new PortableFolder(at);
    }

    public bool Exists(FileName name) => SystemWords.Try($"cannot look at '{name}'", () => Path.Exists(Find(name)?.FullName));

    public bool Remove(FileName name)
    {
        var what = $"cannot remove '{name}'";
        return SystemWords.Try(what, () =>
        {
            if (Find(name) is not { } file || !Path.Exists(file.FullName))
                return false;
            if (IsOwnFolder(file.FullName))
                throw Errno.EISDIR.Refuses(what);
            file.Delete();
            return true;
        });
    }

    public bool RemoveEmptyFolder(FileName name) => SystemWords.Try($"cannot remove the folder '{name}'", () =>
    {
        if (Find(name) is not { } found || !IsOwnFolder(found.FullName))
            return false;
        var every = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, MatchType = MatchType.Simple };
        var below = Directory.EnumerateFileSystemEntries(found.FullName, "*", every);
        if (below.Any(static path => !IsOwnFolder(path)))
            return false;
        Directory.Delete(found.FullName, recursive: true);
        return true;
    });

    public void Rename(FileName name, FileName to)
    {
        var what = $"cannot rename '{name}' to '{to}'";
        SystemWords.Try(what, () =>
        {
            if (Find(name) is not { } file || Look(file) is null)
                throw FileRoot.NameUnknown(name, what);
            File.Move(file.FullName, Walk(to, what, create: true), overwrite: true);
            return true;
        });
        _unsynced.Add(to);
    }

    public ILogFile OpenLogFile(string name, bool direct) =>
        PortableLogFile.Open(Path.Combine(_path, NodeFolder.Name, NodeFolder.Log, name));

    public void Dispose() => _lock.Dispose();

    /// <summary>The path of a name, whose folders exist or are made, and are no links.</summary>
    internal string Walk(FileName name, string what, bool create)
    {
        var at = _path;
        foreach (var segment in name.Folders)
        {
            at = Path.Combine(at, segment);
            if (create && !Path.Exists(at))
                Directory.CreateDirectory(at);
            if (!Path.Exists(at))
                break;
            var attributes = File.GetAttributes(at);
            if (attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                throw new StorageException(StorageFault.Linked, what,
                    $"'{segment}' is a link, and no link is followed",
                    "replace the link by a folder or send it under another name");
            }
            if (!attributes.HasFlag(FileAttributes.Directory))
            {
                throw new StorageException(StorageFault.NameTaken, what,
                    $"'{segment}' is a file, not a folder",
                    "send it under another name or remove that file");
            }
        }
        var path = Path.Combine(_path, name.Value);
        if (Directory.Exists(path) && !File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint))
            throw Errno.EISDIR.Refuses(what);
        return path;
    }

    /// <summary>What lies at a path, when it is a file and no link.</summary>
    internal static StoredFile? Look(FileInfo? file) =>
        file is { Exists: true } && !file.Attributes.HasFlag(FileAttributes.ReparsePoint)
            ? new StoredFile(file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero), default)
            : null;

    /// <summary>Where a file of this name would lie; null when something on the way is missing, a file or a link.</summary>
    private FileInfo? Find(FileName name)
    {
        var at = _path;
        foreach (var segment in name.Folders)
        {
            at = Path.Combine(at, segment);
            if (!IsOwnFolder(at))
                return null;
        }
        return new FileInfo(Path.Combine(at, name.Leaf));
    }

    private PortableStoredFile? OpenToRead(FileName name)
    {
        var what = $"cannot read '{name}'";
        return SystemWords.Try(what, () => Find(name) is { } file && Look(file) is not null ? file : null) is { } found
            ? PortableStoredFile.Open(found.FullName, what)
            : null;
    }

    private static bool IsOwnFolder(string path) =>
        Directory.Exists(path) && !File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint);

    private static void SyncOne(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            RandomAccess.FlushToDisk(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || Directory.Exists(path))
        {
            // it was taken away, and maybe a folder was made of it: there is nothing left to be made durable
        }
    }

    internal static void MakeOwnFolder(string path, string what)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path); // it inherits the access list of the root
        else
            Directory.CreateDirectory(path, OwnerOnly);
        if (File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint))
        {
            throw new StorageException(StorageFault.Linked, what,
                $"'{Path.GetFileName(path)}' in it is a link", "remove the link");
        }
    }

    private static FileStream Hold(string path, string what)
    {
        FileStream held;
        try
        {
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (SystemWords.IsSharingViolation(e))
        {
            throw new StorageException(StorageFault.InUse, what, "another process holds it",
                "stop that node or set actorsock.files.root to another folder", e);
        }
        held.SetLength(0);
        var pid = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        held.Write(Encoding.ASCII.GetBytes(pid + "\n"));
        held.Flush();
        return held;
    }
}
