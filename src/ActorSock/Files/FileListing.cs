using System.Text;
using System.Text.Unicode;
using ActorSock.Wire.Native;
using ActorSock.Wire.Text;

namespace ActorSock.Files;

/// <summary>Finds one page of files: goes through the folders in the order of the names, from the place where the page before ended.</summary>
/// <remarks>
/// The names in memory are at most some times as many as a page has, however many are in a folder; a larger folder is looked
/// through once for each page. One folder is open at a time. Empty folders cost time and give no entry, so a page may end
/// before it is full: else one request for a few names could take hours of a thread.
/// </remarks>
internal sealed class FileListing
{
    /// <summary>So many names are gone through for one page, and found by one look through a folder, though fewer were asked for.</summary>
    private const int NamesAtOnceMin = 4096;

    /// <summary>A folder of which so many names are no file counts as one that has some.</summary>
    private const int NamesWithoutFileMax = 4096;

    private readonly string _root;
    private readonly Func<string, IFolderReader?> _open;
    private readonly int _limit, _namesMax;
    private readonly bool _isRecursive;
    private readonly int _nameBytesMax;
    private readonly List<ListedFolder> _folders = []; // the innermost is the last
    private readonly List<ListEntry> _entries = [];

    private FileListing(in FileQuery query, Func<string, IFolderReader?> open, int nameBytesMax)
    {
        _root = query.Folder is { } folder ? $"{folder}/" : "";
        (_open, _limit, _isRecursive, _nameBytesMax) = (open, query.Limit, query.IsRecursive, nameBytesMax);
        _namesMax = Math.Max(NamesAtOnceMin, _limit + 1);
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
        var taken = 0;
        while (_folders is [.., var folder])
        {
            if (!folder.TryNext(_namesMax, out var name, out var isFresh))
            {
                folder.Rest();
                _folders.RemoveAt(_folders.Count - 1);
                continue;
            }
            if (isFresh)
                ForgetTooMany();
            if (Take(folder, name) is { } entry)
            {
                if (_entries.Count == _limit)
                {
                    folder.Rest();
                    return new FilePage(_entries, HasMore: true);
                }
                _entries.Add(entry);
            }
            if (!folder.IsOnTheWay && ++taken >= _namesMax)
            {
                folder.Rest();
                return new FilePage(_entries, HasMore: true) { After = folder.Path + Encoding.UTF8.GetString(name) };
            }
        }
        return new FilePage(_entries, HasMore: false);
    }

    private ListEntry? Take(ListedFolder folder, ReadOnlySpan<byte> name)
    {
        var whole = folder.Path + Encoding.UTF8.GetString(name);
        if (name[^1] != '/')
            return folder.Stat(name) is { } file ? ListEntry.File(whole, file.Size, file.Modified, file.Md5) : null;
        folder.Rest();
        if (!_isRecursive)
            return HasFile(whole) ? ListEntry.Folder(whole) : null;
        _folders.Add(Folder(whole, folder.AfterIn(name), []));
        return null;
    }

    /// <summary>Whether there is a file somewhere below a folder: an empty one is no thing of its own.</summary>
    private bool HasFile(string folder)
    {
        var (below, left) = (new Stack<string>([folder]), NamesWithoutFileMax);
        while (below.TryPop(out var path))
        {
            using var reader = Open(path);
            while (reader is not null && reader.TryNext(out var name, out var isFolder))
            {
                if (--left == 0)
                    return true;
                if (!IsOfClient(path, name))
                    continue;
                if (!isFolder)
                    return true;
                below.Push($"{path}{Encoding.UTF8.GetString(name)}/");
            }
        }
        return false;
    }

    /// <summary>The outer folders forget their names first: their turn comes last.</summary>
    private void ForgetTooMany()
    {
        var count = _folders.Sum(static folder => (long)folder.Count);
        foreach (var outer in _folders.SkipLast(1))
        {
            if (count <= 2L * _namesMax)
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
