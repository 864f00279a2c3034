using System.Text;
using ActorSock.Wire.Native;

namespace ActorSock.Files;

/// <summary>Finds some of the folders that have files, in the order of their names, from the place where the tour before ended.</summary>
/// <remarks>
/// It looks at some thousand names and ends, if need be in the middle of a folder: <see cref="FolderPage.Begun"/> is what is known of that.
/// </remarks>
internal sealed class FolderTour : IDisposable
{
    private const int NamesAtOnce = 4096;

    private readonly string _root;
    private readonly FolderQuery _query;
    private readonly Func<string, IFolderReader?> _open;
    private readonly ClientNames _names;
    private readonly FolderMemo _memo;
    private readonly DateTimeOffset _now;
    private readonly byte[]? _after;
    private readonly ListedFolders _folders = new(NamesAtOnce);
    private readonly List<FolderEntry> _entries = [];
    private FolderSum? _begun;
    private string? _last;
    private int _left = NamesAtOnce;

    private FolderTour(
        in FolderQuery query, Func<string, IFolderReader?> open, ClientNames names, FolderMemo memo, DateTimeOffset now, FolderSum? begun)
    {
        _root = query.Folder is { } folder ? $"{folder}/" : "";
        (_query, _open, _names, _memo, _now, _begun) = (query, open, names, memo, now, begun);
        (_last, _after) = (query.After, query.After is { } after ? Encoding.UTF8.GetBytes(names.Normal(after)) : null);
    }

    /// <param name="query">What is asked for.</param>
    /// <param name="open">Opens a folder by its path from the root on, with <c>/</c> at its end.</param>
    /// <param name="nameBytesMax">Longer names are none of a client's.</param>
    /// <param name="memo">What was found in folders before.</param>
    /// <param name="now">The time.</param>
    /// <param name="begun">What the tour before has left; this one disposes of it.</param>
    public static FolderPage Of(
        in FolderQuery query, Func<string, IFolderReader?> open, int nameBytesMax, FolderMemo memo, DateTimeOffset now, FolderSum? begun)
    {
        var names = new ClientNames(nameBytesMax);
        using var tour = new FolderTour(query, open, names, memo, now, begun);
        return names.PlaceOf(query.Prefix, query.After) is { } place ? tour.Page(place) : new FolderPage([], HasMore: false);
    }

    public void Dispose() => _begun?.Dispose();

    private FolderPage Page(in ListedPlace place)
    {
        var isThrough = TryVisit(place.Folder, place.Behind, place.Prefix);
        while (isThrough && _folders.TryNext(out var folder, out var name))
        {
            folder.Rest(); // it has its names
            isThrough = TryVisit(folder.Path + Encoding.UTF8.GetString(name), folder.AfterIn(name), []);
        }
        var begun = _begun;
        _begun = null;
        return new FolderPage(_entries, HasMore: !isThrough) { After = _last, Begun = begun };
    }

    /// <summary>Looks at a folder, and then goes on with those in it; false when it is enough for now.</summary>
    /// <param name="path">With <c>/</c> at the end.</param>
    /// <param name="behind">Those in it come behind this name.</param>
    /// <param name="prefix">And begin with this.</param>
    private bool TryVisit(string path, byte[] behind, byte[] prefix)
    {
        var isDue = prefix.Length == 0 && (_after is null || SmallestNames.Compare(Encoding.UTF8.GetBytes(path), _after) > 0);
        if (_left <= 0 || (isDue && _entries.Count == _query.Limit))
            return false;
        _left--;
        var hasFolders = true;
        if (isDue && !TrySum(path, out hasFolders))
            return false;
        if (hasFolders)
            _folders.Enter(new ListedFolder(path, below => _open(_root + below), behind, prefix, entersFolderOfAfter: true, IsFolderOfClient));
        return true;
    }

    private bool TrySum(string path, out bool hasFolders)
    {
        hasFolders = false;
        if (_begun?.IsOf(path) != true)
        {
            Forget();
            _begun = new FolderSum(_root, path, _open, _names, _memo, _now);
        }
        if (!_begun.TryFind(ref _left, out var content))
            return false;
        if (content.Files > 0)
            _entries.Add(new FolderEntry(path, content.Files, content.Bytes, content.Digest));
        (_last, hasFolders) = (path, _begun.HasFolders);
        Forget();
        return true;
    }

    private bool IsFolderOfClient(string folder, ReadOnlySpan<byte> name, bool isFolder) => isFolder && _names.IsOfClient(folder, name);

    private void Forget()
    {
        _begun?.Dispose();
        _begun = null;
    }
}
