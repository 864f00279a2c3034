using System.Globalization;
using System.Text;
using ActorSock.Files;
using ActorSock.Uploads;

namespace ActorSock.Journal;

/// <summary>Finishes at the start of a node the commits that are in the log.</summary>
/// <remarks>
/// When only the process had died, the page cache has all that was published, and the entries behind the marker
/// are looked after; whoever took a file away meanwhile is respected. When the machine had died, every
/// entry since the last checkpoint is. May be interrupted at any step and done again.<br/>
/// Bytes that cannot be where they should, or may not be what they seem, are never thrown away: they go to
/// <c>ROOT/.actorsock/lost</c>.
/// </remarks>
internal sealed class CommitRecovery
{
    private const int LeafCharsMax = 80;

    private readonly CommitLog _log;
    private readonly IFileStore _store;
    private readonly bool _mayBeTold; // of what is looked after: not when only the process had died
    private readonly HashSet<long> _lost = []; // commits that could not be carried out, or of which nothing is there
    private readonly HashSet<long> _told = [];
    private readonly RecoveredCommits _recovered;
    private readonly SupersededNames _names;
    private readonly Func<EntryHead, bool> _isLookedAfter;

    private CommitRecovery(CommitLog log, IFileStore store)
    {
        (_log, _store) = (log, store);
        _mayBeTold = log.Published == 0;
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
    /// not to one that could not be carried out, and of which nobody was told. Any of them, but none behind one that lacks it, may have its line
    /// already. The body of an entry is there during the call.
    /// </param>
    /// <exception cref="StorageException">
    /// The disk has no room for a file, or reports an error: nothing is lost, the log still has everything.
    /// </exception>
    public static RecoveredCommits Replay(CommitLog log, IFileStore store, Action<CommitEntry, bool> journal)
    {
        var recovery = new CommitRecovery(log, store);
        recovery.LearnNames();
        if (recovery._mayBeTold)
            recovery.ForEach([CommitKind.Whole, CommitKind.Part], recovery.SetAside);
        // What is only in the file system is moved, and what lost its name is removed, as it was done, and before anything is written to
        // its old place; what the log has can be written where it belongs in the end.
        recovery.ForEach([CommitKind.Part, CommitKind.Renaming, CommitKind.Removal], recovery.Move);
        recovery.ForEach([CommitKind.Whole], recovery.Write);
        recovery.ForEach([CommitKind.Renaming], recovery.Look);
        foreach (var head in recovery.Heads())
            journal(CommitLog.Whole(head), recovery._mayBeTold || !recovery._lost.Contains(head.Number));
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
                if (!TryMakingRoom(entry, step))
                    step(entry);
            }
            catch (StorageException e) when (IsInItsWay(e.Fault))
            {
                // Somebody put something else in its place since it was published, or it never was and its
                // client was never told that it had been.
                Lose(entry, Keep(entry) is { } kept ? $"{e.Why}; its bytes are in '{kept}'" : e.Why);
            }
        }
    }

    /// <summary>
    /// Takes a step; false when it is to be taken again. After a power failure a folder may be back that somebody had removed, so that
    /// a file could have its name.
    /// </summary>
    private bool TryMakingRoom(CommitEntry entry, Action<CommitEntry> step)
    {
        try
        {
            step(entry);
            return true;
        }
        catch (StorageException e) when (e.Fault == StorageFault.NameTaken && _mayBeTold)
        {
            if (!_store.RemoveEmptyFolder(PlaceOf(entry)))
                throw;
            return false;
        }
    }

    /// <summary>Not so what the operator can mend without losing anything: of that nobody starts.</summary>
    private bool IsInItsWay(StorageFault fault) => fault is StorageFault.NameTaken or StorageFault.NameRefused
        or StorageFault.Linked or StorageFault.Elsewhere || (fault == StorageFault.Denied && !_mayBeTold);

    /// <summary>
    /// Moves out of the way what the log does not say was deleted, and which cannot be where it was stored if what came later is to be
    /// there: nobody knows who was right, so both are kept.
    /// </summary>
    private void SetAside(CommitEntry entry)
    {
        if (!_names.IsDisplaced(entry.Number, Utf8(entry.Name)))
            return;
        var (kept, place) = (Keep(entry), FinalPlaceOf(entry));
        if (entry.Kind == CommitKind.Whole && _store.Check(place, entry.Size, entry.Digest))
            _store.Remove(place);
        else if (_store.Stat(place) is not null)
            kept = SetAside(entry, place);
        if (kept is { } there)
            Tell(entry, $"what was stored later stands where it was; its bytes are in '{there}'");
    }

    private void Move(CommitEntry entry)
    {
        if (entry.Kind == CommitKind.Removal)
            Clear(entry);
        else if (entry.Kind == CommitKind.Renaming)
            MoveOn(entry);
        else if (IsSuperseded(entry))
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
            Lose(entry, "its part file is gone and what lies under its name is another file, or nothing");
        }
    }

    /// <summary>A file that the log does not have is moved if it is still there: another of the name is not the one that was meant.</summary>
    private void MoveOn(CommitEntry entry)
    {
        var meant = new StoredFile(entry.Size, entry.Modified, default) { Inode = entry.Inode };
        if (!_names.HasMovedLogged(entry.Number) && _store.Stat(entry.Name) is { } found && found.IsSameAs(meant))
        {
            _store.Rename(entry.Name, entry.To!.Value);
            _recovered.Renamed++;
        }
        else if (_names.IsGone(Utf8(entry.Name)))
        {
            Clear(entry);
        }
    }

    /// <summary>
    /// Removes a file from the name that it had lost, unless it is another one. That one stays where it is: somebody has put it there
    /// since. It is set aside where that is not so sure: a later commit needs the place, or it is older than what was deleted and
    /// may be what that had replaced; and where the log does not say which file it was.
    /// </summary>
    private void Clear(CommitEntry entry)
    {
        if (_store.Stat(entry.Name) is not { } found)
            return;
        if (entry.IsOf(found) && (entry.Kind == CommitKind.Removal || _names.HasMovedLogged(entry.Number)))
        {
            _store.Remove(entry.Name);
            _recovered.Removed++;
            return;
        }
        var name = Utf8(entry.Name);
        var isInDoubt = entry.Modified == default || (_mayBeTold
            && (_names.IsInTheWay(entry.Number, name) || (_names.IsNotFirstOf(entry.Number, name) && found.Modified <= entry.Time)));
        if (!isInDoubt || !_names.IsLastOf(entry.Number, name))
            return;
        var kept = SetAside(entry, entry.Name);
        _recovered.Removed++;
        Tell(entry, $"it was deleted or renamed, and what had its name may be another file, which is in '{kept}' now");
    }

    private void Write(CommitEntry entry)
    {
        if (IsSuperseded(entry))
        {
            _recovered.Superseded++;
            return;
        }
        var name = PlaceOf(entry);
        if (!_log.CacheIsUnsure && _store.Check(name, entry.Size, entry.Digest))
        {
            _recovered.Whole++;
            return;
        }
        _store.Store(name, entry.Body.Span, entry.Stamp);
        _recovered.Rewritten++;
    }

    /// <summary>Looks whether what was moved from before the log is there.</summary>
    private void Look(CommitEntry entry)
    {
        if (!_names.HasMovedLogged(entry.Number) && _names.HasStayed(entry.Number, Utf8(entry.Name)) && !_lost.Contains(entry.Number)
            && !_store.Check(entry.To!.Value, entry.Size, digest: null))
            Lose(entry, "what lies under its new name is another file, or nothing");
    }

    private void Lose(CommitEntry entry, string why)
    {
        _lost.Add(entry.Number);
        Tell(entry, why);
    }

    private void Tell(CommitEntry entry, string what)
    {
        if (_told.Add(entry.Number))
            _recovered.Lose(entry, what);
    }

    /// <summary>Keeps the bytes of a commit that cannot be where they should; null when it has none, or nobody was told and they will come again.</summary>
    private FileName? Keep(CommitEntry entry)
    {
        var kept = LostName(entry, "stored");
        switch (entry.Kind)
        {
            case CommitKind.Whole:
                _store.Store(kept, entry.Body.Span, entry.Stamp);
                return kept;
            case CommitKind.Part when _store.HasPart(entry.PartName) && (_mayBeTold || !UploadFolder.Owns(entry.PartName)):
                _store.PublishPart(entry.PartName, kept);
                return kept;
            default:
                return null;
        }
    }

    private FileName SetAside(CommitEntry entry, FileName name)
    {
        var kept = LostName(entry, "found");
        _store.Rename(name, kept);
        return kept;
    }

    /// <summary>The same each time, however often a recovery is interrupted.</summary>
    private static FileName LostName(CommitEntry entry, string what)
    {
        var leaf = string.Concat(entry.Name.Leaf.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_').Take(LeafCharsMax));
        return FileName.OfLost(string.Create(CultureInfo.InvariantCulture, $"{entry.Time:yyyyMMdd'T'HHmmss'.'fffffff}-{entry.Number}-{what}-{leaf}"));
    }

    private bool IsSuperseded(in CommitEntry entry) => _names.IsSuperseded(entry.Number, Utf8(entry.Name));

    /// <summary>The name that a step gives to what a commit stored or renamed.</summary>
    private FileName PlaceOf(in CommitEntry entry) => entry.To ?? (entry.Kind == CommitKind.Whole ? FinalPlaceOf(entry) : entry.Name);

    private FileName FinalPlaceOf(in CommitEntry entry) => _names.PlaceOf(entry.Number) is { } place ? NameOf(place) : entry.Name;

    private static byte[] Utf8(FileName name) => Encoding.UTF8.GetBytes(name.Value);

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
