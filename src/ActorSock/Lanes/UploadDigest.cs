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
internal sealed class UploadDigest(IActorRef lanes, int seat, IActorRef writer)
{
    /// <summary>Where to send its blocks.</summary>
    public IActorRef Lanes => lanes;

    internal int Seat => seat;

    internal IActorRef Writer => writer;

    internal Md5Stream Stream { get; } = new();

    internal Queue<DigestLanesActor.Command.Append> Waiting { get; } = new(4);

    /// <summary>Bytes of the first waiting block that are digested.</summary>
    internal int Done { get; set; }

    /// <summary>Whether the body is with us in full, and the writer waits for the digest.</summary>
    internal bool IsAskedFor { get; set; }

    /// <summary>Whether blocks of it came lately, so that more may be expected.</summary>
    internal bool IsFlowing { get; set; }

    /// <summary>Whether a failure left the digest in no known state; nothing can mend it.</summary>
    internal bool IsBroken { get; set; }
}
