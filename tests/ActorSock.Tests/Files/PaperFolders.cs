using System.Security.Cryptography;
using System.Text;
using ActorSock.Files;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Tests.Files;

/// <summary>Folders that are not on any disk, and how often somebody looked at what is in them.</summary>
internal sealed class PaperFolders
{
    private readonly Dictionary<string, SortedDictionary<string, PaperFile>> _folders = new(StringComparer.Ordinal) { [""] = Files() };

    public int Opened { get; private set; }

    public int Stats { get; private set; }

    public int NamesRead { get; private set; }

    public int Open { get; private set; }

    /// <summary>What somebody else does just before a folder is opened.</summary>
    public Action<string>? Opening { get; set; }

    /// <summary>Puts a file in the place of what was there.</summary>
    public void Put(string name, string content, long changedNs = 0, bool knowsDigest = true, ulong inode = 7)
    {
        for (var at = name.IndexOf('/'); at >= 0; at = name.IndexOf('/', at + 1))
            _folders.TryAdd(name[..(at + 1)], Files());
        _folders[FolderOf(name)][name[FolderOf(name).Length..]] =
            new PaperFile(content.Length, changedNs, inode, knowsDigest ? Digest(content) : null);
    }

    public void Remove(string name) => _folders[FolderOf(name)].Remove(name[FolderOf(name).Length..]).ShouldBeTrue();

    public void RemoveFolder(string path) => _folders.Remove(path).ShouldBeTrue();

    public IFolderReader? OpenFolder(string path)
    {
        Opening?.Invoke(path);
        if (!_folders.ContainsKey(path))
            return null;
        Opened++;
        Open++;
        return new Reader(this, path);
    }

    /// <summary>What a tour is to say of a folder.</summary>
    public FolderEntry Entry(string path)
    {
        var digest = new FolderDigest();
        foreach (var (name, file) in _folders[path])
            digest.Add(name, file.Size, file.Md5 ?? default);
        var files = _folders[path].Values;
        return new FolderEntry(path, files.Count, files.Sum(file => file.Size), files.Any(file => file.Md5 is null) ? null : digest.Current);
    }

    private static Md5Digest Digest(string content) => Md5Digest.FromBytes(MD5.HashData(Encoding.UTF8.GetBytes(content)));

    private static string FolderOf(string name) => name[..(name.LastIndexOf('/') + 1)];

    private static SortedDictionary<string, PaperFile> Files() => new(StringComparer.Ordinal);

    private sealed record PaperFile(long Size, long ChangedNs, ulong Inode, Md5Digest? Md5);

    private sealed class Reader(PaperFolders all, string path) : IFolderReader
    {
        private readonly Queue<(byte[] Name, bool IsFolder)> _names = new(
            all._folders[path].Keys.Select(name => (Encoding.UTF8.GetBytes(name), false)).Concat(
                all._folders.Keys.Where(folder => folder.Length > path.Length && folder.StartsWith(path, StringComparison.Ordinal)
                    && folder.IndexOf('/', path.Length) == folder.Length - 1)
                    .Select(folder => (Encoding.UTF8.GetBytes(folder[path.Length..^1]), true))));

        public bool TryNext(out ReadOnlySpan<byte> name, out bool isFolder)
        {
            all.NamesRead++;
            var isThere = _names.TryDequeue(out var next);
            name = next.Name;
            isFolder = next.IsFolder;
            return isThere;
        }

        public StoredFile? Stat(ReadOnlySpan<byte> name)
        {
            all.Stats++;
            return Find(name) is { } file ? new StoredFile(file.Size, default, new FileDigests(file.Md5)) : null;
        }

        public FileFacts? Facts(ReadOnlySpan<byte> name) =>
            Find(name) is { } file ? new FileFacts(true, false, file.Inode, 1, file.Size, 0, file.ChangedNs) : null;

        public void Dispose() => all.Open--;

        private PaperFile? Find(ReadOnlySpan<byte> name) => all._folders[path].GetValueOrDefault(Encoding.UTF8.GetString(name));
    }
}
