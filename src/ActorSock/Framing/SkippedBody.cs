using System.Buffers;
using ActorSock.Connections;

namespace ActorSock.Framing;

/// <summary>Reads what is left of a body that nobody wants, and throws it away.</summary>
/// <param name="link">is read; <see cref="SocketLink.Left"/> bytes of it</param>
/// <param name="buffer">has what was read already</param>
/// <param name="framer">hears when <see cref="GoOn"/> is due again</param>
internal sealed class SkippedBody(SocketLink link, FrameBuffer buffer, IActorRef framer)
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>What is skipped for one message, so that a fast peer does not keep the framer from hearing that it is to stop.</summary>
    private const long SkippedInARowMax = 1024 * 1024;

    /// <summary>What the last read said, when it was the end.</summary>
    public ReadOutcome End { get; private set; }

    /// <summary>Reads as far as it gets.</summary>
    public FlowStep GoOn()
    {
        var buffered = (int)Math.Min(buffer.Count, link.Left);
        buffer.Consume(buffered);
        link.Left -= buffered;
        var trash = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (long skipped = 0; link.Left > 0;)
            {
                if (skipped >= SkippedInARowMax)
                {
                    framer.Tell(SocketLink.Readable.Instance, ActorRefs.NoSender);
                    return FlowStep.Waiting;
                }
                var outcome = link.TryRead(trash.AsMemory(0, (int)Math.Min(trash.Length, link.Left)));
                if (outcome.WouldBlock)
                {
                    link.WaitReadable(framer);
                    return FlowStep.Waiting;
                }
                if (outcome.IsEnd)
                {
                    End = outcome;
                    return FlowStep.Ended;
                }
                link.Left -= outcome.Bytes;
                skipped += outcome.Bytes;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(trash);
        }
        return FlowStep.Over;
    }
}
