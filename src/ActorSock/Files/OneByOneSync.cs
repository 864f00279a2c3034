using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Makes stored files durable one by one, with the folders of their names, where one call for all of them proves nothing.</summary>
/// <remarks>
/// syncfs(2) tells of bytes that could not be written since Linux 5.8 only. And some file systems are another's face: their own part of
/// that call does not reach whoever has the bytes, or does not bring its errors back, while that of fsync(2) does.
/// </remarks>
/// <param name="root">where names begin</param>
/// <param name="durable">the folders that are durable</param>
internal sealed class OneByOneSync(SafeFileHandle root, DurableFolders durable)
{
    private static readonly Version s_tellsOfFailure = new(5, 8);

    // linux/magic.h: FUSE (virtiofs too, which alone passes the call on), overlayfs, eCryptfs, 9p, SMB1 and SMB2
    private static readonly HashSet<uint> s_faces = [0x65735546, 0x794c7630, 0xf15f, 0x01021997, 0xff534d42, 0xfe534d42];

    private readonly UnsyncedNames _names = new();
    private readonly Lock _syncing = new(); // who finds nothing to sync must not be told so before another has synced it

    /// <summary>Whether files below a root need it.</summary>
    public static bool IsNeededAt(SafeFileHandle root) => IsNeeded(Environment.OSVersion.Version, Posix.FileSystemTypeOf(root));

    /// <param name="kernel">its version</param>
    /// <param name="fileSystemType">as statfs(2) tells it</param>
    public static bool IsNeeded(Version kernel, uint fileSystemType) => kernel < s_tellsOfFailure || s_faces.Contains(fileSystemType);

    /// <summary>The names that were added since the last sync.</summary>
    public IReadOnlyCollection<FileName> Waiting => _names.All;

    /// <summary>Something was stored under a name, or has lost it.</summary>
    public void Add(FileName name) => _names.Add(name);

    /// <summary>Makes durable whatever lies under the names that were added.</summary>
    /// <exception cref="StorageException">It failed.</exception>
    public void SyncAll(string what)
    {
        lock (_syncing)
        {
            foreach (var inFolder in _names.TakeAll().GroupBy(static name => name.Folder))
                SyncFolder([.. inFolder], what);
        }
    }

    private void SyncFolder(FileName[] names, string what)
    {
        var errno = LinuxFolder.OpenAt(root, names[0].Folder, out var folder);
        using (folder)
        {
            if (IsNone(errno))
                return; // somebody took the folder away
            errno.OrRefuse(what);
            foreach (var name in names)
                SyncFile(folder, name.Leaf, what);
        }
        FolderWalk.TrySync(root, names[0], durable, what);
    }

    private static void SyncFile(SafeFileHandle folder, string leaf, string what)
    {
        var errno = Posix.OpenAt(folder, leaf, OpenFlags.Read | OpenFlags.NoFollow | OpenFlags.NoWait, out var file);
        using (file)
        {
            if (IsNone(errno))
                return;
            errno.OrRefuse(what);
            Posix.Sync(file).OrRefuse(what);
        }
    }

    /// <summary>Whether there is nothing of ours: it was deleted or renamed, or somebody put something else there.</summary>
    private static bool IsNone(Errno errno) => errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.ENXIO;
}
