using ActorSock.Settings;

namespace ActorSock.Blocks;

/// <summary>Lends blocks under one ceiling for the whole node, first come first served.</summary>
/// <remarks>
/// Thread-safe. Returned blocks are kept for reuse; what is out and what is kept together never exceed <see
/// cref="BytesMax"/>, so a wanted size may cost kept blocks of another. The line is strict: while the first
/// in it waits for a large block, nobody behind it and no newcomer is served, so large ones are never
/// starved. Waiters are granted one after the other, in order, outside the lock.
/// </remarks>
internal sealed class BlockPool : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Block?[] _idle = new Block?[SizeClasses.Count];
    private readonly WaitingLine _line = new();
    private readonly int _sizeClassMax;
    private readonly BlockTracks? _tracks;
    private long _bytesOut;
    private long _bytesIdle;
    private int _blocksOut;
    private bool _granting;
    private bool _disposed;

    /// <param name="bytesMax">The ceiling over all blocks, at least the smallest block (4 KiB).</param>
    /// <param name="tracks">Remembers who rents what; null spares it.</param>
    public BlockPool(long bytesMax, BlockTracks? tracks = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, SizeClasses.BytesMin);
        (BytesMax, _tracks) = (bytesMax, tracks);
        while (_sizeClassMax + 1 < SizeClasses.Count && SizeClasses.Bytes(_sizeClassMax + 1) <= bytesMax)
            _sizeClassMax++;
    }

    /// <summary>As an operator wants it.</summary>
    public static BlockPool Of(MemorySettings settings, TimeProvider clock) =>
        new(settings.BlocksMax, settings.TrackBlocks ? new BlockTracks(clock) : null);

    public long BytesMax { get; }

    /// <summary>Bytes of all blocks that somebody holds, by their capacity.</summary>
    public long BytesOut
    {
        get { lock (_lock) return _bytesOut; }
    }

    /// <summary>Bytes kept for reuse.</summary>
    public long BytesIdle
    {
        get { lock (_lock) return _bytesIdle; }
    }

    public int BlocksOut
    {
        get { lock (_lock) return _blocksOut; }
    }

    /// <summary>How many stand in line.</summary>
    public int Waiting
    {
        get { lock (_lock) return _line.Count; }
    }

    /// <summary>Whether <see cref="Rentals"/> knows who has what.</summary>
    public bool IsTracked => _tracks is not null;

    /// <summary>Who has which block, the oldest first; empty where that is not tracked.</summary>
    public IReadOnlyList<BlockTracks.Rental> Rentals
    {
        get { lock (_lock) return _tracks?.All() ?? []; }
    }

    /// <summary>
    /// Lends the smallest block that holds the wanted bytes, or the largest there is when none does (1 MiB,
    /// or less under a low ceiling). Null when the ceiling forbids it or somebody waits.
    /// </summary>
    /// <param name="bytesWanted">None is too large to ask for.</param>
    /// <param name="holder">Who wants it, for those who look for a block that was kept.</param>
    public Block? TryRent(int bytesWanted, string holder = "nobody in particular")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytesWanted);
        var track = _tracks?.Begin(holder);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _line.Count > 0 ? null : Take(ClassFor(bytesWanted), track);
        }
    }

    /// <summary>
    /// Puts a waiter in line; it is granted in order as blocks return, at once when there is room.
    /// </summary>
    /// <param name="bytesWanted">As of <see cref="TryRent"/>.</param>
    /// <param name="waiter">Gets the block.</param>
    /// <param name="holder">As of <see cref="TryRent"/>.</param>
    /// <exception cref="InvalidOperationException">The waiter stands in line already.</exception>
    public void Wait(int bytesWanted, IBlockWaiter waiter, string holder = "nobody in particular")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytesWanted);
        var track = _tracks?.Begin(holder);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _line.Join(waiter, ClassFor(bytesWanted), track);
        }
        GrantInLine();
    }

    /// <summary>
    /// Takes a waiter out of the line. False when it stands there no more: then its block was granted or is
    /// being granted on another thread, and the waiter returns it.
    /// </summary>
    public bool Cancel(IBlockWaiter waiter)
    {
        bool left;
        lock (_lock)
            left = _line.Leave(waiter);
        GrantInLine(); // the one that left may have held up the line
        return left;
    }

    /// <summary>
    /// Frees what is kept and forgets who waits; blocks still out are freed when they return.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _line.Clear();
            MakeRoom(BytesMax); // nothing kept leaves room for so much
        }
    }

    internal void TakeBack(Block block)
    {
        lock (_lock)
        {
            _bytesOut -= block.Capacity;
            _blocksOut--;
            _tracks?.Remove(block);
            if (_disposed)
            {
                block.Free();
                return;
            }
            block.NextIdle = _idle[block.SizeClass];
            _idle[block.SizeClass] = block;
            _bytesIdle += block.Capacity;
        }
        GrantInLine();
    }

    private int ClassFor(int bytesWanted) => Math.Min(SizeClasses.For(bytesWanted), _sizeClassMax);

    /// <summary>
    /// Serves the line from its head until the head cannot be served. One thread at a time does so, and a
    /// grant that leads to a return leaves the rest to the loop that called it: order is kept and the stack
    /// stays flat.
    /// </summary>
    private void GrantInLine()
    {
        while (TryNextGrant(out var waiter, out var block))
        {
            var handedOver = false;
            try
            {
                waiter.Granted(block);
                handedOver = true;
            }
            finally
            {
                lock (_lock) _granting = false;
                if (!handedOver)
                    GrantInLine(); // one that breaks its promise not to throw must not hold up the line
            }
        }
    }

    private bool TryNextGrant(out IBlockWaiter waiter, out Block block)
    {
        lock (_lock)
        {
            (waiter, block) = (null!, null!);
            if (_granting || !_line.TryPeek(out var first, out var sizeClass, out var track))
                return false;
            if (Take(sizeClass, track) is not { } taken)
                return false;
            _line.Leave(first);
            _granting = true;
            (waiter, block) = (first, taken);
            return true;
        }
    }

    private Block? Take(int sizeClass, BlockTracks.Track? track)
    {
        var bytes = SizeClasses.Bytes(sizeClass);
        if (_bytesOut + bytes > BytesMax)
            return null;
        var block = _idle[sizeClass];
        if (block is not null)
        {
            _idle[sizeClass] = block.NextIdle;
            block.NextIdle = null;
            _bytesIdle -= bytes;
        }
        else
        {
            MakeRoom(bytes);
            block = new Block(this, sizeClass);
        }
        _bytesOut += bytes;
        _blocksOut++;
        if (track is not null)
            _tracks!.Add(block, track);
        block.HandOut();
        return block;
    }

    /// <summary>Frees kept blocks, largest first, until so many bytes fit under the ceiling.</summary>
    private void MakeRoom(long bytes)
    {
        for (var sizeClass = SizeClasses.Count - 1; sizeClass >= 0; sizeClass--)
        {
            while (_bytesOut + _bytesIdle + bytes > BytesMax && _idle[sizeClass] is { } kept)
            {
                _idle[sizeClass] = kept.NextIdle;
                _bytesIdle -= kept.Capacity;
                kept.Free();
            }
        }
    }
}
