using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Goes from the root to the folder of a name, one open descriptor after the other.</summary>
/// <remarks>
/// No link is followed, and what somebody swaps into the path behind us is not where we are
/// (path_resolution(7), openat(2)). Keeps open only where it is: names may have hundreds of folders.
/// </remarks>
internal sealed class FolderWalk : IDisposable
{
    private const OpenFlags FolderInside = OpenFlags.Folder | OpenFlags.NoFollow;

    /// <summary>How often a folder is made again that somebody removes under our hands: for a second or so.</summary>
    public const int TriesMax = 100_000;

    private readonly string _what;
    private readonly DurableFolders _durable;
    private readonly SafeFileHandle _root;

    private FolderWalk(SafeFileHandle root, DurableFolders durable, string what) =>
        (At, _root, _durable, _what) = (root, root, durable, what);

    /// <summary>Where the walk ended: the folder of the name.</summary>
    public SafeFileHandle At { get; private set; }

    /// <summary>Walks to the folder of a name that may not be there: then null.</summary>
    public static FolderWalk? Find(SafeFileHandle root, FileName name, DurableFolders durable, string what)
    {
        var walk = Reach(root, name, durable, what, out var arrived);
        if (arrived)
            return walk;
        walk.Dispose();
        return null;
    }

    /// <summary>Walks as far as there are folders on the way to a name.</summary>
    public static FolderWalk Reach(SafeFileHandle root, FileName name, DurableFolders durable, string what, out bool arrived) =>
        Walk(root, name, durable, what, create: false, out arrived);

    /// <summary>Walks to the folder of a name and makes what is missing on the way.</summary>
    public static FolderWalk Make(SafeFileHandle root, FileName name, DurableFolders durable, string what) =>
        Walk(root, name, durable, what, create: true, out _);

    /// <summary>
    /// Makes the names in the folder of a name durable, and the folders on the way where they may not be yet, the outer ones first.
    /// </summary>
    /// <returns>False when there is no way to that folder, for whatever reason.</returns>
    /// <exception cref="StorageException">A sync failed, and nothing else.</exception>
    public static bool TrySync(SafeFileHandle root, FileName name, DurableFolders durable, string what)
    {
        using var walk = new FolderWalk(root, durable, what);
        var path = "";
        foreach (var segment in name.Folders)
        {
            path = $"{path}{segment}/";
            if (Posix.OpenAt(walk.At, segment, FolderInside, out var folder) != Errno.None)
                return false;
            var parent = walk.At;
            walk.At = folder;
            try
            {
                if (durable.Contains(path))
                    continue;
                Posix.Sync(parent).OrRefuse(what);
                durable.Add(path);
            }
            finally
            {
                walk.Leave(parent);
            }
        }
        Posix.Sync(walk.At).OrRefuse(what);
        return true;
    }

    public void Dispose() => Leave(At);

    private static FolderWalk Walk(
        SafeFileHandle root, FileName name, DurableFolders durable, string what, bool create, out bool arrived)
    {
        var walk = new FolderWalk(root, durable, what);
        arrived = false;
        try
        {
            var path = "";
            foreach (var segment in name.Folders)
            {
                path = $"{path}{segment}/";
                if (!walk.Step(segment, path, create))
                    return walk;
            }
            arrived = true;
            return walk;
        }
        catch
        {
            walk.Dispose();
            throw;
        }
    }

    private bool Step(string segment, string path, bool create)
    {
        for (var tries = 1; ; tries++)
        {
            var errno = Posix.OpenAt(At, segment, FolderInside, out var folder);
            if (errno == Errno.None)
            {
                Leave(At);
                At = folder;
                return true;
            }
            if (errno is Errno.ENOTDIR or Errno.ELOOP)
                throw LinuxRoot.NoFolder(At, segment, path.TrimEnd('/'), _what);
            if (errno == Errno.ENOENT && !create)
                return false;
            if (errno != Errno.ENOENT || tries == TriesMax)
                throw errno.Refuses(_what);
            _durable.Remove(path); // before it can be seen: who finds it new also finds it not yet durable
            errno = Posix.MakeFolderAt(At, segment, LinuxRoot.AnyFolder);
            if (errno != Errno.EEXIST)
                errno.OrRefuseName(_what);
        }
    }

    private void Leave(SafeFileHandle folder)
    {
        if (folder != _root)
            folder.Dispose();
    }
}
