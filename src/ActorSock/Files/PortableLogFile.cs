using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Writes a file of the log by .NET's own calls, through the page cache.</summary>
internal sealed class PortableLogFile : ILogFile
{
    private const string What = "cannot use the commit log";

    private readonly SafeFileHandle _file;

    private PortableLogFile(SafeFileHandle file) => _file = file;

    public long Bytes => RandomAccess.GetLength(_file);

    public static PortableLogFile Open(string path) => SystemWords.Try(What, () =>
        new PortableLogFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)));

    public void Resize(long bytes) => Try(() =>
    {
        RandomAccess.SetLength(_file, bytes);
        RandomAccess.FlushToDisk(_file);
    });

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
            throw SystemWords.Refuses(What, e);
        }
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(_file, bytes, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SystemWords.Refuses(What, e);
        }
    }

    public bool IsRemoved => false; // on Windows nobody can while it is open; elsewhere it is not asked

    public bool HasMemoryMark => true;

    public void LeaveMemoryMark()
    {
    }

    public void Sync() => Try(() => RandomAccess.FlushToDisk(_file));

    public void Dispose() => _file.Dispose();

    private static void Try(Action step) => SystemWords.Try(What, () =>
    {
        step();
        return true;
    });
}
