using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace ActorSock.Files;

/// <summary>Looks through a folder by .NET's own calls.</summary>
internal sealed class PortableFolder : IFolderReader
{
    private const string What = "cannot look through a folder";

    private static readonly EnumerationOptions s_options = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true, MatchType = MatchType.Simple,
    };

    private readonly string _path;
    private readonly byte[] _name = new byte[IFolderReader.NameBytesMax];
    private IEnumerator<FileSystemInfo>? _entries;

    public PortableFolder(string path) => _path = path;

    public bool TryNext(out ReadOnlySpan<byte> name, out bool isFolder)
    {
        while (Next() is { } entry)
        {
            isFolder = entry is DirectoryInfo;
            if (Utf8.FromUtf16(entry.Name, _name, out _, out var length, replaceInvalidSequences: false) != OperationStatus.Done)
                continue;
            name = _name.AsSpan(0, length);
            return true;
        }
        name = default;
        isFolder = false;
        return false;
    }

    public StoredFile? Stat(ReadOnlySpan<byte> name)
    {
        var file = new FileInfo(Path.Combine(_path, Encoding.UTF8.GetString(name)));
        return SystemWords.Try(What, () => PortableVolume.Look(file));
    }

    public void Dispose() => _entries?.Dispose();

    private FileSystemInfo? Next() => SystemWords.Try(What, () =>
    {
        try
        {
            _entries ??= new DirectoryInfo(_path).EnumerateFileSystemInfos("*", s_options).GetEnumerator();
            return _entries.MoveNext() ? _entries.Current : null;
        }
        catch (DirectoryNotFoundException)
        {
            return null; // somebody took it away
        }
    });
}
