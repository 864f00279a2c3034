using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Reads a file by .NET's own calls.</summary>
internal sealed class PortableStoredFile : IStoredFile
{
    private readonly SafeFileHandle _file;
    private readonly string _what;

    private PortableStoredFile(SafeFileHandle file, StoredFile found, string what) => (_file, Found, _what) = (file, found, what);

    public StoredFile Found { get; }

    /// <summary>Opens a file in a way that lets others rename and remove it meanwhile.</summary>
    public static PortableStoredFile Open(string path, string what) => SystemWords.Try(what, () =>
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var modified = new DateTimeOffset(File.GetLastWriteTimeUtc(file), TimeSpan.Zero);
        return new PortableStoredFile(file, new StoredFile(RandomAccess.GetLength(file), modified, default), what);
    });

    public int Read(Span<byte> bytes, long offset)
    {
        try
        {
            return RandomAccess.Read(_file, bytes, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SystemWords.Refuses(_what, e);
        }
    }

    /// <summary>The file with its MD5, for which it is read: nothing travels with files here.</summary>
    public StoredFile WithMd5() =>
        Found with { Digests = new FileDigests(WholeFile.DigestOf(_file) ?? throw Errno.EIO.Refuses(_what)) };

    public void Dispose() => _file.Dispose();
}
