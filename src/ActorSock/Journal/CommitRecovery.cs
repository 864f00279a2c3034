using ActorSock.Files;

namespace ActorSock.Journal;

/// <summary>Finishes at the start of a node the commits that are in the log.</summary>
/// <remarks>
/// When only the process had died, the page cache has all that was published, and the entries behind the marker
/// are looked after; whoever took a file away meanwhile is respected. When the machine had died, every
/// entry since the last checkpoint is. May be interrupted at any step and done again.
/// </remarks>
internal static class CommitRecovery
{
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
        var voided = log.Skim().Where(static head => head.Kind == CommitKind.Void).Select(static head => head.Voided).ToHashSet();
        var toLookAfter = log.Skim().Where(head => head.Kind != CommitKind.Void && head.Number > log.Published && !voided.Contains(head.Number));
        var recovered = new RecoveredCommits { Entries = toLookAfter.Count(), Missing = log.MissingCount };
        var names = new SupersededNames(store.NameComparer, recovered.Entries);
        foreach (var head in toLookAfter)
            names.AddFile(head.Number, head.Name.Span);
        foreach (var head in toLookAfter)
            names.AddFolders(head.Number, head.Name.Span);
        foreach (var head in toLookAfter)
        {
            var entry = CommitLog.Whole(head);
            try
            {
                if (names.IsSuperseded(head.Number, head.Name.Span))
                    recovered.Superseded++;
                else
                    LookAfter(entry, store, log.CacheIsUnsure, recovered);
            }
            catch (StorageException e) when (e.Fault is StorageFault.NameTaken or StorageFault.NameRefused or StorageFault.Denied)
            {
                // Somebody put something else in its place since it was published, or it never was and its
                // client was never told that it had been.
                recovered.Lose(entry, e.Why);
                journal(entry, false);
                continue;
            }
            journal(entry, true);
        }
        log.Sync(store.SyncAll);
        return recovered;
    }

    private static void LookAfter(CommitEntry entry, IFileStore store, bool writeAnew, RecoveredCommits recovered)
    {
        if (entry.Kind == CommitKind.Whole)
        {
            if (!writeAnew && store.Check(entry.Name, entry.Size, entry.Digest))
            {
                recovered.Whole++;
                return;
            }
            store.Store(entry.Name, entry.Body.Span, entry.Stamp);
            recovered.Rewritten++;
            return;
        }
        if (store.HasPart(entry.PartName))
        {
            store.PublishPart(entry.PartName, entry.Name);
            recovered.Renamed++;
        }
        else if (store.Check(entry.Name, entry.Size, digest: null)) // its bytes were durable before the entry was
        {
            recovered.Whole++;
        }
        else
        {
            recovered.Lose(entry, "its part file is gone and what lies under its name is another file, or nothing");
        }
    }
}

/// <summary>Counts what a recovery did with the commits in the log.</summary>
internal sealed record RecoveredCommits
{
    private const int LostNamedMax = 100;

    private readonly List<LostCommit> _lost = [];

    /// <summary>Commits that were looked after; the others below are parts of them.</summary>
    public int Entries { get; set; }

    /// <summary>Their files were there.</summary>
    public int Whole { get; set; }

    /// <summary>Their files were written again from the log.</summary>
    public int Rewritten { get; set; }

    /// <summary>Their part files were renamed.</summary>
    public int Renamed { get; set; }

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
            _lost.Add(new LostCommit(entry.Number, entry.Name, why));
    }
}

/// <summary>A commit whose file is not there.</summary>
internal readonly record struct LostCommit(long Number, FileName Name, string Why);
