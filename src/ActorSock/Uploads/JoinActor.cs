using System.Diagnostics.CodeAnalysis;
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

/// <summary>Makes a file of the parts of an upload: reads it once where a digest of the whole was promised, and commits it.</summary>
/// <remarks>
/// Parent: the actor of a connection. Children: none.<br/>
/// States: <see cref="Claiming"/>, <see cref="Reading"/>, in which at most a window of blocks is between the disk and the lanes.<br/>
/// On restart: never restarted. The parts are there, and can be joined again.
/// </remarks>
internal sealed class JoinActor : ServerActor
{
    private sealed record GoOn
    {
        public static readonly GoOn Instance = new();
    }

    private readonly NodeParts _parts;
    private readonly UploadsActor.Command.Claim _wish;
    private readonly ContentDigest? _promised;
    private readonly Verdict _verdict;
    private readonly BlockWindow _window = new();
    private SmallUpload? _small;
    private UploadClaim? _claim;
    private IJoinedFile? _file;
    private UploadDigest? _digest;
    private BlockPlace? _place;
    private long _read;

    public JoinActor(NodeParts parts, UploadKey key, StoreOrder order, ContentDigest? promised, Verdict verdict)
    {
        (_parts, _promised, _verdict) = (parts, promised, verdict);
        _wish = new UploadsActor.Command.Claim(key, UploadUse.Join, order, Offset: 0, Bytes: 0);
        Become(Claiming);
    }

    /// <param name="parts">the node's</param>
    /// <param name="key">which upload</param>
    /// <param name="order">what to store</param>
    /// <param name="promised">the digest of the whole file; null when those of the parts are enough</param>
    /// <param name="verdict">takes the outcome</param>
    public static Props PropsOf(NodeParts parts, UploadKey key, StoreOrder order, ContentDigest? promised, Verdict verdict) =>
        Props.Create(() => new JoinActor(parts, key, order, promised, verdict)).WithDispatcher(NodeParts.FilesDispatcher);

    private StoreOrder Order => _wish.Order;

    private long Size => _claim!.Terms.Size!.Value;

    protected override void PreStart()
    {
        _small = _parts.SmallUploads.Ask(_wish.Key, _wish.Terms, out var whyNot);
        if (whyNot is not null)
            Conclude(new Verdict.Outcome.Refused(new Refusal(Rejection.UploadDiffers, whyNot), null));
        else if (_small is null)
            _parts.Uploads.Actor.Tell(_wish, Self);
        else
            _small.TellWhenSettled(Self);
    }

    private void Claiming()
    {
        Receive<JournalActor.Settled>(_ =>
        {
            if (_small!.Stored is { } stored)
                Conclude(new Verdict.Outcome.StoredBefore(stored));
            else
                _parts.Uploads.Actor.Tell(_wish, Self);
        });
        Receive<UploadsActor.Grant.Given>(given => Open(given.Claim));
        Receive<UploadsActor.Grant.Refused>(refused => Conclude(new Verdict.Outcome.Refused(refused.Refusal, refused.Offset)));
        Receive<UploadsActor.Grant.Stored>(stored => Conclude(new Verdict.Outcome.StoredBefore(stored.Upload)));
        Receive<FileWriterActor.Command.Keep>(_ => Context.Stop(Self));
    }

    private void Reading()
    {
        Receive<GoOn>(_ => Read());
        Receive<FramerActor.Appended>(_ => Read());
        Receive<BlockPlace.Granted>(granted => Read(granted.Place));
        Receive<DigestLanesActor.Event.Digested>(Compare);
        Receive<DigestLanesActor.Event.Broken>(_ => throw new DigestBrokenException());
        Receive<UploadsActor.Grant.TakenOver>(_ =>
            Conclude(new Verdict.Outcome.Refused(new Refusal(Rejection.TakenOver, ""), null)));
        Receive<FileWriterActor.Command.Keep>(_ => Context.Stop(Self));
    }

    private void Open(UploadClaim claim)
    {
        _claim = claim;
        if (Order.WhyNot(_parts.Files) is { } refused)
        {
            Conclude(refused); // before it is read
            return;
        }
        _file = _parts.Files.Uploads.OpenJoined(claim.Stem, claim.Terms);
        if (_promised is not { } promised)
        {
            TellVerified();
            Commit(null, null);
            return;
        }
        _digest = _parts.Lanes.Begin(Self, DigestState.Empty(promised.Kind));
        Become(Reading);
        if (Size == 0)
            _digest.Lanes.Tell(new DigestLanesActor.Command.Finish(_digest), Self);
        else
            Self.Tell(GoOn.Instance, Self);
    }

    /// <summary>Reads one block, when there is one to read into.</summary>
    private void Read(BlockPlace? granted = null)
    {
        var block = granted?.Take();
        if (granted is not null && ReferenceEquals(granted, _place))
            _place = null;
        if (_read == Size || (block is null && !TryRent(out block)))
        {
            block?.Return();
            return;
        }
        var room = block.Memory[..(int)Math.Min(block.Capacity, Size - _read)];
        // Past the page cache only whole pages are read, also where the file ends before.
        var pages = block.Memory[..Math.Min(block.Capacity, (room.Length + AlignedMemory.AlignmentBytes - 1) & -AlignedMemory.AlignmentBytes)];
        try
        {
            block.Length = Math.Min(room.Length, _file!.Read(pages.Span, _read));
            if (block.Length < room.Length)
                throw new StorageException(StorageFault.Failed, $"cannot store '{Order.Name}'", "the part file is shorter than it was", "send it again");
        }
        catch
        {
            block.Return();
            throw;
        }
        _read += block.Length;
        _window.Add(block);
        _window.TryHold(block);
        _digest!.Lanes.Tell(new DigestLanesActor.Command.Append(_digest, block, _window, Self), Self);
        if (_read == Size)
            _digest.Lanes.Tell(new DigestLanesActor.Command.Finish(_digest), Self);
        else
            Self.Tell(GoOn.Instance, Self); // so that others have their turn
    }

    /// <summary>False while the window or the pool has none to give: who lets go of one says so.</summary>
    private bool TryRent([NotNullWhen(true)] out Block? block)
    {
        block = null;
        if (_place is not null || _window.Outstanding >= _parts.Settings.Memory.WindowBlocks)
            return false;
        var wanted = (int)Math.Min(Size - _read, _parts.Settings.Memory.BlockBytes);
        block = _parts.Blocks.TryRent(wanted, $"{_wish.Key}");
        if (block is not null)
            return true;
        _place = new BlockPlace(Self);
        _parts.Blocks.Wait(wanted, _place, $"{_wish.Key}");
        return false;
    }

    private void Compare(DigestLanesActor.Event.Digested digested)
    {
        var actual = digested.Of(_promised!.Value.Kind);
        if (actual != _promised)
        {
            _parts.Uploads.Actor.Tell(new UploadsActor.Command.Forget(_claim!), Self);
            Conclude(new Verdict.Outcome.Differs(actual, _promised));
            return;
        }
        TellVerified();
        Commit(digested.Digest, digested.Sha256);
    }

    private void TellVerified()
    {
        if (Order.TellsVerified)
            Context.Parent.Tell(new JournalActor.Verified(_verdict), Self);
    }

    private void Commit(Md5Digest? md5, ContentDigest? sha256)
    {
        var (claim, size) = (_claim!, Size);
        var partName = _file!.Seal(md5, sha256);
        if (!claim.TryCommit())
        {
            Conclude(new Verdict.Outcome.Refused(new Refusal(Rejection.TakenOver, ""), null));
            return;
        }
        _parts.Uploads.Actor.Tell(new UploadsActor.Command.Committing(claim, _verdict, size, null), Self);
        _parts.Journal.Take(
            new Commit.Part(Order.Name, Order.Client, md5, _verdict, Context.Parent, size, partName)
            {
                Exists = Order.Exists,
                Sha256 = sha256,
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

    protected override string About => $"{_wish.Key} read to {_read}";

    protected override void PostStop()
    {
        _place?.Leave(_parts.Blocks);
        _window.Close();
        _file?.Dispose();
        if (_digest is not null)
            _parts.Lanes.End(_digest);
    }
}
