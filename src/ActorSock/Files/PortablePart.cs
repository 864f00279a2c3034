using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Writes one part file by .NET's own calls.</summary>
internal sealed class PortablePart : IPart
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Published = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly PortableVolume _volume;
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly FileName _name;
    private readonly string _what;

    private PortablePart(PortableVolume volume, SafeFileHandle file, string path, FileName name)
    {
        (_volume, _file, _path, _name) = (volume, file, path, name);
        _what = WhatFailed(name);
    }

    public static PortablePart Create(PortableVolume volume, string path, FileName name) =>
        SystemWords.Try(WhatFailed(name), () =>
        {
            var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, OwnerOnly);
            return new PortablePart(volume, file, path, name);
        });

    /// <summary>Opens one that was made before; null when it is not there.</summary>
    public static PortablePart? OpenAgain(PortableVolume volume, string path, FileName name) =>
        SystemWords.Try(WhatFailed(name), () => File.Exists(path)
            // Shared, since the parts of one file have a writer each.
            ? new PortablePart(volume, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite), path, name)
            : null);

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(_file, bytes, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SystemWords.Refuses(_what, e);
        }
    }

    public int Read(Span<byte> bytes, long offset)
    {
        try
        {
            var read = 0;
            while (read < bytes.Length && RandomAccess.Read(_file, bytes[read..], offset + read) is var got and > 0)
                read += got;
            return read;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SystemWords.Refuses(_what, e);
        }
    }

    public long Length => SystemWords.Try(_what, () => RandomAccess.GetLength(_file));

    public void SyncBytes() => Try(() => RandomAccess.FlushToDisk(_file));

    public void Preallocate(long offset, long length)
    {
        // .NET can only grow the file itself, which would show bytes that nobody sent.
    }

    public void Truncate(long length) => Try(() => RandomAccess.SetLength(_file, length));

    public void Seal(in FileStamp stamp)
    {
        MakeReadable();
        SetModified(stamp);
        Try(() => RandomAccess.FlushToDisk(_file));
    }

    /// <summary>Gives the file the time of its stamp: it is known by that when it is renamed.</summary>
    public void SetModified(in FileStamp stamp)
    {
        var modified = stamp.Modified.UtcDateTime;
        if (stamp.Digests.AreKnown)
            Try(() => File.SetLastWriteTimeUtc(_file, modified));
    }

    /// <summary>Lets others read the file.</summary>
    public void MakeReadable() => Try(() =>
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_file, Published);
    });

    public void Publish() => Try(() =>
    {
        var path = _volume.Walk(_name, _what, create: true);
        _file.Dispose(); // Windows renames no file that is open
        File.Move(_path, path, overwrite: true);
    });

    public void Remove() => Try(() =>
    {
        _file.Dispose();
        File.Delete(_path);
    });

    public void Dispose() => _file.Dispose();

    private void Try(Action step) => SystemWords.Try(_what, () =>
    {
        step();
        return true;
    });

    private static string WhatFailed(FileName name) => $"cannot store '{name}'";
}
