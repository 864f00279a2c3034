using System.Buffers;
using ActorSock.Digests.Kernels;

namespace ActorSock.Digests;

/// <summary>Digests many streams at once: the same instructions work on a block of each.</summary>
/// <remarks>
/// One stream's MD5 leaves most of a core idle, since each of its steps waits for the one before; many
/// streams together do not. Not thread-safe: one instance for each thread. Holds nothing that must be
/// disposed of, and no stream or memory after a call.
/// </remarks>
public sealed unsafe class Md5Lanes
{
    private readonly KernelChoice[] _kernels;
    private Work[] _work = new Work[KernelChoice.LanesMax];

    /// <summary>Uses the widest kernels of this processor.</summary>
    public Md5Lanes() : this(Widest)
    {
    }

    /// <summary>Uses no wider kernels than these.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="widest"/> is no width.</exception>
    /// <exception cref="PlatformNotSupportedException"><paramref name="widest"/> is more than this
    /// processor's <see cref="Widest"/>.</exception>
    public Md5Lanes(Md5Width widest)
    {
        if (!Enum.IsDefined(widest))
            throw new ArgumentOutOfRangeException(nameof(widest), widest, "there are 1, 4, 8 and 16 lanes");
        if (widest > Widest)
            throw new PlatformNotSupportedException(
                $"this processor digests {(int)Widest} lanes at once, not {(int)widest}");
        _kernels = KernelChoice.UpTo(widest);
    }

    /// <summary>The widest kernel that this processor has instructions for.</summary>
    public static Md5Width Widest =>
        SixteenLanes.IsSupported ? Md5Width.Sixteen
        : EightLanes.IsSupported ? Md5Width.Eight
        : FourLanes.IsSupported ? Md5Width.Four
        : Md5Width.One;

    /// <summary>Appends to each lane's stream its bytes.</summary>
    /// <param name="lanes">Any number of lanes, with any number of bytes each.</param>
    /// <remarks>When it returns, every byte of every lane is digested. Nothing is digested when it
    /// throws.</remarks>
    /// <exception cref="ArgumentException">A lane has no stream, or two lanes have the same, or a stream is
    /// in a lane of another call that has not returned.</exception>
    /// <exception cref="OverflowException">A stream would be longer than 2^63 - 1 bytes.</exception>
    public void Append(ReadOnlySpan<Md5Lane> lanes)
    {
        if (_work.Length < lanes.Length) _work = new Work[Math.Max(lanes.Length, 2 * _work.Length)];
        var taken = 0;
        try
        {
            while (taken < lanes.Length)
            {
                var lane = lanes[taken];
                if (lane.Stream is null)
                    throw new ArgumentException($"lane {taken} has no stream", nameof(lanes));
                if (lane.Stream.InLane)
                    throw new ArgumentException($"the stream of lane {taken} is in a lane already", nameof(lanes));
                _ = checked(lane.Stream.BytesCount + lane.Bytes.Length);
                _work[taken] = new Work(lane.Stream, lane.Bytes);
                lane.Stream.InLane = true;
                taken++;
            }

            var work = _work.AsSpan(0, taken);
            foreach (ref var lane in work) lane.AppendEnds();
            work.Sort(static (x, y) => y.Blocks.CompareTo(x.Blocks));
            DigestBlocks(work);
        }
        finally
        {
            foreach (ref var lane in _work.AsSpan(0, taken)) lane.Release();
        }
    }

    /// <summary>Keeps the widest kernel full: whoever is done makes room for the next, the longest
    /// first.</summary>
    private void DigestBlocks(Span<Work> work)
    {
        var chain = stackalloc uint[4 * KernelChoice.LanesMax];
        var starts = stackalloc byte*[KernelChoice.LanesMax];
        Span<int> active = stackalloc int[_kernels[^1].Lanes];
        var (count, next) = (0, 0);

        while (true)
        {
            while (count < active.Length && next < work.Length && work[next].Blocks > 0)
                active[count++] = next++;
            if (count == 0) return;

            var kernel = KernelFor(count);
            var blocks = nint.MaxValue;
            for (var i = 0; i < kernel.Lanes; i++)
            {
                // A lane that nobody needs digests the first one's bytes again: they are in the cache.
                ref var lane = ref work[active[i < count ? i : 0]];
                starts[i] = lane.Next;
                blocks = Math.Min(blocks, lane.Blocks);
                var value = lane.Stream.ChainingValue;
                chain[i] = value.A;
                chain[i + kernel.Lanes] = value.B;
                chain[i + 2 * kernel.Lanes] = value.C;
                chain[i + 3 * kernel.Lanes] = value.D;
            }

            kernel.Digest(chain, starts, blocks);

            var left = 0;
            for (var i = 0; i < count; i++)
            {
                ref var lane = ref work[active[i]];
                lane.Stream.ChainingValue = new Chain(
                    chain[i],
                    chain[i + kernel.Lanes],
                    chain[i + 2 * kernel.Lanes],
                    chain[i + 3 * kernel.Lanes]);
                lane.Advance(blocks);
                if (lane.Blocks > 0) active[left++] = active[i];
            }

            count = left;
        }
    }

    private KernelChoice KernelFor(int lanes)
    {
        foreach (var kernel in _kernels)
            if (kernel.Lanes >= lanes) return kernel;
        return _kernels[^1];
    }

    /// <summary>What is to be done in one lane.</summary>
    private struct Work(Md5Stream stream, ReadOnlyMemory<byte> bytes)
    {
        private readonly int _count = bytes.Length;
        private MemoryHandle _pin = bytes.Pin();

        public Md5Stream Stream { get; } = stream;

        /// <summary>The first byte of the next whole block.</summary>
        public byte* Next { get; private set; }

        public nint Blocks { get; private set; }

        public void AppendEnds()
        {
            var start = (byte*)_pin.Pointer;
            (var skip, Blocks) = Stream.AppendEnds(start, _count);
            Next = start + skip;
        }

        public void Advance(nint blocks)
        {
            Next += blocks * Md5Stream.BlockBytes;
            Blocks -= blocks;
        }

        public void Release()
        {
            Stream.InLane = false;
            _pin.Dispose();
            this = default;
        }
    }
}
