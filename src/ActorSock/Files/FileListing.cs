using System.Text;
using System.Text.Unicode;
using ActorSock.Wire.Native;
using ActorSock.Wire.Text;

namespace ActorSock.Files;

/// <summary>Finds one page of files: goes through the folders in the order of the names, from the place where the page before ended.</summary>
/// <remarks>
/// The names in memory are at most some times as many as a page has, however many are in a folder; a larger folder is looked
/// through once for each page. One folder is open at a time.
/// </remarks>
internal sealed class FileListing
{
    private const int FoldersAtOnce = 256;

    private readonly string _root;
    private readonly Func<string, IFolderReader?> _open;
    private readonly int _limit;
    private readonly bool _isRecursive;
    private readonly int _nameBytesMax;
    private readonly List<ListedFolder> _folders = []; // the innermost is the last
    private readonly List<ListEntry> _entries = [];

    private FileListing(in FileQuery query, Func<string, IFolderReader?> open, int nameBytesMax)
    {
        _root = query.Folder is { } folder ? $"{folder}/" : "";
        (_open, _limit, _isRecursive, _nameBytesMax) = (open, query.Limit, query.IsRecursive, nameBytesMax);
    }

    /// <param name="query">What is asked for.</param>
    /// <param name="open">Opens a folder by its path from the root on, with <c>/</c> at its end.</param>
    /// <param name="nameBytesMax">Longer names are none of a client's.</param>
    public static FilePage Of(in FileQuery query, Func<string, IFolderReader?> open, int nameBytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(query.Limit);
        var listing = new FileListing(query, open, nameBytesMax);
        return listing.TryBegin(Normal(query.Prefix), Normal(query.After ?? "")) ? listing.Page() : new FilePage([], HasMore: false);

        // As names are when they are stored; what is longer than any of them is behind them or not, as it stands.
        string Normal(string text) => text.Length > nameBytesMax ? text : NormalFormC.Of(text).Replace('\\', '/');
    }

    /// <summary>False when no file can have such a name.</summary>
    private bool TryBegin(string prefix, string after)
    {
        var folder = prefix[..(prefix.LastIndexOf('/') + 1)];
        if (folder.Length > 0 && !IsName($"{folder}any"))
            return false;
        var (behind, front) = (Encoding.UTF8.GetBytes(after), Encoding.UTF8.GetBytes(folder));
        if (!behind.AsSpan().StartsWith(front) && SmallestNames.Compare(behind, front) > 0)
            return false;
        behind = behind.AsSpan().StartsWith(front) ? behind[front.Length..] : [];
        _folders.Add(Folder(folder, behind, Encoding.UTF8.GetBytes(prefix[folder.Length..])));
        return true;
    }

    private FilePage Page()
    {
        while (_folders is [.., var folder])
        {
            if (!folder.TryNext(_limit + 1 - _entries.Count, out var name, out var isFresh))
            {
                folder.Rest();
                _folders.RemoveAt(_folders.Count - 1);
                continue;
            }
            if (isFresh)
                ForgetTooMany();
            Take(folder, name);
            if (_entries.Count <= _limit)
                continue;
            _entries.RemoveAt(_limit);
            folder.Rest();
            return new FilePage(_entries, HasMore: true);
        }
        return new FilePage(_entries, HasMore: false);
    }

    private void Take(ListedFolder folder, ReadOnlySpan<byte> name)
    {
        var whole = folder.Path + Encoding.UTF8.GetString(name);
        if (name[^1] != '/')
        {
            if (folder.Stat(name) is { } file)
                _entries.Add(ListEntry.File(whole, file.Size, file.Modified, file.Md5));
            return;
        }
        folder.Rest();
        if (_isRecursive)
            _folders.Add(Folder(whole, folder.AfterIn(name), []));
        else if (HasFile(whole))
            _entries.Add(ListEntry.Folder(whole));
    }

    /// <summary>Whether there is a file somewhere below a folder: an empty one is no thing of its own.</summary>
    private bool HasFile(string path)
    {
        using (var reader = Open(path))
        {
            while (reader is not null && reader.TryNext(out var name, out var isFolder))
            {
                if (!isFolder && IsOfClient(path, name))
                    return true;
            }
        }
        var folder = Folder(path, [], []);
        while (folder.TryNext(FoldersAtOnce, out var name, out _))
        {
            folder.Rest();
            if (name[^1] == '/' && HasFile(path + Encoding.UTF8.GetString(name)))
                return true;
        }
        return false;
    }

    /// <summary>The outer folders forget their names first: their turn comes last.</summary>
    private void ForgetTooMany()
    {
        var count = _folders.Sum(static folder => (long)folder.Count);
        foreach (var outer in _folders.SkipLast(1))
        {
            if (count <= 2L * (_limit + 1))
                return;
            count -= outer.Count;
            outer.Forget();
        }
    }

    private ListedFolder Folder(string path, byte[] after, byte[] prefix) =>
        new(path, Open, after, prefix, entersFolderOfAfter: _isRecursive, IsOfClient);

    private IFolderReader? Open(string path) => _open(_root + path);

    /// <summary>Whether a client can have given a name, and can get at it: others may have put files here that none can name.</summary>
    private bool IsOfClient(string folder, ReadOnlySpan<byte> name)
    {
        var isPlain = !OperatingSystem.IsWindows() && name.Length <= 255 && !name.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            && !name.Contains((byte)'\\') && (folder.Length > 0 || name[0] != '.');
        if (isPlain)
            return Encoding.UTF8.GetByteCount(folder) + name.Length <= _nameBytesMax;
        return Utf8.IsValid(name) && IsName(folder + Encoding.UTF8.GetString(name));
    }

    private bool IsName(string whole) =>
        FileName.TryConfine(whole, _nameBytesMax, out var confined, out _) && confined.Value == whole;
}
