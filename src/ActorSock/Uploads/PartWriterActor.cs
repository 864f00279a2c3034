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

/// <summary>Writes one part of an upload to its place in the file, beside others who write theirs.</summary>
/// <remarks>
/// Parent: the actor of a connection, in the place of a <see cref="FileWriterActor"/>, whose commands it takes. Children: none.<br/>
/// States: <see cref="Claiming"/>, <see cref="Receiving"/>, <see cref="AwaitingDigest"/>. A part that is there already is compared with it,
/// and not written again: its place was verified.<br/>
/// On restart: never restarted. A part that is not whole is nothing; the others are there.
/// </remarks>
internal sealed class PartWriterActor : ServerActor
{
    private readonly NodeParts _parts;
    private readonly UploadsActor.Command.Claim _wish;
    private readonly BlockWindow _window;
    private readonly Verdict _verdict;
    private UploadClaim? _claim;
    private IPartPlace? _place;
    private UploadDigest? _digest;
    private FileWriterActor.Promise _promise = FileWriterActor.Promise.None.Instance;

    public PartWriterActor(
        NodeParts parts, UploadKey key, StoreOrder order, long offset, long bytes, BlockWindow window, Verdict verdict)
    {
        (_parts, _window, _verdict) = (parts, window, verdict);
        _wish = new UploadsActor.Command.Claim(key, UploadUse.Part, order, offset, bytes);
        Become(Claiming);
    }

    /// <param name="parts">the node's</param>
    /// <param name="key">which upload</param>
    /// <param name="order">what to store: its size is that of the whole file, its kind of digest that of the part</param>
    /// <param name="offset">where in the file the part lies</param>
    /// <param name="bytes">of the part</param>
    /// <param name="window">the blocks on their way here</param>
    /// <param name="verdict">takes the outcome</param>
    public static Props PropsOf(
        NodeParts parts, UploadKey key, StoreOrder order, long offset, long bytes, BlockWindow window, Verdict verdict) =>
        Props.Create(() => new PartWriterActor(parts, key, order, offset, bytes, window, verdict))
            .WithDispatcher(NodeParts.FilesDispatcher);

    private StoreOrder Order => _wish.Order;

    private static Verdict.Outcome.Refused TakenOver => new(new Refusal(Rejection.TakenOver, ""), null);

    protected override void PreStart() => _parts.Uploads.Actor.Tell(_wish, Self);

    private void Claiming()
    {
        Receive<UploadsActor.Grant.Given>(given => Open(given.Claim));
        Receive<UploadsActor.Grant.Refused>(refused => Conclude(new Verdict.Outcome.Refused(refused.Refusal, refused.Offset)));
        Receive<FileWriterActor.Command.Keep>(_ => Context.Stop(Self));
    }

    private void Receiving()
    {
        Receive<FileWriterActor.Command.Append>(append => Append(append.Block));
        Receive<FileWriterActor.Command.Finish>(finish =>
        {
            _promise = finish.Promise;
            _digest!.Lanes.Tell(new DigestLanesActor.Command.Finish(_digest), Self);
            Become(AwaitingDigest);
        });
        Receive<FileWriterActor.Command.Keep>(_ => Context.Stop(Self));
        Always();
    }

    private void AwaitingDigest()
    {
        Receive<DigestLanesActor.Event.Digested>(Finish);
        Receive<FileWriterActor.Command.Keep>(static _ => { }); // all of it has come
        Always();
    }

    private void Always()
    {
        Receive<UploadsActor.Grant.TakenOver>(_ => Conclude(TakenOver));
        Receive<DigestLanesActor.Event.Broken>(_ => throw new DigestBrokenException());
    }

    private void Open(UploadClaim claim)
    {
        _claim = claim;
        var folder = _parts.Files.Uploads;
        if (claim.IsNew)
            folder.BeginParts(claim.Stem, claim.Key, claim.Terms);
        if (claim.IsLost)
        {
            Conclude(TakenOver);
            return;
        }
        _parts.Uploads.Actor.Tell(new UploadsActor.Command.Begun(claim), Self);
        if (claim.Repeated is null)
            _place = folder.OpenPart(claim.Stem, claim.Terms, claim.Offset, claim.Bytes);
        _digest = _parts.Lanes.Begin(Self, Order.Kind is { } kind ? DigestState.Empty(kind) : null);
        Become(Receiving);
        Context.Parent.Tell(FileWriterActor.Event.Opened.Instance, Self);
    }

    private void Append(Block block)
    {
        if (!_window.TryHold(block, users: 2))
            return; // the window was closed over it: this upload has been given up
        _digest!.Lanes.Tell(new DigestLanesActor.Command.Append(_digest, block, _window, Sender), Self);
        try
        {
            _place?.Write(block.Filled.Span);
        }
        finally
        {
            if (_window.Remove(block))
                Sender.Tell(FramerActor.Appended.Instance, Self);
        }
    }

    private void Finish(DigestLanesActor.Event.Digested digested)
    {
        var (actual, md5) = (digested.Of(Order.Kind ?? DigestKind.Md5), digested.Digest);
        if (_promise is FileWriterActor.Promise.Digest promised && promised.Value != actual)
        {
            Conclude(new Verdict.Outcome.Differs(actual, promised.Value));
        }
        else if (_claim!.IsLost)
        {
            Conclude(TakenOver);
        }
        else if (_claim.Repeated is { } before)
        {
            Conclude(before.Md5 == md5
                ? new Verdict.Outcome.Kept(before.Entry)
                : new Verdict.Outcome.Refused(new Refusal(Rejection.UploadDiffers, "the part is there with other bytes"), null));
        }
        else
        {
            _place!.Sync();
            var kept = new KeptPart(new PartEntry(_claim.Offset, _place.BytesWritten, actual), md5);
            Conclude(_claim.Parts!.TryKeep(_parts.Files.Uploads, _claim, kept) ? new Verdict.Outcome.Kept(kept.Entry) : TakenOver);
        }
    }

    private void Conclude(Verdict.Outcome outcome)
    {
        _verdict.Said = outcome;
        Context.Parent.Tell(new JournalActor.Settled(_verdict), Self);
        Context.Stop(Self);
    }

    protected override string About => $"{_wish.Key} from {_wish.Offset} on";

    protected override void PostStop()
    {
        _window.Close();
        _place?.Dispose();
        if (_digest is not null)
            _parts.Lanes.End(_digest);
        _claim?.LetGo();
        if (_claim is { HasLostFiles: true } lost)
            _parts.Files.Uploads.Drop(lost.Stem);
    }
}
