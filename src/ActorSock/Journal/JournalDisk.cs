using System.Text;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Settings;

namespace ActorSock.Journal;

/// <summary>What the journal has on disk: the commit log and the journal's files, opened together.</summary>
internal sealed class JournalDisk : IDisposable
{
    /// <summary>So many lines of a recovery may be in memory; a full log has hundreds of thousands.</summary>
    private const int LinesAtOnce = 1000;

    private JournalDisk(CommitLog log, JournalFolder journal) => (Log, Journal) = (log, journal);

    public CommitLog Log { get; }

    public JournalFolder Journal { get; }

    /// <summary>Opens both and finishes the commits that are in the log; then the log is empty.</summary>
    /// <exception cref="StorageException">
    /// The journal is damaged, or the disk has no room or reports an error; nothing was lost by trying.
    /// </exception>
    public static JournalDisk Open(IFileStore files, NodeSettings settings, out JournalRecovered recovered)
    {
        var log = CommitLog.Open(files, settings.Journal.LogBytes, settings.Files.SmallBytesMax, BootId.Current);
        JournalFolder? journal = null;
        try
        {
            var nodeFolder = Path.Combine(Path.GetFullPath(settings.Files.Root), NodeFolder.Name);
            journal = JournalFolder.Open(nodeFolder, settings.Journal, out var opened, log.CacheIsUnsure, log.Sync);
            // The lines were written in the order of the entries: up to the last line they are all there.
            var journaled = opened.LastRecord is { } last ? NumberOf(last, log) : 0;
            var lines = 0;
            var commits = CommitRecovery.Replay(log, files, (entry, hasLine) =>
            {
                if (!hasLine || entry.Number <= journaled)
                    return;
                journal.Append(entry.Note);
                if (++lines % LinesAtOnce == 0)
                    journal.Flush();
            });
            log.Sync(journal.Sync);
            log.Reset();
            recovered = new JournalRecovered(commits, lines, opened.Cut, log.Damaged);
            return new JournalDisk(log, journal);
        }
        catch
        {
            journal?.Dispose();
            log.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Journal.Dispose();
        Log.Dispose();
    }

    /// <summary>The number of the commit that a line is about; 0 when the log does not have it any more.</summary>
    private static long NumberOf(JournalRecord record, CommitLog log)
    {
        var name = Encoding.UTF8.GetBytes(record.Name);
        return log.Skim() // no two commits have the same time
            .FirstOrDefault(head => head.Time == record.Time && head.Digest == record.Digest && head.Name.Span.SequenceEqual(name))
            .Number;
    }
}

/// <summary>What opening the journal found to do.</summary>
/// <param name="Commits">of the commits in the log</param>
/// <param name="Lines">that were added to the journal</param>
/// <param name="Cut">what a crash had torn off the journal; null when nothing</param>
/// <param name="Damaged">files of the log that could not be read</param>
internal sealed record JournalRecovered(RecoveredCommits Commits, int Lines, JournalCut? Cut, IReadOnlyList<string> Damaged)
{
    /// <summary>What of it is worth telling; nothing after an orderly end.</summary>
    public IEnumerable<ServerEvent> Events(DateTimeOffset now)
    {
        foreach (var file in Damaged)
            yield return new ServerEvent.LogDamaged(now, file);
        if (Commits.Rewritten + Commits.Renamed + Commits.Removed + Commits.LostCount + Commits.Missing + Lines == 0 && Cut is null)
            yield break;
        var torn = Cut is { } cut ? $"{cut.Bytes} bytes of {cut.File} from line {cut.Line} on: {cut.Why}" : "";
        yield return new ServerEvent.JournalRecovered(
            now, Commits.Entries, Commits.Rewritten, Commits.Renamed, Commits.LostCount, Commits.Missing, Lines, torn)
        {
            Removed = Commits.Removed,
        };
        foreach (var lost in Commits.Lost)
            yield return new ServerEvent.CommitLost(now, lost.Name.Value, lost.Why);
    }
}
