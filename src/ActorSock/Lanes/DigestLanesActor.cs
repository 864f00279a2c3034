using ActorSock.Blocks;
using ActorSock.Digests;
using ActorSock.Files;
using ActorSock.Framing;
using ActorSock.Supervision;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Lanes;

/// <summary>Digests blocks of many uploads at once, in the lanes of one vector kernel.</summary>
/// <remarks>
/// Parent: <see cref="ServerSupervisor"/>, one for each core, on a thread of its own. Children: none.<br/>
/// States: <see cref="Gathering"/> alone. A round takes one piece of each upload that has a block. It begins when every upload
/// that is flowing has one, or when waiting for the others would hold somebody up: see <see cref="IsDue"/>.<br/>
/// On restart: digests are not the actor's own and go on, but for those in the round that failed: these uploads are refused.
/// </remarks>
internal sealed class DigestLanesActor : ServerActor, IWithTimers
{
    /// <summary>What is digested of an upload in one round: short, so that who comes meanwhile soon joins.</summary>
    private const int PieceBytesMax = 64 * 1024;

    /// <summary>How long a block may wait for company.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(4);

    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Digest a block, which is held for us in its window; then it is removed from there.</summary>
        /// <param name="Digest">of which upload; its blocks are digested in the order in which they come</param>
        /// <param name="Block">filled bytes of it</param>
        /// <param name="Window">holds it</param>
        /// <param name="Framer">hears when the window has room again</param>
        public sealed record Append(UploadDigest Digest, Block Block, BlockWindow Window, IActorRef Framer) : Command;

        /// <summary>Tell the writer the digest when all blocks before are in it.</summary>
        public sealed record Finish(UploadDigest Digest) : Command;

        /// <summary>
        /// Tell the sender the state of the digest when all blocks that have come before are in it. The upload need not stand still.
        /// </summary>
        public sealed record Snapshot(UploadDigest Digest) : Command;

        /// <summary>Nobody wants this digest any more.</summary>
        public sealed record Forget(UploadDigest Digest) : Command;
    }

    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The digest of a whole body.</summary>
        public sealed record Digested(Md5Digest Digest) : Event
        {
            /// <summary>The other one, when it was asked for.</summary>
            public ContentDigest? Sha256 { get; init; }

            /// <summary>The digest of a kind that was asked for.</summary>
            public ContentDigest Of(DigestKind kind) => kind == DigestKind.Sha256
                ? Sha256 ?? throw new InvalidOperationException("nobody has asked for SHA-256")
                : ContentDigest.From(Digest);
        }

        /// <summary>The state of a digest in the middle of the body.</summary>
        public sealed record SnapshotTaken(DigestState State) : Event;

        /// <summary>The digest of this upload is lost.</summary>
        public sealed record Broken : Event
        {
            public static readonly Broken Instance = new();
        }
    }

    /// <summary>Stands in the mailbox behind everything that had come before: so a round takes in all of it.</summary>
    private sealed record Go
    {
        public static readonly Go Instance = new();
    }

    private sealed record PatienceEnded
    {
        public static readonly PatienceEnded Instance = new();
    }

    /// <summary>To the next life: this digest is whole and has blocks waiting.</summary>
    private sealed record GoOn(UploadDigest Digest);

    private readonly NodeParts _parts;
    private readonly Md5Lanes _kernel = new();
    private readonly Md5Lane[] _round = new Md5Lane[DigestLanes.Width];
    private readonly List<UploadDigest> _ready = []; // have a block; the first are in the next round
    private readonly List<UploadDigest> _again = [];
    private readonly HashSet<UploadDigest> _flowing = [];
    private readonly int _waitingMax; // blocks of one upload that may wait for company: half a window
    private bool _going, _isPatient;

    public DigestLanesActor(NodeParts parts)
    {
        _parts = parts;
        _waitingMax = parts.Settings.Memory.WindowBlocks / 2;
        Become(Gathering);
    }

    public static Props PropsOf(NodeParts parts) =>
        Props.Create(() => new DigestLanesActor(parts)).WithDispatcher(NodeParts.LanesDispatcher);

    public ITimerScheduler Timers { get; set; } = null!;

    private void Gathering()
    {
        Receive<Command.Append>(Take);
        Receive<Command.Finish>(finish =>
        {
            finish.Digest.IsAskedFor = true;
            if (finish.Digest.IsBroken)
                Sender.Tell(Event.Broken.Instance, Self);
            else if (finish.Digest.Waiting.Count == 0)
                Answer(finish.Digest);
            else
                GoIfDue();
        });
        Receive<Command.Snapshot>(snapshot =>
        {
            var digest = snapshot.Digest;
            if (digest.IsBroken)
                Sender.Tell(Event.Broken.Instance, Self);
            else if (digest.Waiting.Count == 0)
                TellState(digest, Sender);
            else
                digest.Snapshots.Enqueue((digest.Given, Sender));
        });
        Receive<Command.Forget>(forget => Forget(forget.Digest));
        Receive<Go>(_ =>
        {
            _going = false;
            Digest();
            GoIfDue();
        });
        Receive<PatienceEnded>(_ =>
        {
            _isPatient = false;
            // Who had nothing to give meanwhile is not waited for again before it does.
            foreach (var absent in _flowing.Where(static digest => digest.Waiting.Count == 0).ToList())
                Ebb(absent);
            GoIfDue();
        });
        Receive<GoOn>(goOn =>
        {
            if (goOn.Digest.Waiting.Count > 0) // else it was forgotten meanwhile
                _ready.Add(goOn.Digest);
            GoIfDue();
        });
    }

    private void Take(Command.Append append)
    {
        var digest = append.Digest;
        if (digest.IsBroken)
        {
            LetGo(append);
            return;
        }
        digest.Waiting.Enqueue(append);
        digest.Given += append.Block.Length;
        if (digest.Waiting.Count == 1)
            _ready.Add(digest);
        if (!digest.IsFlowing)
        {
            digest.IsFlowing = true;
            _flowing.Add(digest);
        }
        GoIfDue();
    }

    private void GoIfDue()
    {
        if (_going || _ready.Count == 0)
            return;
        if (IsDue())
        {
            _going = true;
            Self.Tell(Go.Instance, Self);
        }
        else if (!_isPatient)
        {
            _isPatient = true;
            Timers.StartSingleTimer(nameof(PatienceEnded), PatienceEnded.Instance, Patience);
        }
    }

    /// <summary>
    /// Whether to begin a round. A lone upload never waits. With others, half a window of an upload may wait for theirs while the
    /// next block is on the way, also one that is digested in part; but not more (nothing, where a window is one block), not the last
    /// of a body, and none when memory is short: a lane left empty costs less than somebody who stands still.
    /// </summary>
    private bool IsDue()
    {
        if (_ready.Count >= Math.Min(_flowing.Count, DigestLanes.Width) || _parts.Blocks.Waiting > 0)
            return true;
        foreach (var digest in _ready)
        {
            if (digest.Waiting.Count > _waitingMax || digest.IsAskedFor)
                return true;
        }
        return false;
    }

    /// <summary>One round: a piece of each of the first uploads in line, which then stand at its end.</summary>
    private void Digest()
    {
        var lanes = Math.Min(_ready.Count, DigestLanes.Width);
        if (lanes == 0)
            return; // forgotten meanwhile
        for (var i = 0; i < lanes; i++)
        {
            var digest = _ready[i];
            var rest = digest.Waiting.Peek().Block.Filled[digest.Done..];
            _round[i] = new Md5Lane(digest.Stream, rest[..Math.Min(rest.Length, PieceBytesMax)]);
        }
        _kernel.Append(_round.AsSpan(0, lanes));
        for (var i = 0; i < lanes; i++)
            _ready[i].Sha256?.Append(_round[i].Bytes.Span);
        for (var i = 0; i < lanes; i++)
        {
            if (IsReadyAgain(_ready[i], _round[i].Bytes.Length))
                _again.Add(_ready[i]);
        }
        _ready.RemoveRange(0, lanes); // not before: a restart must know whom the round was about
        _ready.AddRange(_again);
        _again.Clear();
        Array.Clear(_round);
    }

    /// <summary>Books a piece; false when nothing more of this upload waits.</summary>
    private bool IsReadyAgain(UploadDigest digest, int piece)
    {
        digest.Done += piece;
        if (digest.Done < digest.Waiting.Peek().Block.Length)
            return true;
        digest.Done = 0;
        LetGo(digest.Waiting.Dequeue());
        while (digest.Snapshots.TryPeek(out var next) && next.At == digest.Stream.BytesCount)
            TellState(digest, digest.Snapshots.Dequeue().To);
        if (digest.Waiting.Count > 0)
            return true;
        if (digest.IsAskedFor)
            Answer(digest);
        return false;
    }

    private void Answer(UploadDigest digest)
    {
        Span<byte> bytes = stackalloc byte[Md5Digest.BytesCount];
        digest.Stream.GetDigest(bytes);
        Ebb(digest);
        digest.Writer.Tell(new Event.Digested(Md5Digest.FromBytes(bytes)) { Sha256 = Sha256Of(digest) }, Self);
    }

    private static ContentDigest? Sha256Of(UploadDigest digest)
    {
        if (digest.Sha256 is not { } stream)
            return null;
        Span<byte> bytes = stackalloc byte[Sha256Stream.DigestBytes];
        stream.GetDigest(bytes);
        return ContentDigest.FromBytes(DigestKind.Sha256, bytes);
    }

    private void TellState(UploadDigest digest, IActorRef to) =>
        to.Tell(new Event.SnapshotTaken(DigestState.Of(digest.Stream, digest.Sha256)), Self);

    private void Forget(UploadDigest digest)
    {
        Ebb(digest);
        digest.IsBroken = true; // what of it may still come is not wanted
        foreach (var (_, to) in digest.Snapshots)
            to.Tell(Event.Broken.Instance, Self);
        digest.Snapshots.Clear();
        if (digest.Waiting.Count > 0)
            _ready.Remove(digest);
        while (digest.Waiting.TryDequeue(out var append))
            LetGo(append);
    }

    private void Ebb(UploadDigest digest)
    {
        digest.IsFlowing = false;
        _flowing.Remove(digest);
    }

    private void LetGo(Command.Append append)
    {
        if (append.Window.Remove(append.Block))
            append.Framer.Tell(FramerActor.Appended.Instance, Self);
    }

    protected override string About => $"{DigestLanes.Width} lanes, {_flowing.Count} uploads";

    // ---- lifecycle

    protected override void PreRestart(Exception reason, object message)
    {
        var failed = message is Go ? Math.Min(_ready.Count, DigestLanes.Width) : 0;
        foreach (var digest in _ready.GetRange(0, failed))
        {
            Forget(digest);
            digest.Writer.Tell(Event.Broken.Instance, Self);
        }
        foreach (var digest in _ready)
            Self.Tell(new GoOn(digest), Self); // behind blocks that may have come for it, and these wait in the digest
        foreach (var digest in _flowing)
            digest.IsFlowing = false; // to the next life it flows with the next block
    }

    protected override void PostStop()
    {
        foreach (var digest in _ready.ToList())
            Forget(digest);
    }
}
