using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ActorSock.Wire;

namespace ActorSock.Client.Native;

/// <summary>The digest of one file, and what the file was then.</summary>
/// <param name="Name">Its name from the folder on.</param>
/// <param name="Stamp">What it was.</param>
/// <param name="Md5">Its digest.</param>
internal readonly record struct DigestEntry(string Name, FileStamp Stamp, Md5Digest Md5);

/// <summary>Digests in the order of their names, in a file that is read and written as a stream: a mark, the entries, and behind them the
/// SHA-256 of both.</summary>
internal static class DigestRun
{
    private const int BufferBytes = 64 << 10;
    private static readonly byte[] s_mark = "ActorSock digests 2\n"u8.ToArray();

    /// <summary>Reads the entries of a file, one by one.</summary>
    /// <returns>Nothing when there is no such file, or something has happened to it since it was written.</returns>
    public static IEnumerable<DigestEntry> Read(string path)
    {
        if (!TryOpen(path, out var file)) yield break;
        using var reader = new BinaryReader(file);
        var end = file.Length - SHA256.HashSizeInBytes;
        while (file.Position < end)
        {
            var name = reader.ReadString();
            var stamp = new FileStamp(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt64());
            yield return new DigestEntry(name, stamp, Md5Digest.FromBytes(reader.ReadBytes(Md5Digest.BytesCount)));
        }
    }

    /// <summary>Takes several for one: of the same name that counts which comes in the last.</summary>
    public static IEnumerable<DigestEntry> Merge(IReadOnlyList<IEnumerable<DigestEntry>> runs)
    {
        var next = new PriorityQueue<IEnumerator<DigestEntry>, (string Name, int Age)>(ByName.Instance);
        string? last = null;
        try
        {
            for (var i = 0; i < runs.Count; i++) Enqueue(runs[i].GetEnumerator(), runs.Count - i);
            while (next.TryDequeue(out var run, out var place))
            {
                if (run.Current.Name != last) yield return run.Current;
                last = run.Current.Name;
                Enqueue(run, place.Age);
            }
        }
        finally
        {
            while (next.TryDequeue(out var run, out _)) run.Dispose();
        }

        void Enqueue(IEnumerator<DigestEntry> run, int age)
        {
            if (run.MoveNext()) next.Enqueue(run, (run.Current.Name, age));
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

    /// <summary>Writes entries, in the order of their names, to a new file.</summary>
    internal sealed class Writer : IDisposable
    {
        private readonly FileStream _file;
        private readonly MemoryStream _gathered = new();
        private readonly BinaryWriter _writer;
        private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] _md5 = new byte[Md5Digest.BytesCount];

        public Writer(string path)
        {
            _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
            _writer = new BinaryWriter(_gathered);
            _writer.Write(s_mark);
        }

        public void Write(in DigestEntry entry)
        {
            _writer.Write(entry.Name);
            _writer.Write(entry.Stamp.SizeBytes);
            _writer.Write(entry.Stamp.Modified);
            _writer.Write(entry.Stamp.Changed);
            _writer.Write(entry.Stamp.Inode);
            entry.Md5.WriteBytes(_md5);
            _writer.Write(_md5);
            if (_gathered.Length >= BufferBytes) Flush();
        }

        /// <summary>Ends the file; without it, it is as good as none.</summary>
        public void Finish()
        {
            Flush();
            _file.Write(_digest.GetHashAndReset());
        }

        public void Dispose()
        {
            _writer.Dispose();
            _digest.Dispose();
            _file.Dispose();
        }

        private void Flush()
        {
            var bytes = _gathered.GetBuffer().AsSpan(0, (int)_gathered.Length);
            _digest.AppendData(bytes);
            _file.Write(bytes);
            _gathered.SetLength(0);
        }
    }

    private sealed class ByName : IComparer<(string Name, int Age)>
    {
        public static readonly ByName Instance = new();

        public int Compare((string Name, int Age) x, (string Name, int Age) y) =>
            Utf8Order.Instance.Compare(x.Name, y.Name) is not 0 and var order ? order : x.Age - y.Age;
    }
}
