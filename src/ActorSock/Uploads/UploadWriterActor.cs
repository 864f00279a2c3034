using ActorSock.Blocks;
using ActorSock.Connections;
using ActorSock.Files;
using ActorSock.Framing;
using ActorSock.Journal;
using ActorSock.Lanes;
using ActorSock.Supervision;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Uploads;

/// <summary>Writes an upload that can be gone on with, from some offset to its end.</summary>
/// <remarks>
/// Parent: the actor of a connection, in the place of a <see cref="FileWriterActor"/>, whose commands it takes. Children: none.<br/>
/// States: <see cref="Claiming"/>, <see cref="Receiving"/>, <see cref="AwaitingDigest"/>.<br/>
/// On restart: never restarted. However it ends before its upload, it leaves its file to a <see cref="KeeperActor"/>; after a failure
/// of the disk what was kept before is there.
/// </remarks>
internal sealed class UploadWriterActor : ServerActor, IWithTimers
{
    /// <summary>Something has come a while ago, and is not kept yet.</summary>
    private sealed record KeepDue
    {
        public static readonly KeepDue Instance = new();
    }

    private readonly NodeParts _parts;
    private readonly UploadsActor.Command.Claim _wish;
    private readonly BlockWindow _window;
    private readonly Verdict _verdict;
    private UploadClaim? _claim;
    private IUploadFile? _file;
    private UploadDigest? _digest;
    private DigestState? _state;
    private FileWriterActor.Promise _promise = FileWriterActor.Promise.None.Instance;
    private long _keptBytes;
    private bool _isKeeping, _isBroken;

    public UploadWriterActor(
        NodeParts parts, UploadKey key, StoreOrder order, long offset, BlockWindow window, Verdict verdict)
    {
        (_parts, _window, _verdict) = (parts, window, verdict);
        _wish = new UploadsActor.Command.Claim(key, UploadUse.Whole, order, offset, Bytes: 0);
        Become(Claiming);
    }

    /// <param name="parts">the node's</param>
    /// <param name="key">which upload</param>
    /// <param name="order">what to store</param>
    /// <param name="offset">where in the file the body begins</param>
    /// <param name="window">the blocks on their way here</param>
    /// <param name="verdict">takes the outcome</param>
    public static Props PropsOf(
        NodeParts parts, UploadKey key, StoreOrder order, long offset, BlockWindow window, Verdict verdict) =>
        Props.Create(() => new UploadWriterActor(parts, key, order, offset, window, verdict))
            .WithDispatcher(NodeParts.FilesDispatcher);

    public ITimerScheduler Timers { get; set; } = null!;

    private StoreOrder Order => _wish.Order;

    protected override void PreStart()
    {
        if (Order.WhyNot(_parts.Files) is { } refused)
            Conclude(refused); // and nothing is taken over, or begun anew
        else
            _parts.Uploads.Actor.Tell(_wish, Self);
    }

    private void Claiming()
    {
        Receive<UploadsActor.Grant.Given>(given => Open(given.Claim));
        Receive<UploadsActor.Grant.Refused>(refused => Conclude(new Verdict.Outcome.Refused(refused.Refusal, refused.Offset)));
        Receive<FileWriterActor.Command.Keep>(_ => Context.Stop(Self));
    }

    private void Receiving()
    {
        Receive<FileWriterActor.Command.Append>(append => Append(append.Block));
        Receive<DigestLanesActor.Event.SnapshotTaken>(taken => Keep(taken.State));
        Receive<KeepDue>(_ => BeginKeeping());
        Receive<FileWriterActor.Command.Finish>(finish =>
        {
            _promise = finish.Promise;
            _digest!.Lanes.Tell(new DigestLanesActor.Command.Snapshot(_digest), Self);
            _digest.Lanes.Tell(new DigestLanesActor.Command.Finish(_digest), Self);
            Become(AwaitingDigest);
        });
        Receive<FileWriterActor.Command.Keep>(_ => Context.Stop(Self));
        Always();
    }

    private void AwaitingDigest()
    {
        Receive<DigestLanesActor.Event.SnapshotTaken>(taken => _state = taken.State); // the last one is of all of it
        Receive<DigestLanesActor.Event.Digested>(Finish);
        Receive<KeepDue>(static _ => { });
        Receive<FileWriterActor.Command.Keep>(static _ => { }); // all of it has come
        Always();
    }

    private void Always()
    {
        Receive<UploadsActor.Grant.TakenOver>(_ =>
            Conclude(new Verdict.Outcome.Refused(new Refusal(Rejection.TakenOver, ""), null)));
        Receive<DigestLanesActor.Event.Broken>(_ =>
        {
            _isBroken = true;
            throw new DigestBrokenException();
        });
    }

    private void Open(UploadClaim claim)
    {
        _claim = claim;
        var state = DigestState.Empty(claim.Terms.Kind ?? DigestKind.Md5);
        if (claim.IsNew)
        {
            _file = _parts.Files.Uploads.Begin(claim.Stem, claim.Key, claim.Terms);
        }
        else
        {
            switch (_parts.Files.Uploads.Reopen(claim.Stem, claim.Terms))
            {
                case Reopened.Open open when open.State.BytesCount == _wish.Offset:
                    (_file, state) = (open.File, open.State);
                    break;
                case Reopened.Stored stored:
                    Conclude(new Verdict.Outcome.StoredBefore(stored.Upload));
                    return;
                case var other:
                    (other as Reopened.Open)?.File.Dispose();
                    _parts.Uploads.Actor.Tell(new UploadsActor.Command.Forget(claim), Self);
                    Conclude(new Verdict.Outcome.Refused(
                        new Refusal(Rejection.OffsetBeyond, "what was there of the upload is lost"), 0));
                    return;
            }
        }
        _keptBytes = _wish.Offset;
        _digest = _parts.Lanes.Begin(Self, state);
        _parts.Uploads.Actor.Tell(new UploadsActor.Command.Begun(claim), Self);
        Become(Receiving);
        Context.Parent.Tell(FileWriterActor.Event.Opened.Instance, Self);
    }

    private void Append(Block block)
    {
        if (!_window.TryHold(block, users: 2))
            return; // the window was closed over it: this upload has been given up
        _digest!.Lanes.Tell(new DigestLanesActor.Command.Append(_digest, block, _window, Sender), Self);
        _isBroken = true; // until it is written, the digest is of more than there is
        try
        {
            _file!.Write(block.Filled.Span);
        }
        finally
        {
            if (_window.Remove(block))
                Sender.Tell(FramerActor.Appended.Instance, Self);
        }
        _isBroken = false;
        KeepIfDue();
    }

    private void KeepIfDue()
    {
        var files = _parts.Settings.Files;
        if (_file!.BytesWritten - _keptBytes >= files.CheckpointBytes)
            BeginKeeping();
        else if (_file.BytesWritten > _keptBytes && !Timers.IsTimerActive(nameof(KeepDue)))
            Timers.StartSingleTimer(nameof(KeepDue), KeepDue.Instance, files.CheckpointInterval);
    }

    private void BeginKeeping()
    {
        if (_isKeeping)
            return;
        _isKeeping = true;
        Timers.Cancel(nameof(KeepDue));
        _digest!.Lanes.Tell(new DigestLanesActor.Command.Snapshot(_digest), Self);
    }

    private void Keep(DigestState state)
    {
        _isBroken = true;
        _file!.Keep(state);
        _isBroken = _isKeeping = false;
        _keptBytes = state.BytesCount;
        KeepIfDue();
        _parts.Uploads.Actor.Tell(new UploadsActor.Command.Kept(_claim!, state.BytesCount, state.Digest()), Self);
    }

    private void Finish(DigestLanesActor.Event.Digested digested)
    {
        var actual = digested.Of(Order.Kind ?? DigestKind.Md5);
        if (_promise is FileWriterActor.Promise.Digest promised && promised.Value != actual)
        {
            _file!.Abandon();
            _file = null;
            _parts.Uploads.Actor.Tell(new UploadsActor.Command.Forget(_claim!), Self);
            Conclude(new Verdict.Outcome.Differs(actual, promised.Value));
            return;
        }
        if (Order.TellsVerified)
            Context.Parent.Tell(new JournalActor.Verified(_verdict), Self);
        Commit(digested);
    }

    private void Commit(DigestLanesActor.Event.Digested digested)
    {
        var (claim, size) = (_claim!, _file!.BytesWritten);
        _isBroken = true;
        var partName = _file.Seal(_state!, digested.Digest, digested.Sha256);
        if (!claim.TryCommit())
        {
            Conclude(new Verdict.Outcome.Refused(new Refusal(Rejection.TakenOver, ""), null));
            return;
        }
        _file = null; // the journal's
        _parts.Uploads.Actor.Tell(new UploadsActor.Command.Committing(claim, _verdict, size, _state!.Digest()), Self);
        _parts.Journal.Take(
            new Commit.Part(Order.Name, Order.Client, digested.Digest, _verdict, Context.Parent, size, partName)
            {
                Exists = Order.Exists,
                Sha256 = digested.Sha256,
                Keeper = _parts.Uploads.Actor,
            },
            Self);
        Context.Stop(Self);
    }

    private void Conclude(Verdict.Outcome outcome)
    {
        _verdict.Said = outcome;
        Context.Parent.Tell(new JournalActor.Settled(_verdict), Self);
        Context.Stop(Self);
    }

    protected override string About => _file is null ? $"{_wish.Key}" : $"{_wish.Key} at {_file.BytesWritten}";

    protected override void PostStop()
    {
        _window.Close();
        if (_claim is { HasLostFiles: true } lost)
        {
            if (_file is not null)
                _file.Abandon();
            else
                _parts.Files.Uploads.Drop(lost.Stem); // they could not be opened
        }
        else if (_file is not null && !_isBroken)
        {
            _parts.Uploads.Actor.Tell(new UploadsActor.Command.Leave(_claim!, _file, _digest!), Self);
            return; // with the digest
        }
        else
            _file?.Dispose();
        if (_digest is not null)
            _parts.Lanes.End(_digest);
    }
}
