using ActorSock.Files;
using ActorSock.Settings;

namespace ActorSock.Journal;

/// <summary>Where commits go in, and whether they may.</summary>
/// <remarks>Thread-safe. The journal's actor is the same over its restarts; the door says whether it can write just now.</remarks>
internal sealed class JournalDoor
{
    private volatile StorageException? _closedBecause;
    private JournalDisk? _prepared;

    /// <summary>What the journal's actor has open, for its next life to close; the actor's own.</summary>
    public JournalDisk? Disk { get; set; }

    /// <summary>What the journal's actor has taken and not begun, for its next life to go on with; the actor's own.</summary>
    public Queue<Commit> Waiting { get; } = new();

    /// <summary>
    /// Refused commits that the log may have all the same: what becomes of their part files is known when it was replayed. The
    /// actor's own.
    /// </summary>
    public List<Commit> InDoubt { get; } = [];

    /// <summary>The journal's actor; commits come to it by <see cref="Take"/>.</summary>
    public IActorRef Journal { get; set; } = ActorRefs.Nobody;

    /// <summary>Why no upload may begin; null while all is well.</summary>
    public StorageException? ClosedBecause
    {
        get => _closedBecause;
        set => _closedBecause = value;
    }

    /// <summary>Hands a commit to the journal.</summary>
    /// <param name="commit">comes behind all those whose verdicts say <see cref="Verdict.IsQueued"/></param>
    /// <param name="writer">hands it over</param>
    public void Take(Commit commit, IActorRef writer)
    {
        commit.Verdict.IsCommitting = true; // before, since the journal may be done with it at once
        Journal.Tell(commit, writer);
        commit.Verdict.IsQueued = true; // behind: until then somebody faster can get there first
    }

    /// <summary>
    /// Opens and recovers the journal for the start of a node, when a failure is the operator's to hear: before part files are
    /// cleared away, since the log may name some.
    /// </summary>
    /// <exception cref="StorageException">see <see cref="JournalDisk.Open"/></exception>
    public JournalRecovered Prepare(IFileStore files, NodeSettings settings)
    {
        _prepared = JournalDisk.Open(files, settings, out var recovered);
        return recovered;
    }

    /// <summary>What <see cref="Prepare"/> opened, once.</summary>
    public JournalDisk? TakePrepared() => Interlocked.Exchange(ref _prepared, null);
}
