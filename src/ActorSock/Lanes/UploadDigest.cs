using ActorSock.Blocks;
using ActorSock.Digests;

namespace ActorSock.Lanes;

/// <summary>The running digest of one upload, and the blocks of its body that wait for it.</summary>
/// <remarks>
/// Begun and ended at <see cref="DigestLanes"/>; between that it belongs to one <see cref="DigestLanesActor"/>, which alone
/// touches what is internal here. It is no actor's own state, so a restart of the actor does not lose it.
/// </remarks>
/// <param name="lanes">digests it</param>
/// <param name="seat">the place of <paramref name="lanes"/> among its likes</param>
/// <param name="writer">is told when it breaks</param>
/// <param name="from">the digests of what is there already; null at the beginning of a file of which MD5 is enough</param>
internal sealed class UploadDigest(IActorRef lanes, int seat, IActorRef writer, DigestState? from = null)
{
    private readonly (Md5Stream Md5, Sha256Stream? Sha256) _streams = from?.Resumed() ?? (new Md5Stream(), null);

    /// <summary>Where to send its blocks.</summary>
    public IActorRef Lanes => lanes;

    internal int Seat => seat;

    internal IActorRef Writer => writer;

    internal Md5Stream Stream => _streams.Md5;

    /// <summary>The other digest, when it was asked for.</summary>
    internal Sha256Stream? Sha256 => _streams.Sha256;

    internal Queue<DigestLanesActor.Command.Append> Waiting { get; } = new(4);

    /// <summary>Bytes of the first waiting block that are digested.</summary>
    internal int Done { get; set; }

    /// <summary>Where in the file the last block ends that has come.</summary>
    internal long Given { get; set; } = from?.BytesCount ?? 0;

    /// <summary>Who wants to know the state, and where: it is told when the stream has got there.</summary>
    internal Queue<(long At, IActorRef To)> Snapshots { get; } = new(0);

    /// <summary>Whether the body is with us in full, and the writer waits for the digest.</summary>
    internal bool IsAskedFor { get; set; }

    /// <summary>Whether blocks of it came lately, so that more may be expected.</summary>
    internal bool IsFlowing { get; set; }

    /// <summary>Whether a failure left the digest in no known state; nothing can mend it.</summary>
    internal bool IsBroken { get; set; }
}
