using System.Security.Cryptography;
using System.Text;
using ActorSock.Wire;

namespace ActorSock.Client.Native;

/// <summary>Remembers the digests of the files of one folder, so that those that have not changed need not be read again.</summary>
/// <remarks>A file of its own for each folder: a mark, the entries, and behind them the SHA-256 of both. One that is damaged is as
/// good as none.</remarks>
internal sealed class DigestCache
{
    private static readonly byte[] s_mark = "ActorSock digests 1\n"u8.ToArray();

    private readonly string _path;
    private readonly Dictionary<string, (FileStamp Stamp, Md5Digest Md5)> _known;
    private readonly Dictionary<string, (FileStamp Stamp, Md5Digest Md5)> _seen = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    private DigestCache(string path, Dictionary<string, (FileStamp, Md5Digest)> known) => (_path, _known) = (path, known);

    /// <summary>Opens the cache of a folder.</summary>
    /// <param name="caches">Where caches are kept.</param>
    /// <param name="folder">Of which folder.</param>
    public static DigestCache Open(string caches, string folder)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(folder))))[..32];
        var path = Path.Combine(caches, name + ".digests");
        return new DigestCache(path, Read(path));
    }

    /// <summary>The digest of a file that has not changed since it was remembered.</summary>
    public Md5Digest? Find(string name, FileStamp stamp)
    {
        lock (_gate)
        {
            if (!_known.TryGetValue(name, out var known) || known.Stamp != stamp) return null;
            _seen[name] = known;
            return known.Md5;
        }
    }

    /// <summary>Remembers a digest.</summary>
    /// <param name="name">Of which file.</param>
    /// <param name="stamp">Its stamp, before it was read and afterwards.</param>
    /// <param name="md5">Its digest.</param>
    /// <param name="read">When the reading began. A file that was written just then may be written again without another
    /// stamp.</param>
    public void Remember(string name, FileStamp stamp, Md5Digest md5, DateTimeOffset read)
    {
        if (!stamp.IsSettled(read)) return;
        lock (_gate) _seen[name] = (stamp, md5);
    }

    /// <summary>Writes down what is to be known the next time.</summary>
    /// <param name="isWhole">Whether all files have been looked for since it was opened: what was not found then is
    /// forgotten.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Save(bool isWhole)
    {
        var folder = Path.GetDirectoryName(_path)!;
        if (!isWhole)
            lock (_gate)
                foreach (var (name, known) in _known) _seen.TryAdd(name, known);
        // The names of files are nobody else's business.
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var part = $"{_path}.{Guid.NewGuid():N}";
        try
        {
            File.WriteAllBytes(part, Write());
            File.Move(part, _path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private byte[] Write()
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(s_mark);
        lock (_gate)
        {
            writer.Write(_seen.Count);
            var md5 = new byte[Md5Digest.BytesCount];
            foreach (var (name, (stamp, digest)) in _seen)
            {
                writer.Write(name);
                writer.Write(stamp.SizeBytes);
                writer.Write(stamp.Modified);
                writer.Write(stamp.Changed);
                writer.Write(stamp.Inode);
                digest.WriteBytes(md5);
                writer.Write(md5);
            }
        }
        writer.Flush();
        writer.Write(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        writer.Flush();
        return bytes.ToArray();
    }

    private static Dictionary<string, (FileStamp, Md5Digest)> Read(string path)
    {
        var known = new Dictionary<string, (FileStamp, Md5Digest)>(StringComparer.Ordinal);
        if (Content(path) is not { } bytes) return known;
        using var reader = new BinaryReader(new MemoryStream(bytes));
        reader.ReadBytes(s_mark.Length);
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var name = reader.ReadString();
            var stamp = new FileStamp(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt64());
            known[name] = (stamp, Md5Digest.FromBytes(reader.ReadBytes(Md5Digest.BytesCount)));
        }
        return known;
    }

    /// <returns>What was written once; null when there is none, or something has happened to it since.</returns>
    private static byte[]? Content(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception no) when (no is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        var length = bytes.Length - SHA256.HashSizeInBytes;
        var isWhole = length > s_mark.Length && bytes.AsSpan().StartsWith(s_mark)
            && SHA256.HashData(bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length));
        return isWhole ? bytes[..length] : null;
    }
}
