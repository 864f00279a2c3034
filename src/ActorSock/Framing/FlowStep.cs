namespace ActorSock.Framing;

/// <summary>Says how far the reading of a body has got.</summary>
internal enum FlowStep
{
    /// <summary>There is more to be read.</summary>
    More,

    /// <summary>It waits: for the peer, for a block, for the writer, or for somebody to say what is to become of the rest.</summary>
    Waiting,

    /// <summary>All of the body is read.</summary>
    Over,

    /// <summary>The peer has closed, or the connection is broken.</summary>
    Ended,

    /// <summary>The peer has said behind some of its chunks that all of them are void.</summary>
    GivenUp,

    /// <summary>The chunks are longer than they may be; the rest is unread.</summary>
    TooLong,

    /// <summary>The length of a chunk is none: nobody knows where the next frame begins.</summary>
    Broken,
}
