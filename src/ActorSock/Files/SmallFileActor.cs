using ActorSock.Blocks;
using ActorSock.Connections;
using ActorSock.Framing;
using ActorSock.Journal;
using ActorSock.Supervision;
using ActorSock.Uploads;
using ActorSock.Wire;

namespace ActorSock.Files;

/// <summary>Keeps one small upload in memory until its digest has come, and gives it to the journal whole.</summary>
/// <remarks>
/// Parent: <see cref="ConnectionActor"/>, one for each small upload, in the place of a <see cref="FileWriterActor"/>. Children: none.<br/>
/// States: <see cref="Receiving"/> alone; it never blocks. The first block has room for the whole body; what comes in others is
/// copied there.<br/>
/// On restart: never restarted. Its block goes back; the parent refuses this upload and keeps the conversation.
/// </remarks>
internal sealed class SmallFileActor : ServerActor
{
    private readonly NodeParts _parts;
    private readonly StoreOrder _order;
    private readonly BlockWindow _window;
    private readonly Verdict _verdict;
    private readonly SmallUpload? _upload;
    private Block? _body;

    public SmallFileActor(NodeParts parts, StoreOrder order, BlockWindow window, Verdict verdict, SmallUpload? upload)
    {
        (_parts, _order, _window, _verdict, _upload) = (parts, order, window, verdict, upload);
        Become(Receiving);
    }

    public static Props PropsOf(NodeParts parts, FileName name, string client, long size, BlockWindow window, Verdict verdict) =>
        PropsOf(parts, new StoreOrder(name, client) { Size = size }, window, verdict);

    /// <param name="parts">the node's</param>
    /// <param name="order">what to store; it says the size, and <see cref="BytesHeld"/> of it, taken from
    /// <see cref="NodeParts.SmallBodies"/>, are given back at the end</param>
    /// <param name="window">the blocks on their way here, and the one that is kept</param>
    /// <param name="verdict">takes the outcome</param>
    /// <param name="upload">by what its client may ask for it; null when it cannot</param>
    public static Props PropsOf(
        NodeParts parts, StoreOrder order, BlockWindow window, Verdict verdict, SmallUpload? upload = null) =>
        Props.Create(() => new SmallFileActor(parts, order, window, verdict, upload));

    /// <summary>What a body of so many bytes takes of the memory for blocks: its whole block, so that a crowd of tiny ones counts.</summary>
    public static int BytesHeld(long size) => size == 0 ? 0 : SizeClasses.Bytes(SizeClasses.For((int)size));

    private void Receiving()
    {
        Receive<FileWriterActor.Command.Append>(append => Append(append.Block));
        Receive<FileWriterActor.Command.Finish>(finish => Finish(finish.Promise));
        Receive<FileWriterActor.Command.Keep>(_ => Context.Stop(Self));
    }

    private void Append(Block block)
    {
        if (_body is null)
        {
            _body = block;
            Sender.Tell(FramerActor.Appended.Instance, Self); // it stays in the window: the framer goes on with the next
            return;
        }
        if (!_window.TryHold(block))
            return; // the window was closed over it: this upload has been given up
        try
        {
            block.Filled.CopyTo(_body.Empty);
            _body.Length += block.Length;
        }
        finally
        {
            if (_window.Remove(block))
                Sender.Tell(FramerActor.Appended.Instance, Self);
        }
    }

    private void Finish(FileWriterActor.Promise promise)
    {
        if (_body is null || _window.TryHold(_body))
            Go(promise);
        Context.Stop(Self);
    }

    private void Go(FileWriterActor.Promise promise)
    {
        var commit = new Commit.Whole(_order.Name, _order.Client, promise, _verdict, Context.Parent, _body, _window)
        {
            Exists = _order.Exists,
            TellsVerified = _order.TellsVerified,
            Upload = _upload,
        };
        if (_upload is null)
        {
            _parts.Journal.Take(commit, Self);
            return;
        }
        var self = Self;
        if (_parts.SmallUploads.TryGo(_upload, () => _parts.Journal.Take(commit, self)))
            return;
        if (_body is not null)
            _window.Remove(_body);
        _verdict.Said = new Verdict.Outcome.Refused(new Refusal(Rejection.TakenOver, ""), null);
        Context.Parent.Tell(new JournalActor.Settled(_verdict), Self);
    }

    protected override void PostStop()
    {
        _window.Close();
        if (_upload is not null)
            _parts.SmallUploads.End(_upload);
        _parts.SmallBodies.Return(BytesHeld(_order.Size!.Value));
    }
}
