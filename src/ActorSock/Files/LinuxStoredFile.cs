using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Reads a file by descriptor, or only looks at it.</summary>
internal sealed class LinuxStoredFile : IStoredFile
{
    private readonly SafeFileHandle _file;
    private readonly LinuxDigests _digests;
    private readonly FileFacts _facts;
    private readonly string _what;

    private LinuxStoredFile(SafeFileHandle file, LinuxDigests digests, in FileFacts facts, string what)
    {
        (_file, _digests, _facts, _what) = (file, digests, facts, what);
        Found = new StoredFile(facts.Size, facts.Modified, digests.Of(file, facts)) { Inode = facts.Inode };
    }

    public StoredFile Found { get; }

    /// <summary>Opens the file of a name below the root; null when there is none.</summary>
    public static LinuxStoredFile? Open(SafeFileHandle root, FileName name, LinuxDigests digests, string what)
    {
        // A pipe would make us wait for its other end.
        const OpenFlags flags = OpenFlags.Read | OpenFlags.NoFollow | OpenFlags.NoWait;
        var errno = LinuxFolder.OpenAt(root, name.Folder, out var folder);
        SafeFileHandle? file = null;
        using (folder)
        {
            if (errno == Errno.None)
                errno = Posix.OpenAt(folder, name.Leaf, flags, out file);
        }
        var facts = default(FileFacts);
        if (errno == Errno.None)
            errno = Posix.FactsOf(file!, out facts);
        if (errno == Errno.None && facts.IsFile)
            return new LinuxStoredFile(file!, digests, facts, what);
        file?.Dispose();
        if (errno is Errno.None or Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.ENXIO or Errno.ENAMETOOLONG)
            return null;
        throw errno.Refuses(what);
    }

    /// <summary>The same for as long as a peer takes to read it: not with one of the descriptors that uploads need.</summary>
    public static LinuxStoredFile? OpenForPeer(SafeFileHandle root, FileName name, LinuxDigests digests, string what)
    {
        var stored = Open(root, name, digests, what);
        if (stored is null || !Descriptors.IsAmongLast(Descriptors.KeptFromReaders, stored._file))
            return stored;
        stored.Dispose();
        throw Errno.EMFILE.Refuses(what);
    }

    public int Read(Span<byte> bytes, long offset)
    {
        Posix.ReadAt(_file, bytes, offset, out var read).OrRefuse(_what);
        return read;
    }

    /// <summary>The file with its MD5, which is computed unless it travels with it.</summary>
    public StoredFile WithMd5(DateTimeOffset now)
    {
        if (Found.Md5 is not null)
            return Found;
        var digests = Found.Digests with { Md5 = WholeFile.DigestOf(_file) ?? throw Errno.EIO.Refuses(_what) };
        _digests.Remember(_file, _facts, digests, now);
        return Found with { Digests = digests };
    }

    public void Dispose() => _file.Dispose();
}
