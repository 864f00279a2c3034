using System.Diagnostics.CodeAnalysis;

namespace ActorSock.Blocks;

/// <summary>Carries bytes of a body from the socket to the disk in memory that belongs to a pool.</summary>
/// <remarks>
/// The memory is native, starts on a 4 KiB boundary and holds whatever its last user left. Who holds the
/// block returns it, exactly once, and touches neither it nor its <see cref="Memory"/> afterwards.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The pool frees the memory; holders return the block.")]
internal sealed class Block
{
    private readonly BlockPool _pool;
    private readonly AlignedMemory _native;
    private readonly Memory<byte> _memory;
    private int _out; // 1 while somebody holds it
    private int _length;

    internal Block(BlockPool pool, int sizeClass)
    {
        _pool = pool;
        SizeClass = sizeClass;
        Capacity = SizeClasses.Bytes(sizeClass);
        _native = new AlignedMemory(Capacity);
        _memory = _native.Memory;
    }

    /// <summary>All of the block, filled or not.</summary>
    /// <exception cref="InvalidOperationException">It was returned.</exception>
    public Memory<byte> Memory => _out == 1
        ? _memory
        : throw new InvalidOperationException("a block was used after its return: its bytes are another's");

    /// <summary>Where the memory starts, for calls that take a pointer.</summary>
    public nint Address => _native.Address;

    public int Capacity { get; }

    /// <summary>Filled bytes, counted from the start; 0 in a block just rented.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or beyond <see cref="Capacity"/>.</exception>
    public int Length
    {
        get => _length;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, (uint)Capacity, nameof(value));
            _length = value;
        }
    }

    /// <summary>The filled bytes, to be read.</summary>
    public ReadOnlyMemory<byte> Filled => Memory[.._length];

    /// <summary>What is still empty, to be read into.</summary>
    public Memory<byte> Empty => Memory[_length..];

    internal int SizeClass { get; }

    /// <summary>How many work on it inside a window; the window's own.</summary>
    internal int Users { get; set; }

    /// <summary>The next idle block of the same class; the pool's own.</summary>
    internal Block? NextIdle { get; set; }

    /// <summary>Gives the block back to its pool, which may grant it at once to the next in line.</summary>
    /// <exception cref="InvalidOperationException">It was returned before.</exception>
    public void Return()
    {
        if (Interlocked.Exchange(ref _out, 0) == 0)
            throw new InvalidOperationException("a block was returned twice: its holder returns it, once");
        _pool.TakeBack(this);
    }

    internal void HandOut()
    {
        _length = 0;
        Users = 0;
        Volatile.Write(ref _out, 1);
    }

    internal void Free() => _native.Free();
}
