using ActorSock.Digests;
using ActorSock.Wire.Native;

namespace ActorSock.Lanes;

/// <summary>Says which lanes an upload's digest goes through.</summary>
/// <remarks>
/// Uploads are put together, not spread: a kernel takes as long for one lane as for all, so a second actor is used only when
/// the lanes of the first are taken. Thread-safe.
/// </remarks>
internal sealed class DigestLanes
{
    private readonly Lock _lock = new();
    private readonly List<IActorRef> _lanes = [];
    private readonly List<int> _uploads = [];

    /// <summary>Lanes of one actor that one kernel serves at a time.</summary>
    public static int Width { get; } = (int)Md5Lanes.Widest;

    /// <summary>Adds an actor; before the first upload.</summary>
    public void Add(IActorRef lanes)
    {
        lock (_lock)
        {
            _lanes.Add(lanes);
            _uploads.Add(0);
        }
    }

    /// <summary>Begins a digest; to be ended by <see cref="End"/>.</summary>
    /// <param name="writer">is told when the digest breaks</param>
    /// <param name="from">as of <see cref="UploadDigest"/></param>
    public UploadDigest Begin(IActorRef writer, DigestState? from = null)
    {
        lock (_lock)
        {
            // SHA-256 has no kernel of many lanes: such uploads gain nothing by company.
            var seat = from is { Kind: DigestKind.Sha256 } ? -1 : _uploads.FindIndex(static count => count < Width);
            if (seat < 0)
                seat = _uploads.IndexOf(_uploads.Min());
            _uploads[seat]++;
            return new UploadDigest(_lanes[seat], seat, writer, from);
        }
    }

    /// <summary>Frees the place of a digest, once; what of it still waits is let go.</summary>
    public void End(UploadDigest digest)
    {
        lock (_lock)
            _uploads[digest.Seat]--;
        digest.Lanes.Tell(new DigestLanesActor.Command.Forget(digest), ActorRefs.NoSender);
    }
}
