using System.Security.Cryptography;
using ActorSock.Blocks;
using ActorSock.Framing;
using ActorSock.Lanes;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Tests.Lanes;

/// <summary>Stands for the writer and the framer of one upload, as a digest lane knows them.</summary>
internal sealed class LaneUpload : IDisposable
{
    private readonly IncrementalHash _expected = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly List<object> _toWriter = [], _toFramer = [];
    private readonly BlockPool _pool;
    private int _appendedBefore;
    private readonly IActorRef _writer, _framer;

    /// <param name="system">has the lanes</param>
    /// <param name="lanes">digest it</param>
    /// <param name="pool">has its blocks</param>
    /// <param name="onAppended">is called in the middle of a round, when it lets go of a block of this upload</param>
    /// <param name="from">what was digested before</param>
    public LaneUpload(ActorSystem system, IActorRef lanes, BlockPool pool, Action? onAppended = null, DigestState? from = null)
    {
        _pool = pool;
        (_writer, _framer) = (system.ActorOf(Ear.PropsOf(_toWriter)), system.ActorOf(Ear.PropsOf(_toFramer, onAppended)));
        Digest = new UploadDigest(lanes, 0, _writer, from);
    }

    public UploadDigest Digest { get; }

    public BlockWindow Window { get; } = new();

    /// <summary>How often the framer heard that there is room again; may be set back.</summary>
    public int Appended
    {
        get => _toFramer.OfType<FramerActor.Appended>().Count() - _appendedBefore;
        set => _appendedBefore = _toFramer.OfType<FramerActor.Appended>().Count() - value;
    }

    public bool IsBroken => _toWriter.OfType<DigestLanesActor.Event.Broken>().Any();

    /// <summary>What the writer was told, once.</summary>
    public Md5Digest? Digested => _toWriter.OfType<DigestLanesActor.Event.Digested>().SingleOrDefault()?.Digest;

    public Md5Digest Expected => Md5Digest.FromBytes(_expected.GetCurrentHash());

    /// <summary>The next bytes of its body, in a block that is held for the lanes.</summary>
    public void Give(byte[] bytes) => Give(Fill(bytes));

    public void Give(Block block)
    {
        Window.Add(block);
        Window.TryHold(block).ShouldBeTrue();
        _expected.AppendData(block.Filled.Span);
        Append(block);
    }

    /// <summary>A block that is in no window, as a fault of whoever sends it: a round with it fails.</summary>
    public Block GiveAstray(byte[] bytes)
    {
        var block = Fill(bytes);
        Append(block);
        return block;
    }

    /// <summary>The states that the writer was told.</summary>
    public IReadOnlyList<DigestState> States =>
        [.. _toWriter.OfType<DigestLanesActor.Event.SnapshotTaken>().Select(taken => taken.State)];

    public ContentDigest? Sha256 => _toWriter.OfType<DigestLanesActor.Event.Digested>().SingleOrDefault()?.Sha256;

    public void Snapshot() => Digest.Lanes.Tell(new DigestLanesActor.Command.Snapshot(Digest), _writer);

    /// <summary>The body is complete.</summary>
    public void Ask() => Digest.Lanes.Tell(new DigestLanesActor.Command.Finish(Digest), _writer);

    public void Forget() => Digest.Lanes.Tell(new DigestLanesActor.Command.Forget(Digest), _writer);

    /// <summary>A block with these bytes, not given yet.</summary>
    public Block Fill(byte[] bytes)
    {
        var block = _pool.TryRent(bytes.Length, nameof(LaneUpload))!;
        bytes.CopyTo(block.Memory);
        block.Length = bytes.Length;
        return block;
    }

    public void Dispose() => _expected.Dispose();

    private void Append(Block block) =>
        Digest.Lanes.Tell(new DigestLanesActor.Command.Append(Digest, block, Window, _framer), _writer);
}
