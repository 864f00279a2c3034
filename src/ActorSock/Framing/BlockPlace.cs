using ActorSock.Blocks;

namespace ActorSock.Framing;

/// <summary>Waits in line for a block on behalf of one body.</summary>
/// <param name="framer">is told when it is there</param>
internal sealed class BlockPlace(IActorRef framer) : IBlockWaiter
{
    private Block? _granted;
    private bool _left;

    /// <summary>To the framer: the block is there.</summary>
    public sealed record Granted(BlockPlace Place);

    void IBlockWaiter.Granted(Block block)
    {
        lock (this)
        {
            if (!_left)
            {
                _granted = block;
                block = null!;
            }
        }
        block?.Return();
        framer.Tell(new Granted(this), ActorRefs.NoSender);
    }

    /// <summary>The block that was granted, or null; it is the caller's now.</summary>
    public Block? Take()
    {
        lock (this)
        {
            var block = _granted;
            _granted = null;
            return block;
        }
    }

    /// <summary>Nobody waits any more: a block that comes later, or came already, goes back.</summary>
    public void Leave(BlockPool pool)
    {
        lock (this)
            _left = true;
        pool.Cancel(this);
        Take()?.Return();
    }
}
