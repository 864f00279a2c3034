using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using ActorSock.Settings;
using ActorSock.Uploads;
using ActorSock.Wire;

namespace ActorSock.Files;

/// <summary>Owns the folder that takes the files, and with it the staging folder where parts grow.</summary>
/// <remarks>
/// The folder is opened once and everything below it is reached from there. One node at a time holds a root:
/// the lock goes with its process, so a crash leaves none behind.
/// </remarks>
internal sealed class FileRoot : IFileStore
{
    private readonly IVolume _volume;
    private readonly FilesSettings _settings;
    private readonly TimeProvider _time;
    private readonly FolderMemo _folderMemo = new();
    private readonly ConcurrentDictionary<string, byte> _growing = new(StringComparer.Ordinal);

    internal FileRoot(IVolume volume, FilesSettings settings, TimeProvider time)
    {
        (_volume, _settings, _time) = (volume, settings, time);
        Uploads = new UploadFolder(this, volume, settings);
    }

    public IUploadFolder Uploads { get; }

    public string Id { get; private set; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public long FreeBytes => _volume.FreeBytes;

    /// <summary>
    /// Opens the root, creating it and the node's own folder where they are missing, and locks it.
    /// </summary>
    /// <exception cref="StorageException">It is read-only, a file, forbidden, or held by a node.</exception>
    public static FileRoot Open(FilesSettings settings, TimeProvider time)
    {
        var path = Path.GetFullPath(settings.Root);
        var linux = OperatingSystem.IsLinux() && Environment.Is64BitProcess;
        IVolume volume = linux ? LinuxVolume.Open(path) : PortableVolume.Open(path);
        var root = new FileRoot(volume, settings, time);
        try
        {
            var file = Path.Combine(path, NodeFolder.Name, NodeFolder.Id);
            File.WriteAllText(file, root.Id + "\n");
            using var open = File.OpenHandle(file);
            if (linux && Posix.FactsOf(open, out var facts) == Errno.None)
                root.Id = string.Create(CultureInfo.InvariantCulture, $"{root.Id}-{facts.Inode:x}"); // a copy of the root has a copy of the file
        }
        catch (Exception no) when (no is IOException or UnauthorizedAccessException)
        {
            // On a full disk a node has to start all the same; without it clients can send it its own files, and no more.
        }
        return root;
    }

    public IIncomingFile Create(string uploadId, FileName name, long? size)
    {
        ThrowIfNoPartName(uploadId);
        Probe(name, size ?? 0);
        var random = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var partName = $"{uploadId}-{random}{NodeFolder.PartEnding}";
        _growing[partName] = 0; // before it exists, so that a recovery beside us takes it for no left one
        try
        {
            var part = _volume.CreatePart(partName, name, direct: size is not { } known || known >= _settings.DirectBytesMin);
            return new IncomingFile(this, part, partName, name, size, _settings);
        }
        catch
        {
            Forget(partName);
            throw;
        }
    }

    public void Probe(FileName name, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ThrowIfNoRoomFor(name, size);
        _volume.Probe(name);
    }

    public void ThrowIfTaken(FileName name) => _volume.ThrowIfTaken(name);

    public void Store(FileName name, ReadOnlySpan<byte> bytes, in FileStamp stamp = default) => _volume.Store(name, bytes, stamp);

    public void PublishPart(string partName, FileName name)
    {
        _volume.PublishPart(partName, name);
        Forget(partName);
    }

    public void SyncFolder(FileName name) => _volume.SyncFolder(name);

    public void DropPart(string partName)
    {
        try
        {
            _volume.RemovePart(partName);
        }
        catch (StorageException)
        {
            // The upload is refused already, and the part file is found again by Recover.
        }
        Forget(partName);
    }

    public bool HasPart(string partName) => _volume.HasPart(partName);

    public void SyncAll() => _volume.SyncAll();

    public bool Check(FileName name, long size, Md5Digest? digest) => _volume.Check(name, size, digest);

    public StoredFile? Stat(FileName name) => _volume.Stat(name);

    public StoredFile? Digest(FileName name) => _volume.Digest(name, Now);

    public IStoredFile? Open(FileName name) => _volume.Open(name);

    public FilePage List(in FileQuery query) => FileListing.Of(query, _volume.OpenFolder, _settings.NameBytesMax);

    public FolderPage Folders(in FolderQuery query, FolderSum? begun) =>
        FolderTour.Of(query, _volume.OpenFolder, _settings.NameBytesMax, _folderMemo, Now, begun);

    public bool Exists(FileName name) => _volume.Exists(name);

    public bool Remove(FileName name) => _volume.Remove(name);

    public bool RemoveEmptyFolder(FileName name) => _volume.RemoveEmptyFolder(name);

    public void Rename(FileName name, FileName to) => _volume.Rename(name, to);

    public StringComparer NameComparer => _volume.NameComparer;

    public ILogFile OpenLogFile(string name, bool direct) => _volume.OpenLogFile(name, direct);

    /// <summary>
    /// Removes the part files that nobody is writing, left by a crash or by broken uploads, except those
    /// that the rule keeps because they are young. For the start of a node, after the commit log was replayed,
    /// which may name some of them; may be repeated at any time.
    /// </summary>
    public Recovered Recover()
    {
        var (removed, removedBytes, kept, keptBytes) = (0, 0L, 0, 0L);
        var now = _time.GetUtcNow();
        foreach (var part in _volume.Parts())
        {
            if (_growing.ContainsKey(part.Name) || UploadFolder.Owns(part.Name))
                continue;
            if (now - part.LastWritten < _settings.KeepParts)
            {
                kept++;
                keptBytes += part.Bytes;
                continue;
            }
            _volume.RemovePart(part.Name);
            removed++;
            removedBytes += part.Bytes;
        }
        return new Recovered(removed, removedBytes, kept, keptBytes);
    }

    public void Dispose() => _volume.Dispose();

    internal DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Throws when so many more bytes for a file would eat into what must stay free.</summary>
    internal void ThrowIfNoRoomFor(FileName name, long bytes)
    {
        var toGive = Math.Max(0, _volume.FreeBytes - _settings.FreeBytesMin);
        if (toGive >= bytes)
            return;
        throw NoRoomFor(name, bytes, toGive);
    }

    /// <summary>Says that what a disk has to give, above what must stay free, is not enough.</summary>
    internal static StorageException NoRoomFor(FileName name, long bytes, long toGive) => new(
        StorageFault.DiskFull,
        $"cannot store '{name}'",
        $"it takes {bytes} more bytes and the disk has {toGive} to give, above those that stay free",
        "free some space, or lower actorsock.files.free-bytes-min");

    /// <summary>Says that there is no such file.</summary>
    internal static StorageException NameUnknown(FileName name, string what) => new(
        StorageFault.NameUnknown, what, $"there is no file '{name}'", "see what there is with actorsock ls");

    /// <summary>Says that what lies under a name is not for replacing.</summary>
    internal static StorageException NoPlainFile(string what) => new(
        StorageFault.NameTaken, what, "what has this name is no plain file", "remove it or send under another name");

    /// <summary>Says that nobody writes this part file any more.</summary>
    internal void Forget(string partName) => _growing.TryRemove(partName, out _);

    private static void ThrowIfNoPartName(string uploadId)
    {
        foreach (var c in uploadId)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
                throw new ArgumentException($"an upload id cannot have '{c}'", nameof(uploadId));
        }
    }
}

/// <summary>Counts what a recovery found in the staging folder.</summary>
internal readonly record struct Recovered(int Removed, long RemovedBytes, int Kept, long KeptBytes);
