using ActorSock.Connections;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Framing;

/// <summary>Finds the chunks of a body one behind the other.</summary>
/// <remarks><see cref="SocketLink.Left"/> is what is left of the chunk at hand.</remarks>
/// <param name="link">is read</param>
/// <param name="buffer">has what was read already</param>
internal sealed class Chunks(SocketLink link, FrameBuffer buffer)
{
    private long _bytesMax;

    /// <summary>Bytes of all chunks since the beginning, the one at hand whole.</summary>
    public long Bytes { get; private set; }

    /// <summary>Why the length of a chunk is none.</summary>
    public Refusal Refusal { get; private set; }

    /// <summary>Begins where the link stands: of what comes from there at most so many bytes are taken.</summary>
    public void Begin(long bytesMax) => (_bytesMax, Bytes) = (bytesMax, link.Left);

    /// <summary>The most that may still come.</summary>
    public long BytesLeftMax => _bytesMax - Bytes + link.Left;

    /// <summary>Whether what has come is more than may.</summary>
    public bool IsTooLong => Bytes > _bytesMax;

    /// <summary>
    /// Finds the next chunk when the one at hand is read: <see cref="FlowStep.More"/> when it is not empty, otherwise how far the body is.
    /// </summary>
    public FlowStep Next()
    {
        while (true)
        {
            var decoded = ChunkLength.Decode(buffer.Unread);
            switch (decoded.Outcome)
            {
                case Outcome.Frame:
                    buffer.Consume(decoded.Consumed);
                    return Begin(decoded.Frame);
                case Outcome.Refused:
                    link.Position = FramePosition.Unknown;
                    Refusal = decoded.Refusal;
                    return FlowStep.Broken;
            }
            var filled = buffer.Fill();
            if (filled != Filled.More)
                return filled == Filled.NotYet ? FlowStep.Waiting : FlowStep.Ended;
        }
    }

    private FlowStep Begin(ChunkLength length)
    {
        if (length.Bytes == 0)
        {
            link.InChunks = false;
            return length.IsGivenUp ? FlowStep.GivenUp : FlowStep.Over;
        }
        link.Left = length.Bytes;
        Bytes += length.Bytes;
        return IsTooLong ? FlowStep.TooLong : FlowStep.More;
    }
}
