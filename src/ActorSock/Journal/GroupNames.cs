namespace ActorSock.Journal;

/// <summary>Knows the names that a group under way uses, which is not published: what another commit has to wait for.</summary>
/// <param name="comparer">Tells which names are one.</param>
internal sealed class GroupNames(StringComparer comparer)
{
    private readonly HashSet<string> _stored = new(comparer); // that get a file
    private readonly HashSet<string> _unsettled = new(comparer); // that lose one, or get one that has another name before
    private readonly HashSet<string> _folders = new(comparer); // on the way to those that get a file, without the last '/'
    private readonly HashSet<string> _syncedFirst = new(comparer); // folders of those that get one by a rename
    private readonly HashSet<string> _syncedLast = new(comparer); // folders of those that lose one to another folder

    public void Add(in CommitEntry entry)
    {
        var (name, to) = (entry.Name, entry.To);
        (entry.Kind is CommitKind.Removal or CommitKind.Renaming ? _unsettled : _stored).Add(name.Value);
        if (entry.Kind == CommitKind.Part)
            _syncedFirst.Add(name.Folder);
        if (entry.Kind is CommitKind.Whole or CommitKind.Part)
            AddFolders(name.Value);
        if (to is not { } target)
            return;
        _unsettled.Add(target.Value);
        AddFolders(target.Value);
        _syncedFirst.Add(target.Folder);
        if (!comparer.Equals(name.Folder, target.Folder))
            _syncedLast.Add(name.Folder);
    }

    public void Clear()
    {
        _stored.Clear();
        _unsettled.Clear();
        _folders.Clear();
        _syncedFirst.Clear();
        _syncedLast.Clear();
    }

    /// <summary>Whether it is known only when the group was published what file has this name.</summary>
    public bool Touch(string name) => _stored.Contains(name) || _unsettled.Contains(name);

    /// <summary>Whether it is known only then which file has this name, or whether one has.</summary>
    public bool Unsettle(string name) => _unsettled.Contains(name);

    /// <summary>Whether it is known only then that no folder has the name, and no file that of a folder on the way.</summary>
    public bool AreInTheWayOf(string name)
    {
        if (_folders.Count > 0 && _folders.Contains(name))
            return true;
        for (var end = name.IndexOf('/'); end >= 0; end = name.IndexOf('/', end + 1))
        {
            var folder = name.AsSpan(0, end);
            if (_stored.GetAlternateLookup<ReadOnlySpan<char>>().Contains(folder)
                || _unsettled.GetAlternateLookup<ReadOnlySpan<char>>().Contains(folder))
                return true;
        }
        return false;
    }

    /// <summary>
    /// Whether the folders could not be synced in such an order that each rename, this one and those of the group, is durable where
    /// it gives a name before it is where it takes one.
    /// </summary>
    /// <param name="from">The folder that loses a name to another one; null for none.</param>
    /// <param name="to">The folder that gets one.</param>
    public bool UpsetOrder(string? from, string to) =>
        _syncedLast.Contains(to) || (from is not null && !comparer.Equals(from, to) && _syncedFirst.Contains(from));

    private void AddFolders(string name)
    {
        for (var end = name.IndexOf('/'); end >= 0; end = name.IndexOf('/', end + 1))
            _folders.GetAlternateLookup<ReadOnlySpan<char>>().Add(name.AsSpan(0, end));
    }
}
