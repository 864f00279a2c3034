using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Writes one part file by descriptor.</summary>
internal sealed class LinuxPart : IPart
{
    private const uint OwnerOnly = 0x180; // 0600

    private readonly LinuxVolume _volume;
    private readonly SafeFileHandle _file;
    private readonly string _partName;
    private readonly FileName _name;
    private readonly string _what;

    private LinuxPart(LinuxVolume volume, SafeFileHandle file, string partName, FileName name)
    {
        (_volume, _file, _partName, _name) = (volume, file, partName, name);
        _what = WhatFailed(name);
    }

    public static LinuxPart Create(LinuxVolume volume, string partName, FileName name)
    {
        const OpenFlags flags = OpenFlags.Write | OpenFlags.Create | OpenFlags.New | OpenFlags.NoFollow;
        Posix.OpenAt(volume.Staging, partName, flags, out var file, OwnerOnly).OrRefuse(WhatFailed(name));
        var part = new LinuxPart(volume, file, partName, name);
        if (Descriptors.IsAmongLast(Descriptors.KeptFromUploads, file))
        {
            part.Remove();
            Errno.EMFILE.OrRefuse(WhatFailed(name));
        }
        return part;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset) =>
        Posix.WriteAt(_file, bytes, offset).OrRefuse(_what);

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

    public void Seal()
    {
        Posix.SetMode(_file, _volume.PublishedMode).OrRefuse(_what);
        Posix.Sync(_file).OrRefuse(_what);
    }

    public void Publish() => _volume.Publish(_partName, _name);

    public void Remove()
    {
        Dispose();
        _volume.RemovePart(_partName);
    }

    public void Dispose() => _file.Dispose();

    private static string WhatFailed(FileName name) => $"cannot store '{name}'";
}
