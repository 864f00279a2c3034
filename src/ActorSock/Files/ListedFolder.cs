using System.Text;

namespace ActorSock.Files;

/// <summary>One folder on the way of a listing: the names in it that are still to come, as far as they are in memory.</summary>
/// <remarks>
/// A name here is that of a file, or of a folder with <c>/</c> at its end: so <c>a-b</c>, <c>a.b</c> and <c>a/</c> are in the order
/// in which all the names stand that begin with them. When there are more names than memory is given, the folder is looked
/// through again when it is their turn.
/// </remarks>
/// <param name="path">the folder, with <c>/</c> at its end; empty for the first</param>
/// <param name="open">opens it</param>
/// <param name="after">names come behind this one</param>
/// <param name="prefix">names begin with this</param>
/// <param name="entersFolderOfAfter">whether the folder that <paramref name="after"/> lies in is wanted, too</param>
/// <param name="isWanted">whether it is listed: a client could have given the name</param>
internal sealed class ListedFolder(
    string path, Func<string, IFolderReader?> open, byte[] after, byte[] prefix, bool entersFolderOfAfter,
    ListedFolder.IsWanted isWanted)
{
    private List<byte[]> _names = [];
    private int _at;
    private byte[]? _last;
    private bool _isCut = true;
    private IFolderReader? _reader;

    public delegate bool IsWanted(string folder, ReadOnlySpan<byte> name, bool isFolder);

    public string Path => path;

    /// <summary>How many names are in memory.</summary>
    public int Count => _names.Count - _at;

    /// <summary>The next name.</summary>
    /// <param name="countMax">So many are kept in memory when the folder is looked through.</param>
    /// <param name="name">It.</param>
    /// <param name="isFresh">Whether the folder was looked through for it.</param>
    public bool TryNext(int countMax, out ReadOnlySpan<byte> name, out bool isFresh)
    {
        isFresh = false;
        if (_at == _names.Count && _isCut)
        {
            LookThrough(countMax);
            isFresh = true;
        }
        if (_at == _names.Count)
        {
            name = default;
            return false;
        }
        name = _last = _names[_at++];
        return true;
    }

    /// <summary>What lies under a name in it; null when that is no file any more.</summary>
    public StoredFile? Stat(ReadOnlySpan<byte> name) => (_reader ??= open(path))?.Stat(name);

    /// <summary>Whether the last name is a folder that <c>after</c> lies in: what is before that was taken earlier.</summary>
    public bool IsOnTheWay => entersFolderOfAfter && _last is [.., (byte)'/'] && after.AsSpan().StartsWith(_last);

    /// <summary>What <c>after</c> is for a folder in this one.</summary>
    public byte[] AfterIn(ReadOnlySpan<byte> folder) => after.AsSpan().StartsWith(folder) ? after[folder.Length..] : [];

    /// <summary>Forgets the names, to find them again when it is their turn.</summary>
    public void Forget()
    {
        if (Count == 0)
            return;
        (_names, _at, _isCut) = ([], 0, true);
    }

    /// <summary>Closes the folder, until it is needed again.</summary>
    public void Rest()
    {
        _reader?.Dispose();
        _reader = null;
    }

    private void LookThrough(int countMax)
    {
        Rest(); // a folder is read from its beginning once
        (_names, _at, _isCut) = ([], 0, false);
        _reader = open(path);
        if (_reader is null)
            return;
        try
        {
            Keep(countMax, _reader);
        }
        catch (StorageException)
        {
            Rest();
            throw;
        }
    }

    private void Keep(int countMax, IFolderReader reader)
    {
        var smallest = new SmallestNames(countMax);
        Span<byte> folder = stackalloc byte[IFolderReader.NameBytesMax + 1];
        while (reader.TryNext(out var name, out var isFolder))
        {
            scoped var sorted = name;
            if (isFolder)
            {
                name.CopyTo(folder);
                folder[name.Length] = (byte)'/';
                sorted = folder[..(name.Length + 1)];
            }
            if (!smallest.IsTooLarge(sorted) && IsDue(sorted, isFolder) && isWanted(path, name, isFolder))
                smallest.Add(sorted);
        }
        _names = smallest.Sorted();
        _isCut = smallest.IsCut;
    }

    private bool IsDue(ReadOnlySpan<byte> name, bool isFolder)
    {
        // Whatever was taken before is behind what the names come behind, but for the folder that that lies in.
        var isBehind = SmallestNames.Compare(name, _last ?? after) > 0
            || (_last is null && isFolder && entersFolderOfAfter && after.AsSpan().StartsWith(name));
        return isBehind && (prefix.Length == 0 || name.StartsWith(prefix));
    }
}
