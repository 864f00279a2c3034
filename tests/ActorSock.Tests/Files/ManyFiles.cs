using System.Globalization;
using System.Text;
using ActorSock.Files;

namespace ActorSock.Tests.Files;

/// <summary>A folder that is not on any disk, with so many files in no order.</summary>
internal sealed class ManyFiles(int count)
{
    private int _open;

    public bool AreClosed => _open == 0;

    public IFolderReader? Open(string path)
    {
        path.ShouldBe("");
        _open++;
        return new Reader(this, count);
    }

    private sealed class Reader(ManyFiles folder, int count) : IFolderReader
    {
        private readonly byte[] _name = new byte[16];
        private long _at;

        public bool TryNext(out ReadOnlySpan<byte> name, out bool isFolder)
        {
            isFolder = false;
            name = default;
            if (_at == count)
                return false;
            (_at++ * 7919 % count).TryFormat(_name, out var length, "D8", CultureInfo.InvariantCulture); // a prime: each once
            name = _name.AsSpan(0, length);
            return true;
        }

        public StoredFile? Stat(ReadOnlySpan<byte> name) => new StoredFile(int.Parse(name, CultureInfo.InvariantCulture), default, default);

        public void Dispose() => folder._open--;
    }
}

/// <summary>Folders in each other, with many files in each, that come before the folder and behind it.</summary>
internal sealed class DeepFolders(int depth, int files)
{
    private int _open;

    public int OpenMax { get; private set; }

    public IFolderReader? Open(string path)
    {
        OpenMax = Math.Max(OpenMax, ++_open);
        return new Reader(this, path.Count(c => c == '/'));
    }

    private sealed class Reader(DeepFolders folders, int level) : IFolderReader
    {
        private int _at;

        public bool TryNext(out ReadOnlySpan<byte> name, out bool isFolder)
        {
            isFolder = _at == 0 && level < folders.DepthMax;
            name = isFolder ? "d"u8 : Encoding.ASCII.GetBytes($"{(_at % 2 == 0 ? 'a' : 'z')}{_at}");
            return _at++ < folders.FilesMax;
        }

        public StoredFile? Stat(ReadOnlySpan<byte> name) => new StoredFile(1, default, default);

        public void Dispose() => folders._open--;
    }

    private int DepthMax => depth;

    private int FilesMax => files;
}

/// <summary>A folder that has so many folders, in no order, with nothing in them.</summary>
internal sealed class EmptyFolders(int count)
{
    public long NamesRead { get; set; }

    public IFolderReader? Open(string path) => new Reader(this, path.Length == 0 ? count : 0);

    private sealed class Reader(EmptyFolders folders, int count) : IFolderReader
    {
        private readonly byte[] _name = new byte[16];
        private long _at;

        public bool TryNext(out ReadOnlySpan<byte> name, out bool isFolder)
        {
            isFolder = true;
            name = default;
            if (_at == count)
                return false;
            folders.NamesRead++;
            (_at++ * 7919 % count).TryFormat(_name, out var length, "D8", CultureInfo.InvariantCulture); // a prime: each once
            name = _name.AsSpan(0, length);
            return true;
        }

        public StoredFile? Stat(ReadOnlySpan<byte> name) => null;

        public void Dispose()
        {
        }
    }
}
