using System.Diagnostics.CodeAnalysis;
using ActorSock.Blocks;
using ActorSock.Connections;
using ActorSock.Files;

namespace ActorSock.Framing;

/// <summary>Brings bodies from the socket to their writers, in blocks of the pool.</summary>
/// <remarks>
/// It reads only into memory that a writer has a use for: at most <c>memory.window-blocks</c> blocks are on their way, and while it
/// waits for the peer it holds none. <see cref="SocketLink.Left"/> is what is left of the body, or of the chunk at hand; blocks know
/// nothing of chunks.
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
    private Chunks? _chunks;
    private bool _isWaited;

    /// <summary>What the last read said, when it was the end; else null.</summary>
    public ReadOutcome? End { get; private set; }

    /// <summary>Begins with the body that the link stands in.</summary>
    /// <param name="writer">gets the blocks</param>
    /// <param name="window">where they lie meanwhile</param>
    /// <param name="cut">where one may end</param>
    /// <param name="chunks">finds them, in a body that comes in chunks</param>
    public void Begin(IActorRef writer, BlockWindow window, BlockCut cut, Chunks? chunks = null)
    {
        (_writer, _window, _cut, _chunks) = (writer, window, cut, chunks);
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
        var step = FlowStep.More;
        while (step == FlowStep.More)
            step = _place is null ? FillOne(ref block) : FlowStep.Waiting;
        block?.Return();
        return step;
    }

    private FlowStep FillOne(ref Block? block)
    {
        var step = NextBytes();
        if (step != FlowStep.More)
            return step;
        if (block is null && !TryRent(out block))
            return End is null ? FlowStep.Waiting : FlowStep.Ended;
        _isWaited = false;
        step = Fill(block);
        if (step == FlowStep.Waiting && _cut == BlockCut.OnPages)
            KeepRestOfPage(block);
        var wanted = HandOver(block);
        block = null;
        if (!wanted)
            return FlowStep.Waiting; // the writer has ended; what is to become of the rest, the connection will say
        if (step == FlowStep.Waiting && !_isWaited)
            link.WaitReadable(framer);
        return step;
    }

    /// <summary>Whether there are bytes left; in chunks, once the next one has begun.</summary>
    private FlowStep NextBytes()
    {
        if (link.Left > 0)
            return FlowStep.More;
        var step = _chunks?.Next() ?? FlowStep.Over;
        if (step == FlowStep.Ended)
            End = buffer.End;
        _isWaited = step == FlowStep.Waiting;
        return step;
    }

    /// <summary>Finds a block for what is there now; false while the window or the pool has none to give, or nothing comes.</summary>
    private bool TryRent([NotNullWhen(true)] out Block? block)
    {
        block = null;
        var kept = _cut == BlockCut.WholeBody ? 1 : 0; // the block that the body is made whole in stays in the window
        if (_window!.Outstanding >= parts.Settings.Memory.WindowBlocks + kept)
            return false; // the writer's next Appended goes on
        var left = _chunks?.BytesLeftMax ?? link.Left;
        var wanted = _cut == BlockCut.WholeBody
            ? (int)left
            : (int)Math.Min(Math.Min(left, parts.Settings.Memory.BlockBytes), Math.Max(There(), 1));
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
    private FlowStep Fill(Block block)
    {
        while (true)
        {
            var end = block.Length + (int)Math.Min(block.Capacity - block.Length, link.Left);
            if (buffer.Count > 0)
            {
                var copied = Math.Min(end - block.Length, buffer.Count);
                buffer.Unread[..copied].CopyTo(block.Empty.Span);
                block.Length += copied;
                link.Left -= copied;
                buffer.Consume(copied);
            }
            while (block.Length < end)
            {
                var outcome = link.TryRead(block.Memory[block.Length..end]);
                if (outcome.WouldBlock)
                    return FlowStep.Waiting;
                if (outcome.IsEnd)
                {
                    End = outcome;
                    return FlowStep.Ended;
                }
                block.Length += outcome.Bytes;
                link.Left -= outcome.Bytes;
            }
            if (block.Length == block.Capacity)
                return FlowStep.More;
            var next = NextBytes();
            if (next != FlowStep.More)
                return next;
        }
    }

    /// <summary>
    /// Takes back what is behind the last whole page of a block, until more comes: the disk is written in pages, and no block
    /// waits for the peer. Where memory for that is short the block goes as it is, and the file through the page cache.
    /// </summary>
    private void KeepRestOfPage(Block block)
    {
        var rest = block.Length % AlignedMemory.AlignmentBytes;
        if (rest == 0 || (link.Left == 0 && _chunks is null) || buffer.Count > 0 || !buffer.TryKeep(block.Filled.Span[^rest..]))
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
