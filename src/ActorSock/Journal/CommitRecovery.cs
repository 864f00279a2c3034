using System.Text;
using ActorSock.Files;

namespace ActorSock.Journal;

/// <summary>Finishes at the start of a node the commits that are in the log.</summary>
/// <remarks>
/// When only the process had died, the page cache has all that was published, and the entries behind the marker
/// are looked after; whoever took a file away meanwhile is respected. When the machine had died, every
/// entry since the last checkpoint is. May be interrupted at any step and done again.
/// </remarks>
internal sealed class CommitRecovery
{
    private readonly CommitLog _log;
    private readonly IFileStore _store;
    private readonly HashSet<long> _withoutLine = [];
    private readonly RecoveredCommits _recovered;
    private readonly SupersededNames _names;
    private readonly Func<EntryHead, bool> _isLookedAfter;

    private CommitRecovery(CommitLog log, IFileStore store)
    {
        (_log, _store) = (log, store);
        var voided = log.Skim().Where(static head => head.Kind == CommitKind.Void).Select(static head => head.Voided).ToHashSet();
        _isLookedAfter = head => head.Kind != CommitKind.Void && head.Number > log.Published && !voided.Contains(head.Number);
        _recovered = new RecoveredCommits { Entries = Heads().Count(), Missing = log.MissingCount };
        _names = new SupersededNames(store.NameComparer, _recovered.Entries);
    }

    /// <summary>
    /// Publishes what is not, has each commit written to the journal, and makes all files durable. What is left to
    /// do is to make the journal durable, then <see cref="CommitLog.Reset"/>.
    /// </summary>
    /// <param name="log">As it was opened.</param>
    /// <param name="store">Where the files are; of the part files none was removed yet.</param>
    /// <param name="journal">
    /// Takes each commit that was looked after, in the order of their numbers, and whether a line belongs to it:
    /// not to one that could not be published. Any of them, but none behind one that lacks it, may have its line
    /// already. The body of an entry is there during the call.
    /// </param>
    /// <exception cref="StorageException">
    /// The disk has no room for a file, or reports an error: nothing is lost, the log still has everything.
    /// </exception>
    public static RecoveredCommits Replay(CommitLog log, IFileStore store, Action<CommitEntry, bool> journal)
    {
        var recovery = new CommitRecovery(log, store);
        recovery.LearnNames();
        // What is only in the file system is moved before anything is written to its old place; what the log has can be written
        // where it belongs in the end; and what lost its name is removed when nothing is to come from there any more.
        recovery.ForEach([CommitKind.Part, CommitKind.Renaming], recovery.Move);
        recovery.ForEach([CommitKind.Whole], recovery.Write);
        recovery.ForEach([CommitKind.Removal, CommitKind.Renaming], recovery.Clear);
        foreach (var head in recovery.Heads())
            journal(CommitLog.Whole(head), !recovery._withoutLine.Contains(head.Number));
        log.Sync(store.SyncAll);
        return recovery._recovered;
    }

    private IEnumerable<EntryHead> Heads() => _log.Skim().Where(_isLookedAfter);

    private void LearnNames()
    {
        foreach (var head in Heads())
        {
            if (head.Kind == CommitKind.Removal)
                _names.AddRemoval(head.Number, head.Name.Span);
            else if (head.Kind == CommitKind.Renaming)
                _names.AddRenaming(head.Number, head.Name.Span, head.OtherName.Span);
            else
                _names.AddFile(head.Number, head.Name.Span, isLogged: head.Kind == CommitKind.Whole);
        }
        foreach (var head in Heads().Where(static head => head.Kind != CommitKind.Removal))
            _names.AddFolders(head.Number, head.Kind == CommitKind.Renaming ? head.OtherName.Span : head.Name.Span);
    }

    private void ForEach(CommitKind[] kinds, Action<CommitEntry> step)
    {
        foreach (var head in Heads())
        {
            if (!kinds.Contains(head.Kind))
                continue;
            var entry = CommitLog.Whole(head);
            try
            {
                step(entry);
            }
            catch (StorageException e) when (e.Fault is StorageFault.NameTaken or StorageFault.NameRefused or StorageFault.Denied)
            {
                // Somebody put something else in its place since it was published, or it never was and its
                // client was never told that it had been.
                _recovered.Lose(entry, e.Why);
                _withoutLine.Add(entry.Number);
            }
        }
    }

    private void Move(CommitEntry entry)
    {
        if (entry.Kind == CommitKind.Renaming)
        {
            MoveOn(entry);
            return;
        }
        if (IsSuperseded(entry))
            _recovered.Superseded++;
        else if (_store.HasPart(entry.PartName))
        {
            _store.PublishPart(entry.PartName, entry.Name);
            _recovered.Renamed++;
        }
        else if (_names.PlaceOf(entry.Number) is not null
            || _store.Check(entry.Name, entry.Size, digest: null)) // its bytes were durable before the entry was
        {
            _recovered.Whole++;
        }
        else
        {
            _recovered.Lose(entry, "its part file is gone and what lies under its name is another file, or nothing");
        }
    }

    /// <summary>A file that the log does not have is moved if it is still there: another of the name is not the one that was meant.</summary>
    private void MoveOn(CommitEntry entry)
    {
        if (_names.HasMovedLogged(entry.Number))
            return;
        var meant = new StoredFile(entry.Size, entry.Modified, default) { Inode = entry.Inode };
        if (_store.Stat(entry.Name) is not { } found || !found.IsSameAs(meant))
            return;
        _store.Rename(entry.Name, entry.To!.Value);
        _recovered.Renamed++;
    }

    private void Write(CommitEntry entry)
    {
        if (IsSuperseded(entry))
        {
            _recovered.Superseded++;
            return;
        }
        var name = _names.PlaceOf(entry.Number) is { } place ? NameOf(place) : entry.Name;
        if (!_log.CacheIsUnsure && _store.Check(name, entry.Size, entry.Digest))
        {
            _recovered.Whole++;
            return;
        }
        _store.Store(name, entry.Body.Span, entry.Stamp);
        _recovered.Rewritten++;
    }

    private void Clear(CommitEntry entry)
    {
        var name = Encoding.UTF8.GetBytes(entry.Name.Value);
        if (_names.IsGone(name) && RemoveFile(entry.Name))
            _recovered.Removed++;
        if (entry.Kind == CommitKind.Renaming && !_names.HasMovedLogged(entry.Number) && _names.HasStayed(entry.Number, name)
            && !_store.Check(entry.To!.Value, entry.Size, digest: null))
            _recovered.Lose(entry, "what lies under its new name is another file, or nothing");
    }

    private bool RemoveFile(FileName name)
    {
        try
        {
            return _store.Remove(name);
        }
        catch (StorageException e) when (e.Fault == StorageFault.NameTaken)
        {
            return false; // somebody has made a folder of it since
        }
    }

    private bool IsSuperseded(in CommitEntry entry) => _names.IsSuperseded(entry.Number, Encoding.UTF8.GetBytes(entry.Name.Value));

    private static FileName NameOf(byte[] name) =>
        FileName.TryConfine(Encoding.UTF8.GetString(name), int.MaxValue / 8, out var confined, out var why)
            ? confined
            : throw new InvalidOperationException(why); // it was one when it was read before
}

/// <summary>Counts what a recovery did with the commits in the log.</summary>
internal sealed record RecoveredCommits
{
    private const int LostNamedMax = 100;

    private readonly List<LostCommit> _lost = [];

    /// <summary>Commits that were looked after; the others below are parts of them.</summary>
    public int Entries { get; set; }

    /// <summary>Their files were there, under the names that they have in the end.</summary>
    public int Whole { get; set; }

    /// <summary>Their files were written again from the log.</summary>
    public int Rewritten { get; set; }

    /// <summary>Their part files were renamed, or files that clients had renamed.</summary>
    public int Renamed { get; set; }

    /// <summary>Files that clients had deleted or renamed were removed.</summary>
    public int Removed { get; set; }

    /// <summary>Left alone, because a later commit went to the same place.</summary>
    public int Superseded { get; set; }

    /// <summary>Their files are not there and could not be made: whoever took them away will know.</summary>
    public int LostCount { get; private set; }

    /// <summary>Which, the first hundred of them.</summary>
    public IReadOnlyList<LostCommit> Lost => _lost;

    /// <summary>How many entries the disk has lost from the middle of the log.</summary>
    public long Missing { get; set; }

    internal void Lose(CommitEntry entry, string why)
    {
        LostCount++;
        if (_lost.Count < LostNamedMax)
            _lost.Add(new LostCommit(entry.Number, entry.To ?? entry.Name, why));
    }
}

/// <summary>A commit whose file is not there.</summary>
internal readonly record struct LostCommit(long Number, FileName Name, string Why);
