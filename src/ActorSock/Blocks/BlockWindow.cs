namespace ActorSock.Blocks;

/// <summary>Knows the blocks of one upload that lie between its framer and its writer.</summary>
/// <remarks>
/// Thread-safe. Whoever of the two ends first, no block is lost and none is returned twice: what is in the
/// window when it closes is returned by the closing, what comes later is returned by <see cref="Add"/>. A
/// block that is held (<see cref="TryHold"/>) is being worked on, by the disk, a digest lane or both, and is
/// returned by the last <see cref="Remove"/> even when the window closed meanwhile, so that nobody else fills
/// it under their hands.
/// </remarks>
internal sealed class BlockWindow
{
    private readonly Lock _lock = new();
    private readonly List<Block> _waiting = new(4);
    private readonly List<Block> _held = new(1);
    private bool _closed;

    /// <summary>Blocks inside, held ones included.</summary>
    public int Outstanding
    {
        get { lock (_lock) return _waiting.Count + _held.Count; }
    }

    /// <summary>
    /// Puts a block in. False when the window is closed; then the block has been returned to its pool.
    /// </summary>
    public bool Add(Block block)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _waiting.Add(block);
                return true;
            }
        }
        block.Return();
        return false;
    }

    /// <summary>
    /// Begins work on a block for so many users: until each has called <see cref="Remove"/> closing leaves it
    /// alone. False when the window was closed; then the block is gone and must not be touched.
    /// </summary>
    public bool TryHold(Block block, int users = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(users);
        lock (_lock)
        {
            if (_waiting.Remove(block))
                _held.Add(block);
            else if (!_held.Contains(block))
                return false;
            block.Users += users;
            return true;
        }
    }

    /// <summary>
    /// Ends one user's work on a block; after the last one's it is out of the window and back in its pool.
    /// True when that has happened now; false when others are at work on it, or closing returned it before.
    /// </summary>
    /// <exception cref="InvalidOperationException">The window is open and the block is not in it.</exception>
    public bool Remove(Block block)
    {
        lock (_lock)
        {
            if (_held.Contains(block))
            {
                if (--block.Users > 0)
                    return false;
                _held.Remove(block);
            }
            else if (!_waiting.Remove(block))
            {
                return _closed
                    ? false
                    : throw new InvalidOperationException("the block is not in this window");
            }
        }
        block.Return();
        return true;
    }

    /// <summary>Returns every block that nobody holds, and lets none in any more. May be repeated.</summary>
    public void Close()
    {
        Block[] left;
        lock (_lock)
        {
            _closed = true;
            left = [.. _waiting];
            _waiting.Clear();
        }
        foreach (var block in left)
            block.Return();
    }
}
