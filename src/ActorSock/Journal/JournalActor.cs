using System.Security.Cryptography;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Supervision;
using ActorSock.Wire.Native;

namespace ActorSock.Journal;

/// <summary>Commits uploads in groups: what waits when it begins shares one write and one flush of the log.</summary>
/// <remarks>
/// Parent: <see cref="ServerSupervisor"/>, on a thread of its own. Child: a <see cref="CheckpointActor"/>.<br/>
/// States: <see cref="Serving"/>; <see cref="Broken"/>, in which it refuses, and tries again to open its files.<br/>
/// On restart: the group in hand is refused, the files are opened anew and recovered as at the start of a node. What it had
/// not begun is kept.
/// </remarks>
internal sealed class JournalActor : ServerActor, IWithTimers
{
    /// <summary>To the owner of an upload: its verdict is there.</summary>
    public sealed record Settled(Verdict Verdict);

    /// <summary>
    /// To the owner of a small upload that asks for it: the body has the promised digest, or none was promised. What becomes of
    /// it follows. May come twice when the journal begins anew.
    /// </summary>
    public sealed record Verified(Verdict Verdict);

    /// <summary>Stands in the mailbox behind everything that had come before: so a group takes in all of it.</summary>
    private sealed record Go
    {
        public static readonly Go Instance = new();
    }

    private sealed record CheckpointDue
    {
        public static readonly CheckpointDue Instance = new();
    }

    private sealed record OpenAgain
    {
        public static readonly OpenAgain Instance = new();
    }

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);

    private readonly NodeParts _parts;
    private readonly List<Commit.Whole> _unchecked = []; // of those that wait
    private readonly GroupDigests _digests = new();
    private readonly List<(Commit Commit, CommitEntry Entry)> _group = [];
    private IActorRef _checkpoints = ActorRefs.Nobody;
    private readonly CommitPlanner _planner;
    private Checkpoint? _checkpoint; // the one under way
    private DateTimeOffset _lastTime;
    private bool _going, _isFull;
    private bool _isLooking; // at the first commit that waits

    public JournalActor(NodeParts parts)
    {
        _parts = parts;
        _planner = new CommitPlanner(parts.Files, parts.Settings.Files.NameBytesMax, _group);
    }

    public static Props PropsOf(NodeParts parts) =>
        Props.Create(() => new JournalActor(parts)).WithDispatcher(NodeParts.JournalDispatcher);

    public ITimerScheduler Timers { get; set; } = null!;

    private JournalDisk? Disk => _parts.Journal.Disk;

    private Queue<Commit> Waiting => _parts.Journal.Waiting;

    private void Serving()
    {
        Receive<Commit>(commit =>
        {
            Waiting.Enqueue(commit);
            if (commit is Commit.Whole whole)
                _unchecked.Add(whole);
            GoOn();
        });
        Receive<Go>(_ =>
        {
            _going = false;
            CommitGroup();
            GoOn();
        });
        Receive<CheckpointDue>(_ =>
        {
            if (!BeginCheckpoint() && Disk!.Log.InCheckpoint)
                ArmCheckpoint(); // when the one under way is over
        });
        Receive<CheckpointActor.Event>(static _ => { }, _ => !Sender.Equals(_checkpoints)); // of the life before
        Receive<CheckpointActor.Event.Done>(_ =>
        {
            _checkpoint = null;
            _isFull = false;
            GoOn();
        });
        Receive<CheckpointActor.Event.Failed>(failed => throw failed.Cause);
        Receive<OpenAgain>(static _ => { });
    }

    /// <summary>The files cannot be opened: nothing is promised that could not be kept.</summary>
    private void Broken()
    {
        while (Waiting.TryDequeue(out var commit))
            RefuseWhileBroken(commit);
        Receive<Commit>(RefuseWhileBroken);
        Receive<OpenAgain>(_ => Open());
        ReceiveAny(static _ => { }); // of the life before
    }

    private void RefuseWhileBroken(Commit commit) => Refuse(commit, _parts.Journal.ClosedBecause!);

    private void GoOn()
    {
        if (_going || _isFull || Waiting.Count == 0)
            return;
        _going = true;
        Self.Tell(Go.Instance, Self);
    }

    // ---- the commit

    /// <summary>Log durable, names visible, lines in the journal; and only then anybody is told.</summary>
    /// <returns>False when the log has no room before a checkpoint is over.</returns>
    private bool CommitGroup()
    {
        if (!Gather())
            return false;
        var (log, journal) = (Disk!.Log, Disk.Journal);
        log.Flush();
        if (!PublishAll())
        {
            log.Flush(); // which ones are void must be known before the others are promised, and before their parts are gone
            foreach (var (commit, _) in _group.Where(static one => one.Commit.Verdict.Said is not null))
                commit.Drop(_parts.Files);
        }
        // Told when all of it is true.
        var outcomes = _group.ConvertAll(one => one.Commit.Verdict.Said ?? one.Commit.Done(one.Entry, journal.Append(one.Entry.Note)));
        journal.Flush();
        FaultPoints.Reach(FaultPoint.AfterJournalAppend);
        log.MarkPublished(log.NextNumber - 1);
        for (var i = 0; i < _group.Count; i++)
            _group[i].Commit.Settle(outcomes[i]);
        EndGroup();
        if (!Timers.IsTimerActive(nameof(CheckpointDue)))
            ArmCheckpoint();
        return true;
    }

    private void EndGroup()
    {
        _group.Clear();
        _planner.BeginGroup();
    }

    private void ArmCheckpoint() =>
        Timers.StartSingleTimer(nameof(CheckpointDue), CheckpointDue.Instance, _parts.Settings.Journal.CheckpointInterval);

    /// <summary>Puts what waits into the log's group, as far as it has room; false when nothing got in.</summary>
    private bool Gather()
    {
        CheckDigests();
        var room = Math.Max(0, _parts.Files.FreeBytes - _parts.Settings.Files.FreeBytesMin);
        while (Waiting.TryPeek(out var commit))
        {
            if (commit.Verdict.Said is not null)
            {
                Waiting.Dequeue(); // it differs
                continue;
            }
            _isLooking = true;
            var plan = _planner.For(commit);
            if (plan.Waits)
                break; // for the group, which is not empty then
            if (plan.Refused is { } outcome)
            {
                Refuse(Waiting.Dequeue(), outcome);
                continue;
            }
            var entry = commit.Entry(NextTime(), plan);
            if (entry.Body.Length > room) // of a large one the room was asked for when it began
            {
                Refuse(Waiting.Dequeue(), FileRoot.NoRoomFor(commit.Name, entry.Size, room));
                continue;
            }
            if (!Disk!.Log.TryAdd(entry, out var number))
            {
                if (_group.Count > 0)
                    break;
                if (!BeginCheckpoint())
                {
                    _isLooking = false;
                    _isFull = true; // both segments are in use: until the checkpoint of the other is over
                    return false;
                }
                continue;
            }
            room -= entry.Body.Length;
            _group.Add((Waiting.Dequeue(), entry with { Number = number }));
        }
        _isLooking = false;
        return _group.Count > 0;
    }

    /// <summary>Checks the small bodies that have come since the last time, in the lanes of one kernel.</summary>
    private void CheckDigests()
    {
        foreach (var commit in _digests.Of(_unchecked))
        {
            if (commit.Promise is FileWriterActor.Promise.Digest promised && ActualOf(commit, promised.Value?.Kind) is var actual
                && promised.Value != actual)
            {
                commit.LetGo();
                commit.Settle(new Verdict.Outcome.Differs(actual, promised.Value));
            }
            else if (commit.TellsVerified)
            {
                commit.Owner.Tell(new Verified(commit.Verdict), Self);
            }
        }
        _unchecked.Clear();
    }

    /// <summary>The digest of the kind that was promised; MD5 where what was promised is none.</summary>
    private static ContentDigest ActualOf(Commit.Whole commit, DigestKind? promised)
    {
        if (promised == DigestKind.Sha256)
            commit.Sha256 = ContentDigest.FromBytes(DigestKind.Sha256, SHA256.HashData(commit.Bytes.Span));
        return commit.Sha256 ?? ContentDigest.From(commit.Digest);
    }

    /// <summary>Makes the group visible; false when some could not be, which the log is told.</summary>
    private bool PublishAll()
    {
        var all = true;
        foreach (var (commit, entry) in _group)
        {
            try
            {
                commit.Publish(_parts.Files, entry);
                FaultPoints.Reach(FaultPoint.AfterPublish);
            }
            catch (StorageException e)
            {
                all = false;
                if (!Disk!.Log.TryAdd(CommitEntry.Void(entry.Time, entry.Number), out _))
                    throw; // no room to take it back: begin anew
                commit.Verdict.Said = new Verdict.Outcome.Failed(e);
            }
            commit.LetGo();
        }
        // The log cannot make these files again: not all file systems keep one of the two names of a rename under way.
        // First where names are given, then where they are taken: no file is to be without any.
        var renamed = _group.Where(static one => one.Commit.Verdict.Said is null && one.Entry.Kind is CommitKind.Part or CommitKind.Renaming);
        var given = renamed.Select(static one => one.Entry.To ?? one.Entry.Name);
        var taken = renamed.Where(static one => one.Entry.To is not null).Select(static one => one.Entry.Name);
        foreach (var name in given.Concat(taken).DistinctBy(static name => name.Folder))
            Disk!.Log.Sync(() => _parts.Files.SyncFolder(name));
        return all;
    }

    /// <summary>Rising, so that a line of the journal is known by it.</summary>
    private DateTimeOffset NextTime()
    {
        var now = _parts.Now;
        _lastTime = now > _lastTime ? now : _lastTime.AddTicks(1);
        return _lastTime;
    }

    private void Refuse(Commit commit, Exception cause) => Refuse(commit, new Verdict.Outcome.Failed(cause));

    private void Refuse(Commit commit, Verdict.Outcome outcome)
    {
        commit.LetGo();
        commit.Drop(_parts.Files);
        commit.Settle(outcome);
    }

    /// <summary>Goes on in the other segment of the log while this one's files are made durable; false while that one's still are.</summary>
    private bool BeginCheckpoint()
    {
        if (Disk!.Log.TrySwitch() is not { } checkpoint)
            return false;
        _checkpoint = checkpoint;
        _checkpoints.Tell(new CheckpointActor.Begin(checkpoint), Self);
        return true;
    }

    protected override string About => $"{Disk?.Journal.LastSequence ?? 0} stored, {Waiting.Count} waiting";

    // ---- failure policy

    private static readonly FailurePolicy.Row[] s_policy =
    [
        new("checkpoints", typeof(Exception), Directive.Escalate), // what is durable is not known: begin anew, from the log
    ];

    protected override FailurePolicy Policy => new(s_policy);

    // ---- lifecycle

    protected override void PreStart() => Open();

    private void Open()
    {
        try
        {
            _parts.Journal.Disk = _parts.Journal.TakePrepared() ?? OpenAnew();
        }
        catch (StorageException e)
        {
            _parts.Journal.ClosedBecause = e;
            Publish(new ServerEvent.JournalFailed(_parts.Now, e.Message, s_retryAfter));
            Timers.StartSingleTimer(nameof(OpenAgain), OpenAgain.Instance, s_retryAfter);
            Become(Broken);
            return;
        }
        _checkpoints = Context.ActorOf(CheckpointActor.PropsOf(_parts.Files, Disk!.Journal), "checkpoints");
        _parts.Journal.ClosedBecause = null;
        _unchecked.AddRange(Waiting.OfType<Commit.Whole>().Where(static whole => whole.Verdict.Said is null));
        Become(Serving);
        GoOn();
    }

    private JournalDisk OpenAnew()
    {
        _parts.Journal.Disk?.Dispose(); // the life before left it
        _parts.Journal.Disk = null;
        var disk = JournalDisk.Open(_parts.Files, _parts.Settings, out var recovered);
        foreach (var happened in recovered.Events(_parts.Now))
            Publish(happened);
        foreach (var commit in _parts.Journal.InDoubt)
        {
            commit.Drop(_parts.Files); // those that the log had are named by now
            commit.TellKeeper();
        }
        _parts.Journal.InDoubt.Clear();
        return disk;
    }

    protected override void PreRestart(Exception reason, object message)
    {
        // Not PostStop, which finishes: nothing more can be done with these files. They are closed when the child is gone.
        foreach (var child in Context.GetChildren())
            Context.Stop(child);
        GiveUpGroup(reason);
        if (_isLooking && reason is not StorageException)
            Refuse(Waiting.Dequeue(), reason); // else it would be the first again, and again
        _isLooking = false;
    }

    /// <summary>Their part files stay: the log may have the commits, and then they are finished.</summary>
    private void GiveUpGroup(Exception reason)
    {
        foreach (var (commit, _) in _group)
        {
            _parts.Journal.InDoubt.Add(commit);
            commit.LetGo();
            commit.SettleInDoubt(reason);
        }
        EndGroup();
    }

    /// <summary>What is in hand is finished, and nothing is left for the next start.</summary>
    protected override void PostStop()
    {
        if (Disk is null)
            return;
        try
        {
            while (Waiting.Count > 0)
            {
                if (!CommitGroup())
                    FinishCheckpoint();
            }
            FinishCheckpoint();
            Disk.Log.TrySwitch()?.Complete(); // what is in the log is durable: no other run of the machine is to look after it
        }
        catch (StorageException e)
        {
            Publish(new ServerEvent.JournalFailed(_parts.Now, e.Message, TimeSpan.Zero));
            GiveUpGroup(e);
        }
        foreach (var commit in Waiting.Where(static commit => commit.Verdict.Said is null))
            Refuse(commit, new StorageException(StorageFault.Failed, $"cannot store '{commit.Name}'", "the node stops", "send it again"));
        Disk.Dispose();
        _parts.Journal.Disk = null;
    }

    /// <summary>What the child would have done, which is gone.</summary>
    private void FinishCheckpoint()
    {
        Disk!.Log.Sync(_parts.Files.SyncAll);
        Disk.Log.Sync(Disk.Journal.Sync);
        _checkpoint?.Complete();
        _checkpoint = null;
    }

    private static void Publish(ServerEvent happened) => Context.System.EventStream.Publish(happened);
}
