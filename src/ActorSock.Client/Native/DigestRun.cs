using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>A folder of which digests are remembered.</summary>
/// <param name="Name">From the root of the walk on, with <c>/</c> at the end; empty for that.</param>
internal sealed record DigestFolder(string Name)
{
    /// <summary>How many files are remembered of it, when <see cref="Digest"/> is that of all of them.</summary>
    public int Files { get; init; }

    /// <summary>What <see cref="FolderDigest"/> makes of them; null when nobody has computed it.</summary>
    public ContentDigest? Digest { get; init; }
}

/// <summary>The digest of one file, and what the file was then.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Name">Its name in that.</param>
/// <param name="Stamp">What it was.</param>
/// <param name="Md5">Its digest.</param>
internal sealed record DigestEntry(DigestFolder Folder, string Name, FileStamp Stamp, Md5Digest Md5)
{
    /// <summary>Orders as a walk comes by: the files of a folder, and then the folders in it.</summary>
    public int CompareTo(string folder, string name)
    {
        if (Name == name && Folder.Name == folder) return 0;
        return Utf8Order.Instance.Compare(Folder.Name, folder) is not 0 and var order ? order : Utf8Order.Instance.Compare(Name, name);
    }
}

/// <summary>Digests in the order of a walk, in a file that is read and written as a stream: a mark, folders with their entries, and behind
/// them the SHA-256 of it all.</summary>
internal static class DigestRun
{
    private const int BufferBytes = 64 << 10, StampBytes = 32;
    private static readonly byte[] s_mark = "ActorSock digests 3\n"u8.ToArray();

    /// <summary>Reads the entries of a file, one by one.</summary>
    /// <returns>Nothing when there is no such file, or something has happened to it since it was written.</returns>
    public static IEnumerable<DigestEntry> Read(string path)
    {
        if (!TryOpen(path, out var file)) yield break;
        using var reader = new BinaryReader(file);
        var end = file.Length - SHA256.HashSizeInBytes;
        var folder = new DigestFolder("");
        while (file.Position < end)
        {
            var name = reader.ReadString();
            if (name.Length == 0) folder = ReadFolder(reader);
            else yield return ReadFile(reader, folder, name);
        }
    }

    private static DigestEntry ReadFile(BinaryReader reader, DigestFolder folder, string name)
    {
        Span<byte> rest = stackalloc byte[StampBytes + Md5Digest.BytesCount];
        reader.ReadExactly(rest);
        var stamp = new FileStamp(
            BinaryPrimitives.ReadInt64LittleEndian(rest), BinaryPrimitives.ReadInt64LittleEndian(rest[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(rest[16..]), BinaryPrimitives.ReadUInt64LittleEndian(rest[24..]));
        return new DigestEntry(folder, name, stamp, Md5Digest.FromBytes(rest[StampBytes..]));
    }

    private static DigestFolder ReadFolder(BinaryReader reader)
    {
        var (name, files) = (reader.ReadString(), reader.ReadInt32());
        if (files == 0) return new DigestFolder(name);
        var digest = ContentDigest.FromBytes(DigestKind.Sha256, reader.ReadBytes(SHA256.HashSizeInBytes));
        return new DigestFolder(name) { Files = files, Digest = digest };
    }

    /// <summary>Takes several for one: of the same name that counts which comes in the last.</summary>
    public static IEnumerable<DigestEntry> Merge(IReadOnlyList<IEnumerable<DigestEntry>> runs)
    {
        var next = new PriorityQueue<IEnumerator<DigestEntry>, (DigestEntry Entry, int Age)>(ByName.Instance);
        DigestEntry? last = null;
        try
        {
            for (var i = 0; i < runs.Count; i++) Enqueue(runs[i].GetEnumerator(), runs.Count - i);
            while (next.TryDequeue(out var run, out var place))
            {
                if (last?.CompareTo(run.Current.Folder.Name, run.Current.Name) != 0) yield return run.Current;
                last = run.Current;
                Enqueue(run, place.Age);
            }
        }
        finally
        {
            while (next.TryDequeue(out var run, out _)) run.Dispose();
        }

        void Enqueue(IEnumerator<DigestEntry> run, int age)
        {
            if (run.MoveNext()) next.Enqueue(run, (run.Current, age));
            else run.Dispose();
        }
    }

    // Nothing of a file is believed before all of it has been compared.
    private static bool TryOpen(string path, [NotNullWhen(true)] out FileStream? file)
    {
        file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes);
            if (IsWhole(file))
            {
                file.Position = s_mark.Length;
                return true;
            }
        }
        catch (Exception no) when (no is IOException or UnauthorizedAccessException)
        {
            // It is as good as none.
        }
        file?.Dispose();
        return false;
    }

    private static bool IsWhole(FileStream file)
    {
        var left = file.Length - SHA256.HashSizeInBytes;
        if (left < s_mark.Length) return false;
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (var isFirst = true; left > 0; isFirst = false)
            {
                var count = file.ReadAtLeast(buffer.AsSpan(0, (int)Math.Min(buffer.Length, left)), (int)Math.Min(buffer.Length, left));
                if (isFirst && !buffer.AsSpan(0, count).StartsWith(s_mark)) return false;
                digest.AppendData(buffer, 0, count);
                left -= count;
            }
            file.ReadExactly(buffer, 0, SHA256.HashSizeInBytes);
            return digest.GetHashAndReset().AsSpan().SequenceEqual(buffer.AsSpan(0, SHA256.HashSizeInBytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes entries, in the order of a walk, to a new file.</summary>
    internal sealed class Writer : IDisposable
    {
        // Larger ones have no digest in the file: that stands before what it is of.
        private const int FolderBytesMax = 8 << 20;

        private readonly FileStream _file;
        private readonly MemoryStream _gathered = new();
        private readonly BinaryWriter _writer;
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] _bytes = new byte[SHA256.HashSizeInBytes];
        private DigestFolder? _folder;
        private FolderDigest _digest = new();
        private int _files;

        public Writer(string path)
        {
            _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes);
            _writer = new BinaryWriter(_gathered);
            Put(s_mark);
        }

        public void Write(DigestEntry entry)
        {
            if (entry.Folder.Name != _folder?.Name) Begin(entry.Folder);
            _writer.Write(entry.Name);
            _writer.Write(entry.Stamp.SizeBytes);
            _writer.Write(entry.Stamp.Modified);
            _writer.Write(entry.Stamp.Changed);
            _writer.Write(entry.Stamp.Inode);
            entry.Md5.WriteBytes(_bytes);
            _writer.Write(_bytes, 0, Md5Digest.BytesCount);
            if (_files < 0)
            {
                PutGathered();
                return;
            }
            _files++;
            _digest.Add(entry.Name, entry.Stamp.SizeBytes, entry.Md5);
            if (_gathered.Length > FolderBytesMax) EndFolder(isWhole: false);
        }

        /// <summary>Ends the file; without it, it is as good as none.</summary>
        public void Finish()
        {
            EndFolder(isWhole: true);
            _file.Write(_hash.GetHashAndReset());
        }

        public void Dispose()
        {
            _writer.Dispose();
            _hash.Dispose();
            _file.Dispose();
        }

        private void Begin(DigestFolder folder)
        {
            EndFolder(isWhole: true);
            (_folder, _digest, _files) = (folder, new FolderDigest(), 0);
        }

        // What is said of a folder is written before its files.
        private void EndFolder(bool isWhole)
        {
            if (_folder is null || _files < 0) return;
            var head = new MemoryStream();
            using (var writer = new BinaryWriter(head))
            {
                writer.Write(""); // no file has such a name
                writer.Write(_folder.Name);
                writer.Write(isWhole ? _files : 0);
                _digest.Current.WriteBytes(_bytes);
                if (isWhole) writer.Write(_bytes);
            }
            Put(head.ToArray());
            PutGathered();
            _files = -1;
        }

        private void PutGathered()
        {
            Put(_gathered.GetBuffer().AsSpan(0, (int)_gathered.Length));
            _gathered.SetLength(0);
        }

        private void Put(ReadOnlySpan<byte> bytes)
        {
            _hash.AppendData(bytes);
            _file.Write(bytes);
        }
    }

    private sealed class ByName : IComparer<(DigestEntry Entry, int Age)>
    {
        public static readonly ByName Instance = new();

        public int Compare((DigestEntry Entry, int Age) x, (DigestEntry Entry, int Age) y) =>
            x.Entry.CompareTo(y.Entry.Folder.Name, y.Entry.Name) is not 0 and var order ? order : x.Age - y.Age;
    }
}
