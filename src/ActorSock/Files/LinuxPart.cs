using ActorSock.Blocks;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Writes one part file by descriptor.</summary>
/// <remarks>
/// A direct one passes the page cache for as long as what is written begins and ends on a page, in memory and
/// in the file; from the first write that does not, usually the last of a body, it goes through the cache.
/// </remarks>
internal sealed class LinuxPart : IPart
{
    private const uint OwnerOnly = 0x180; // 0600

    private readonly LinuxVolume _volume;
    private readonly SafeFileHandle _file;
    private readonly string _partName;
    private readonly FileName _name;
    private readonly string _what;
    private bool _direct;

    private LinuxPart(LinuxVolume volume, SafeFileHandle file, string partName, FileName name, bool direct)
    {
        (_volume, _file, _partName, _name, _direct) = (volume, file, partName, name, direct);
        _what = WhatFailed(name);
    }

    public static LinuxPart Create(LinuxVolume volume, string partName, FileName name, bool direct)
    {
        const OpenFlags flags = OpenFlags.Write | OpenFlags.Create | OpenFlags.New | OpenFlags.NoFollow;
        var file = direct && volume.CanWriteDirect ? CreateDirect(volume, partName, flags) : null;
        direct = file is not null;
        if (file is null)
            Posix.OpenAt(volume.Staging, partName, flags, out file, OwnerOnly).OrRefuse(WhatFailed(name));
        var part = new LinuxPart(volume, file, partName, name, direct);
        if (Descriptors.IsAmongLast(Descriptors.KeptFromUploads, file))
        {
            part.Remove();
            Errno.EMFILE.OrRefuse(WhatFailed(name));
        }
        return part;
    }

    /// <summary>Opens one that was made before; null when it is not there.</summary>
    public static LinuxPart? OpenAgain(LinuxVolume volume, string partName, FileName name, bool direct)
    {
        const OpenFlags flags = OpenFlags.ReadWrite | OpenFlags.NoFollow;
        direct &= volume.CanWriteDirect;
        var errno = Posix.OpenAt(volume.Staging, partName, direct ? flags | OpenFlags.Direct : flags, out var file);
        if (errno == Errno.EINVAL && direct) // the file system takes no direct writes (open(2))
        {
            volume.CanWriteDirect = direct = false;
            errno = Posix.OpenAt(volume.Staging, partName, flags, out file);
        }
        if (errno == Errno.ENOENT)
            return null;
        errno.OrRefuse(WhatFailed(name));
        if (!Descriptors.IsAmongLast(Descriptors.KeptFromUploads, file))
            return new LinuxPart(volume, file, partName, name, direct);
        file.Dispose();
        throw Errno.EMFILE.Refuses(WhatFailed(name));
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        var pages = _direct ? WholePages(bytes, offset) : 0;
        if (pages > 0)
        {
            var errno = Posix.WriteAt(_file, bytes[..pages], offset);
            if (errno != Errno.EINVAL)
                errno.OrRefuse(_what);
            else
                (_volume.CanWriteDirect, pages) = (false, 0); // it opened so, and yet takes none
        }
        if (pages == bytes.Length)
            return;
        if (_direct)
            EndDirect();
        Posix.WriteAt(_file, bytes[pages..], offset + pages).OrRefuse(_what);
    }

    public int Read(Span<byte> bytes, long offset)
    {
        var errno = Posix.ReadAt(_file, bytes, offset, out var read);
        if (errno == Errno.EINVAL && _direct)
        {
            EndDirect();
            errno = Posix.ReadAt(_file, bytes, offset, out read);
        }
        errno.OrRefuse(_what);
        return read;
    }

    public long Length
    {
        get
        {
            Posix.SizeOf(_file, out var bytes).OrRefuse(_what);
            return bytes;
        }
    }

    public void SyncBytes() => Posix.SyncData(_file).OrRefuse(_what);

    public void Preallocate(long offset, long length)
    {
        if (!_volume.CanPreallocate)
            return;
        var errno = Posix.Preallocate(_file, offset, length);
        if (errno is Errno.EOPNOTSUPP or Errno.ENOSYS)
            _volume.CanPreallocate = false;
        else
            errno.OrRefuse(_what);
    }

    public void Truncate(long length) => Posix.Truncate(_file, length).OrRefuse(_what);

    public void Seal(in FileStamp stamp)
    {
        Posix.SetMode(_file, _volume.PublishedMode).OrRefuse(_what);
        Posix.SizeOf(_file, out var size).OrRefuse(_what);
        _volume.Digests.Leave(_file, size, stamp);
        Posix.Sync(_file).OrRefuse(_what);
        Posix.Sync(_volume.Staging).OrRefuse(_what);
    }

    public void Remove()
    {
        Dispose();
        _volume.RemovePart(_partName);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Null where the file system takes no direct writes (open(2): EINVAL).</summary>
    private static SafeFileHandle? CreateDirect(LinuxVolume volume, string partName, OpenFlags flags)
    {
        var errno = Posix.OpenAt(volume.Staging, partName, flags | OpenFlags.Direct, out var file, OwnerOnly);
        if (errno == Errno.None)
            return file;
        file.Dispose();
        if (errno == Errno.EINVAL)
        {
            volume.CanWriteDirect = false;
            volume.RemovePart(partName); // some systems make the file and then refuse to open it so
        }
        return null;
    }

    /// <summary>How many of the bytes can be written past the page cache.</summary>
    private static unsafe int WholePages(ReadOnlySpan<byte> bytes, long offset)
    {
        const int page = AlignedMemory.AlignmentBytes;
        fixed (byte* start = bytes)
            return offset % page == 0 && (nint)start % page == 0 ? bytes.Length / page * page : 0;
    }

    private void EndDirect()
    {
        Posix.NoLongerDirect(_file).OrRefuse(_what);
        _direct = false;
    }

    private static string WhatFailed(FileName name) => $"cannot store '{name}'";
}
