using ActorSock.Blocks;
using ActorSock.Connections;
using ActorSock.Framing;
using ActorSock.Journal;
using ActorSock.Lanes;
using ActorSock.Supervision;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Files;

/// <summary>Writes one upload to disk and answers whether its digest is the promised one.</summary>
/// <remarks>
/// Parent: <see cref="ConnectionActor"/>, one writer for each upload, on threads that may block. Children: none.<br/>
/// States: <see cref="Receiving"/>, <see cref="AwaitingDigest"/>. A block is written here and digested in a lane at the same time; who is
/// last with it gives it back.<br/>
/// On restart: never restarted. The part file is removed or kept by rule, every block goes back; the parent refuses this upload
/// and keeps the conversation.
/// </remarks>
internal sealed class FileWriterActor : ServerActor
{
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Write a block of the body; it lies in the window.</summary>
        public sealed record Append(Block Block) : Command;

        /// <summary>The body is complete: commit it if its digest is the promised one. <see cref="JournalActor.Settled"/> answers.</summary>
        public sealed record Finish(Promise Promise) : Command;

        /// <summary>
        /// Nothing more comes: keep what has come, where the upload can be gone on with, and end. To be told before the writer is
        /// stopped, behind the last block; who stops it at once loses blocks that are on their way.
        /// </summary>
        public sealed record Keep : Command
        {
            public static readonly Keep Instance = new();
        }
    }

    /// <summary>What a client promised about a body.</summary>
    public abstract record Promise
    {
        private Promise()
        {
        }

        /// <summary>Nothing: the dialect has no digest.</summary>
        public sealed record None : Promise
        {
            public static readonly None Instance = new();
        }

        /// <summary>That its digest is this one; null when what the client sent is no digest, which nothing equals.</summary>
        public sealed record Digest(ContentDigest? Value) : Promise
        {
            public Digest(Md5Digest? md5) : this(md5 is { } digest ? ContentDigest.From(digest) : (ContentDigest?)null)
            {
            }
        }
    }

    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The part file is open: the body may come.</summary>
        public sealed record Opened : Event
        {
            public static readonly Opened Instance = new();
        }
    }

    private readonly NodeParts _parts;
    private readonly string _uploadId;
    private readonly StoreOrder _order;
    private readonly BlockWindow _window;
    private readonly Verdict _verdict;
    private IIncomingFile? _file;
    private UploadDigest? _digest;
    private Promise _promise = Promise.None.Instance;

    public FileWriterActor(NodeParts parts, string uploadId, StoreOrder order, BlockWindow window, Verdict verdict)
    {
        (_parts, _uploadId, _order, _window, _verdict) = (parts, uploadId, order, window, verdict);
        Become(Receiving);
    }

    public static Props PropsOf(
        NodeParts parts, string uploadId, FileName name, string client, long size, BlockWindow window, Verdict verdict) =>
        PropsOf(parts, uploadId, new StoreOrder(name, client) { Size = size }, window, verdict);

    /// <param name="parts">the node's</param>
    /// <param name="uploadId">begins the part file's name</param>
    /// <param name="order">what to store</param>
    /// <param name="window">the blocks on their way here</param>
    /// <param name="verdict">takes the outcome</param>
    public static Props PropsOf(NodeParts parts, string uploadId, StoreOrder order, BlockWindow window, Verdict verdict) =>
        Props.Create(() => new FileWriterActor(parts, uploadId, order, window, verdict)).WithDispatcher(NodeParts.FilesDispatcher);

    protected override void PreStart()
    {
        if (_order.WhyNot(_parts.Files) is { } refused)
        {
            _verdict.Said = refused;
            Context.Parent.Tell(new JournalActor.Settled(_verdict), Self);
            Context.Stop(Self);
            return;
        }
        _file = _parts.Files.Create(_uploadId, _order.Name, _order.Size);
        // After what may fail: PostStop does not follow a failed PreStart.
        _digest = _parts.Lanes.Begin(Self, _order.Kind is { } kind ? DigestState.Empty(kind) : null);
        Context.Parent.Tell(Event.Opened.Instance, Self);
    }

    private void Receiving()
    {
        Receive<Command.Append>(append => Append(append.Block));
        Receive<Command.Finish>(finish =>
        {
            _promise = finish.Promise;
            _digest!.Lanes.Tell(new DigestLanesActor.Command.Finish(_digest), Self);
            Become(AwaitingDigest);
        });
        Receive<Command.Keep>(_ => Context.Stop(Self));
        Receive<DigestLanesActor.Event.Broken>(_ => throw new DigestBrokenException());
    }

    private void AwaitingDigest()
    {
        Receive<DigestLanesActor.Event.Digested>(Finish);
        Receive<Command.Keep>(static _ => { }); // all of it has come
        Receive<DigestLanesActor.Event.Broken>(_ => throw new DigestBrokenException());
    }

    private void Append(Block block)
    {
        if (!_window.TryHold(block, users: 2))
            return; // the window was closed over it: this upload has been given up
        _digest!.Lanes.Tell(new DigestLanesActor.Command.Append(_digest, block, _window, Sender), Self);
        try
        {
            _file!.Write(block.Filled.Span);
        }
        finally
        {
            if (_window.Remove(block))
                Sender.Tell(FramerActor.Appended.Instance, Self);
        }
    }

    private void Finish(DigestLanesActor.Event.Digested digested)
    {
        var actual = digested.Of(_order.Kind ?? DigestKind.Md5);
        if (_promise is Promise.Digest promised && promised.Value != actual)
        {
            _file!.Abandon();
            _verdict.Said = new Verdict.Outcome.Differs(actual, promised.Value);
            Context.Parent.Tell(new JournalActor.Settled(_verdict), Self);
        }
        else
        {
            if (_order.TellsVerified)
                Context.Parent.Tell(new JournalActor.Verified(_verdict), Self);
            var partName = _file!.Seal(new FileDigests(digested.Digest, digested.Sha256));
            _parts.Journal.Take(CommitOf(digested, partName), Self);
        }
        Context.Stop(Self);
    }

    private Commit.Part CommitOf(DigestLanesActor.Event.Digested digested, string partName) =>
        new(_order.Name, _order.Client, digested.Digest, _verdict, Context.Parent, _file!.BytesWritten, partName)
        {
            Exists = _order.Exists,
            Sha256 = digested.Sha256,
        };

    protected override void PostStop()
    {
        _window.Close();
        _file?.Dispose();
        if (_digest is not null)
            _parts.Lanes.End(_digest);
    }
}
