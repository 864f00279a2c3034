using System.Text;
using ActorSock.Wire.Native;

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
    private readonly ClientNames _names;
    private readonly ListedFolders _folders;
    private readonly List<ListEntry> _entries = [];

    private FileListing(in FileQuery query, Func<string, IFolderReader?> open, ClientNames names)
    {
        _root = query.Folder is { } folder ? $"{folder}/" : "";
        (_open, _limit, _isRecursive, _names) = (open, query.Limit, query.IsRecursive, names);
        _namesMax = Math.Max(NamesAtOnceMin, _limit + 1);
        _folders = new ListedFolders(_namesMax);
    }

    /// <param name="query">What is asked for.</param>
    /// <param name="open">Opens a folder by its path from the root on, with <c>/</c> at its end.</param>
    /// <param name="nameBytesMax">Longer names are none of a client's.</param>
    public static FilePage Of(in FileQuery query, Func<string, IFolderReader?> open, int nameBytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(query.Limit);
        var names = new ClientNames(nameBytesMax);
        if (names.PlaceOf(query.Prefix, query.After) is not { } place)
            return new FilePage([], HasMore: false);
        var listing = new FileListing(query, open, names);
        listing._folders.Enter(listing.Folder(place.Folder, place.Behind, place.Prefix));
        return listing.Page();
    }

    private FilePage Page()
    {
        var taken = 0;
        while (_folders.TryNext(out var folder, out var name))
        {
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
        _folders.Enter(Folder(whole, folder.AfterIn(name), []));
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
                if (!_names.IsOfClient(path, name))
                    continue;
                if (!isFolder)
                    return true;
                below.Push($"{path}{Encoding.UTF8.GetString(name)}/");
            }
        }
        return false;
    }

    private ListedFolder Folder(string path, byte[] after, byte[] prefix) =>
        new(path, Open, after, prefix, entersFolderOfAfter: _isRecursive, (folder, name, _) => _names.IsOfClient(folder, name));

    private IFolderReader? Open(string path) => _open(_root + path);
}
