using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Looks through a folder by descriptor.</summary>
internal sealed class LinuxFolder : IFolderReader
{
    private const string What = "cannot look through a folder";
    private const int NameBytesMax = 256; // with the zero; longer ones are none of a client's

    private readonly SafeFileHandle _folder;
    private readonly LinuxDigests _digests;
    private readonly byte[] _path; // of a name in the folder, by way of our descriptor of it; with room for the name
    private readonly int _nameAt;
    private nint _stream;

    private LinuxFolder(SafeFileHandle folder, LinuxDigests digests)
    {
        (_folder, _digests) = (folder, digests);
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{folder.DangerousGetHandle()}/");
        _path = new byte[path.Length + NameBytesMax];
        _nameAt = Encoding.ASCII.GetBytes(path, _path);
    }

    /// <summary>Opens a folder; null when there is none.</summary>
    /// <param name="root">Where the path begins.</param>
    /// <param name="path">With <c>/</c> at the end; no link in it is followed.</param>
    /// <param name="digests">Knows what travels with the files.</param>
    public static LinuxFolder? Open(SafeFileHandle root, string path, LinuxDigests digests)
    {
        var errno = OpenAt(root, path, out var folder);
        if (errno == Errno.None)
            return new LinuxFolder(folder, digests);
        folder.Dispose();
        if (errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.EACCES)
            return null; // gone, or no way in: what is in it nobody can get
        throw errno.Refuses(What);
    }

    /// <summary>The same for as long as a peer's request takes: not with one of the descriptors that uploads need.</summary>
    public static LinuxFolder? OpenForPeer(SafeFileHandle root, string path, LinuxDigests digests)
    {
        var folder = Open(root, path, digests);
        if (folder is null || !Descriptors.IsAmongLast(Descriptors.KeptFromReaders, folder._folder))
            return folder;
        folder.Dispose();
        throw Errno.EMFILE.Refuses(What);
    }

    /// <summary>Walks to a folder below another one, with no more than two of them open.</summary>
    public static Errno OpenAt(SafeFileHandle root, string path, out SafeFileHandle folder)
    {
        const OpenFlags flags = OpenFlags.Folder | OpenFlags.NoFollow;
        var errno = Posix.OpenAt(root, ".", flags, out folder);
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (errno != Errno.None)
                break;
            using var parent = folder;
            errno = Posix.OpenAt(parent, segment, flags, out folder);
        }
        return errno;
    }

    /// <summary>Removes a folder in which there is nothing but folders; ENOTEMPTY when there is more.</summary>
    public static Errno RemoveEmpty(SafeFileHandle parent, string name)
    {
        var errno = Posix.RemoveFolderAt(parent, name);
        if (errno is not (Errno.ENOTEMPTY or Errno.EEXIST)) // rmdir(2) may say either
            return errno;
        errno = Posix.OpenAt(parent, name, OpenFlags.Folder | OpenFlags.NoFollow, out var folder);
        using (folder)
        {
            if (errno == Errno.None)
                errno = RemoveEmptyIn(folder);
        }
        return errno == Errno.None ? Posix.RemoveFolderAt(parent, name) : errno;
    }

    private static Errno RemoveEmptyIn(SafeFileHandle folder)
    {
        var errno = Posix.OpenStream(folder, out var stream);
        if (errno != Errno.None)
            return errno;
        try
        {
            while ((errno = Posix.NextName(stream, out var name, out _, out _)) == Errno.None && !name.IsEmpty)
            {
                if (!IsSelfOrParent(name) && RemoveEmpty(folder, Encoding.UTF8.GetString(name[..^1])) != Errno.None)
                    return Errno.ENOTEMPTY;
            }
            return errno;
        }
        finally
        {
            Posix.CloseStream(stream);
        }
    }

    public bool TryNext(out ReadOnlySpan<byte> name, out bool isFolder)
    {
        isFolder = false;
        if (_stream == 0)
            Posix.OpenStream(_folder, out _stream).OrRefuse(What);
        while (true)
        {
            Posix.NextName(_stream, out name, out var isFile, out var folder).OrRefuse(What);
            if (name.IsEmpty)
                return false;
            if (name.Length > NameBytesMax || IsSelfOrParent(name))
                continue;
            if (isFile is null && Posix.FactsAt(_folder, name, out var facts) == Errno.None)
                (isFile, folder) = (facts.IsFile, facts.IsFolder);
            name = name[..^1];
            isFolder = folder == true;
            if (isFile == true || isFolder)
                return true;
        }
    }

    public StoredFile? Stat(ReadOnlySpan<byte> name)
    {
        if (Facts(name) is not { } facts)
            return null;
        // Of another file that has taken the name in between the attribute says so.
        var path = _path.AsSpan(..(_nameAt + name.Length + 1));
        return new StoredFile(facts.Size, facts.Modified, _digests.Of(path, facts)) { Inode = facts.Inode };
    }

    public FileFacts? Facts(ReadOnlySpan<byte> name)
    {
        name.CopyTo(_path.AsSpan(_nameAt));
        var end = _nameAt + name.Length;
        _path[end] = 0;
        var errno = Posix.FactsAt(_folder, _path.AsSpan(_nameAt..(end + 1)), out var facts);
        if (errno is Errno.ENOENT or Errno.EACCES)
            return null;
        errno.OrRefuse(What);
        return facts.IsFile ? facts : null;
    }

    public void Dispose()
    {
        if (_stream != 0)
            Posix.CloseStream(_stream);
        _stream = 0;
        _folder.Dispose();
    }

    private static bool IsSelfOrParent(ReadOnlySpan<byte> name) => name.SequenceEqual(".\0"u8) || name.SequenceEqual("..\0"u8);
}
