using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Writes a file of the log by descriptor, past the page cache where that is possible.</summary>
internal sealed class LinuxLogFile : ILogFile
{
    public const string What = "cannot use the commit log";
    private const uint OwnerOnly = 0x180; // 0600
    private const ulong MemoryMark = 2; // RWH_WRITE_LIFE_SHORT, which is true besides

    private readonly SafeFileHandle _file;
    private bool _direct;

    private LinuxLogFile(SafeFileHandle file, bool direct, long bytes) =>
        (_file, _direct, Bytes) = (file, direct, bytes);

    public long Bytes { get; private set; }

    public static LinuxLogFile Open(SafeFileHandle folder, string name, bool direct)
    {
        const OpenFlags flags = OpenFlags.ReadWrite | OpenFlags.NoFollow;
        var errno = Posix.OpenAt(folder, name, flags | (direct ? OpenFlags.Direct : 0), out var file);
        if (errno == Errno.ENOENT)
        {
            Posix.OpenAt(folder, name, flags | OpenFlags.Create | OpenFlags.New, out file, OwnerOnly).OrRefuse(What);
            file.Dispose();
            Posix.Sync(folder).OrRefuse(What);
            errno = Posix.OpenAt(folder, name, flags | (direct ? OpenFlags.Direct : 0), out file);
        }
        if (errno == Errno.EINVAL && direct) // the file system has no direct I/O (open(2))
        {
            direct = false;
            errno = Posix.OpenAt(folder, name, flags, out file);
        }
        errno.OrRefuse(What);
        try
        {
            Posix.SizeOf(file, out var bytes).OrRefuse(What);
            if (bytes < 0)
                throw new StorageException(StorageFault.NameTaken, What, $"'{name}' in it is no file", "remove it");
            return new LinuxLogFile(file, direct, bytes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Resize(long bytes)
    {
        Posix.Truncate(_file, Math.Min(bytes, Bytes)).OrRefuse(What);
        var errno = Posix.Allocate(_file, 0, bytes);
        if (errno is Errno.EOPNOTSUPP or Errno.ENOSYS)
            errno = Posix.Truncate(_file, bytes);
        errno.OrRefuse(What);
        Posix.Sync(_file).OrRefuse(What);
        Bytes = bytes;
    }

    public int Read(Span<byte> bytes, long offset)
    {
        var errno = Posix.ReadAt(_file, bytes, offset, out var read);
        if (errno == Errno.EINVAL && _direct)
        {
            NoLongerDirect();
            errno = Posix.ReadAt(_file, bytes, offset, out read);
        }
        errno.OrRefuse(What);
        return read;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        var errno = Posix.WriteAt(_file, bytes, offset);
        if (errno == Errno.EINVAL && _direct)
        {
            NoLongerDirect();
            errno = Posix.WriteAt(_file, bytes, offset);
        }
        errno.OrRefuse(What);
    }

    public bool IsRemoved => Posix.LinksOf(_file) == 0;

    public bool HasMemoryMark => Posix.WriteHint(_file, out var hint) != Errno.None || hint == MemoryMark;

    // Where it cannot be left it is not found either, and a start looks after more than it had to.
    public void LeaveMemoryMark() => Posix.SetWriteHint(_file, MemoryMark);

    public void Sync() => Posix.SyncData(_file).OrRefuse(What);

    public void Dispose() => _file.Dispose();

    /// <summary>Some file systems open a file for direct I/O and refuse it later, by what their disk is.</summary>
    private void NoLongerDirect()
    {
        _direct = false;
        Posix.NoLongerDirect(_file).OrRefuse(What);
    }
}
