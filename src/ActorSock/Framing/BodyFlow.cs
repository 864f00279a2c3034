using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using ActorSock.Blocks;
using ActorSock.Connections;
using ActorSock.Files;

namespace ActorSock.Framing;

/// <summary>Says how far a <see cref="BodyFlow"/> has got.</summary>
internal enum FlowStep
{
    /// <summary>It waits: for the peer, for a block, for the writer, or for somebody to say what is to become of the rest.</summary>
    Waiting,

    /// <summary>The last block of the body is with the writer.</summary>
    Over,

    /// <summary>The peer has closed, or the connection is broken: <see cref="BodyFlow.End"/>.</summary>
    Ended,
}

/// <summary>Brings bodies from the socket to their writers, in blocks of the pool.</summary>
/// <remarks>
/// It reads only into memory that a writer has a use for: at most <c>memory.window-blocks</c> blocks are on their way, and while it
/// waits for the peer it holds none. <see cref="SocketLink.Left"/> is what is left of the body.
/// </remarks>
/// <param name="parts">the node's</param>
/// <param name="link">is read</param>
/// <param name="buffer">has what was read already</param>
/// <param name="framer">hears of blocks, of their ends, and of bytes that have come: each time <see cref="GoOn"/> is due</param>
internal sealed class BodyFlow(NodeParts parts, SocketLink link, FrameBuffer buffer, IActorRef framer)
{
    private IActorRef _writer = ActorRefs.Nobody;
    private BlockWindow? _window;
    private BlockCut _cut;
    private BlockPlace? _place;

    /// <summary>What the last read said, when it was the end; else null.</summary>
    public ReadOutcome? End { get; private set; }

    /// <summary>Begins with the body that the link stands in.</summary>
    /// <param name="writer">gets the blocks</param>
    /// <param name="window">where they lie meanwhile</param>
    /// <param name="cut">where one may end</param>
    public void Begin(IActorRef writer, BlockWindow window, BlockCut cut)
    {
        (_writer, _window, _cut) = (writer, window, cut);
        End = null;
    }

    /// <summary>Nobody wants the rest of this body.</summary>
    public void LetGo()
    {
        _place?.Leave(parts.Blocks);
        _place = null;
        _writer = ActorRefs.Nobody;
        _window = null;
    }

    /// <summary>Reads as far as it gets.</summary>
    /// <param name="granted">the place in line whose block has come; null when it is something else that has happened</param>
    public FlowStep GoOn(BlockPlace? granted = null)
    {
        var block = granted?.Take();
        if (granted is not null && ReferenceEquals(granted, _place))
            _place = null;
        while (link.Left > 0 && _place is null)
        {
            if (block is null && !TryRent(out block))
                return End is not null ? FlowStep.Ended : FlowStep.Waiting;
            var fate = Fill(block);
            if (fate.WouldBlock && _cut == BlockCut.OnPages)
                KeepRestOfPage(block);
            var wanted = HandOver(block);
            block = null;
            if (!wanted)
                return FlowStep.Waiting; // the writer has ended; what is to become of the rest, the connection will say
            if (fate.WouldBlock)
            {
                link.WaitReadable(framer);
                return FlowStep.Waiting;
            }
            if (fate.IsEnd)
            {
                End = fate;
                return FlowStep.Ended;
            }
        }
        block?.Return();
        return link.Left == 0 ? FlowStep.Over : FlowStep.Waiting;
    }

    /// <summary>Finds a block for what is there now; false while the window or the pool has none to give, or nothing comes.</summary>
    private bool TryRent([NotNullWhen(true)] out Block? block)
    {
        block = null;
        var kept = _cut == BlockCut.WholeBody ? 1 : 0; // the block that the body is made whole in stays in the window
        if (_window!.Outstanding >= parts.Settings.Memory.WindowBlocks + kept)
            return false; // the writer's next Appended goes on
        var wanted = _cut == BlockCut.WholeBody
            ? (int)link.Left
            : (int)Math.Min(Math.Min(link.Left, parts.Settings.Memory.BlockBytes), Math.Max(There(), 1));
        block = parts.Blocks.TryRent(wanted, link.Id);
        if (block is not null)
            return true;
        // No use in standing in line with nothing to put into a block; and an end would not be seen from there.
        if (There() == 0 && !ReadAhead())
            return false;
        _place = new BlockPlace(framer);
        parts.Blocks.Wait(wanted, _place, link.Id);
        return false;
    }

    private bool ReadAhead()
    {
        var filled = buffer.Fill(); // it is empty: there is room
        if (filled == Filled.Ended)
            End = buffer.End;
        return filled == Filled.More;
    }

    private int There() => Math.Max(buffer.Count, link.Available);

    /// <summary>Fills a block from the buffer, then from the socket, until it is full, the body over, or nothing there.</summary>
    private ReadOutcome Fill(Block block)
    {
        var room = block.Memory[..(int)Math.Min(block.Capacity, link.Left)];
        if (buffer.Count > 0)
        {
            var copied = Math.Min(room.Length, buffer.Count);
            buffer.Unread[..copied].CopyTo(room.Span);
            block.Length = copied;
            link.Left -= copied;
            buffer.Consume(copied);
        }
        while (block.Length < room.Length)
        {
            var outcome = link.TryRead(room[block.Length..]);
            if (outcome.WouldBlock || outcome.IsEnd)
                return outcome;
            block.Length += outcome.Bytes;
            link.Left -= outcome.Bytes;
        }
        return new ReadOutcome(block.Length, SocketError.Success);
    }

    /// <summary>
    /// Takes back what is behind the last whole page of a block, until more comes: the disk is written in pages, and no block
    /// waits for the peer. Where memory for that is short the block goes as it is, and the file through the page cache.
    /// </summary>
    private void KeepRestOfPage(Block block)
    {
        var rest = block.Length % AlignedMemory.AlignmentBytes;
        if (rest == 0 || link.Left == 0 || !buffer.TryKeep(block.Filled.Span[^rest..]))
            return;
        block.Length -= rest;
        link.Left += rest;
    }

    /// <summary>False when the window is closed: nobody takes blocks of this body any more.</summary>
    private bool HandOver(Block block)
    {
        if (block.Length == 0)
        {
            block.Return();
            return true;
        }
        if (!_window!.Add(block))
            return false;
        _writer.Tell(new FileWriterActor.Command.Append(block), framer);
        return true;
    }
}
