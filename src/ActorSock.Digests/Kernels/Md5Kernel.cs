using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorSock.Digests.Kernels;

/// <summary>Digests whole blocks of 64 bytes, one of each lane at a time (RFC 1321, section 3.4).</summary>
/// <typeparam name="TLanes">What a vector is, and how MD5's steps are done with it.</typeparam>
/// <typeparam name="TVector">32 bits of each lane.</typeparam>
/// <typeparam name="TGroups"><see cref="OneGroup"/>, or <see cref="TwoGroups"/> for twice the lanes: the
/// steps of two vectors alternate, so that one works while the other waits for its last step.</typeparam>
/// <remarks>
/// The one text of the steps. Each round is a loop of two halves, because the JIT stops inlining in a method
/// of more than some 500 locals. The second half of any round uses the words that are 8 further, modulo 16,
/// than those of the first: low and high change places.
/// </remarks>
internal static unsafe class Md5Kernel<TLanes, TVector, TGroups>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
    where TGroups : unmanaged
{
    private const int BlockBytes = 64;

    /// <summary>Lanes of this kernel.</summary>
    public static int Lanes => sizeof(TGroups) * TLanes.Count;

    /// <summary>floor(2^32 * abs(sin(i + 1))), radians.</summary>
    private static ReadOnlySpan<uint> Sines =>
    [
        0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
        0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
        0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
        0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
        0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
        0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
        0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
        0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
    ];

    /// <summary>Digests <paramref name="blocks"/> blocks of each lane.</summary>
    /// <param name="chain">The chaining values: A of all lanes, then B, C and D.</param>
    /// <param name="lanes">Where each lane's bytes begin; as many as the kernel has lanes.</param>
    /// <param name="blocks">Blocks of 64 bytes to digest of each lane, at least one.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Digest(uint* chain, byte** lanes, nint blocks)
    {
        // A second group's words, 16 to 31, lie behind the first one's.
        var wordsBytes = sizeof(TGroups) * 16 * TLanes.WordBytes;
        // A vector that straddles two cache lines is read twice as slowly.
        var room = stackalloc byte[2 * wordsBytes + 63];
        var scratch = (byte*)(((nuint)room + 63) & ~(nuint)63);
        var spare = scratch + wordsBytes;
        // The data of a span over constants lie in the image and do not move.
        var allSines = (uint*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Sines));

        var lanesCount = sizeof(TGroups) * TLanes.Count;
        var a = TLanes.Load(chain);
        var b = TLanes.Load(chain + 1 * lanesCount);
        var c = TLanes.Load(chain + 2 * lanesCount);
        var d = TLanes.Load(chain + 3 * lanesCount);
        TVector e = default, f = default, g = default, h = default;
        if (sizeof(TGroups) == 2)
        {
            e = TLanes.Load(chain + TLanes.Count);
            f = TLanes.Load(chain + 1 * lanesCount + TLanes.Count);
            g = TLanes.Load(chain + 2 * lanesCount + TLanes.Count);
            h = TLanes.Load(chain + 3 * lanesCount + TLanes.Count);
        }

        var words = GatherFirst(lanes, scratch);
        for (nint offset = 0, last = (blocks - 1) * BlockBytes; offset <= last; offset += BlockBytes)
        {
            var (a0, b0, c0, d0) = (a, b, c, d);
            var (e0, f0, g0, h0) = (e, f, g, h);
            var sines = allSines;
            var low = words;
            var high = words + 8 * TLanes.WordBytes;

            for (var half = 0; half < 2; half++)
            {
                a = TLanes.F(TLanes.Sum(a, low, 0, sines, 0), b, c, d, 7);
                if (sizeof(TGroups) == 2) e = TLanes.F(TLanes.Sum(e, low, 16 + 0, sines, 0), f, g, h, 7);
                d = TLanes.F(TLanes.Sum(d, low, 1, sines, 1), a, b, c, 12);
                if (sizeof(TGroups) == 2) h = TLanes.F(TLanes.Sum(h, low, 16 + 1, sines, 1), e, f, g, 12);
                c = TLanes.F(TLanes.Sum(c, low, 2, sines, 2), d, a, b, 17);
                if (sizeof(TGroups) == 2) g = TLanes.F(TLanes.Sum(g, low, 16 + 2, sines, 2), h, e, f, 17);
                b = TLanes.F(TLanes.Sum(b, low, 3, sines, 3), c, d, a, 22);
                if (sizeof(TGroups) == 2) f = TLanes.F(TLanes.Sum(f, low, 16 + 3, sines, 3), g, h, e, 22);
                a = TLanes.F(TLanes.Sum(a, low, 4, sines, 4), b, c, d, 7);
                if (sizeof(TGroups) == 2) e = TLanes.F(TLanes.Sum(e, low, 16 + 4, sines, 4), f, g, h, 7);
                d = TLanes.F(TLanes.Sum(d, low, 5, sines, 5), a, b, c, 12);
                if (sizeof(TGroups) == 2) h = TLanes.F(TLanes.Sum(h, low, 16 + 5, sines, 5), e, f, g, 12);
                c = TLanes.F(TLanes.Sum(c, low, 6, sines, 6), d, a, b, 17);
                if (sizeof(TGroups) == 2) g = TLanes.F(TLanes.Sum(g, low, 16 + 6, sines, 6), h, e, f, 17);
                b = TLanes.F(TLanes.Sum(b, low, 7, sines, 7), c, d, a, 22);
                if (sizeof(TGroups) == 2) f = TLanes.F(TLanes.Sum(f, low, 16 + 7, sines, 7), g, h, e, 22);

                sines += 8;
                var swap = low;
                low = high;
                high = swap;
            }

            for (var half = 0; half < 2; half++)
            {
                a = TLanes.G(TLanes.Sum(a, low, 1, sines, 0), b, c, d, 5);
                if (sizeof(TGroups) == 2) e = TLanes.G(TLanes.Sum(e, low, 16 + 1, sines, 0), f, g, h, 5);
                d = TLanes.G(TLanes.Sum(d, low, 6, sines, 1), a, b, c, 9);
                if (sizeof(TGroups) == 2) h = TLanes.G(TLanes.Sum(h, low, 16 + 6, sines, 1), e, f, g, 9);
                c = TLanes.G(TLanes.Sum(c, high, 3, sines, 2), d, a, b, 14);
                if (sizeof(TGroups) == 2) g = TLanes.G(TLanes.Sum(g, high, 16 + 3, sines, 2), h, e, f, 14);
                b = TLanes.G(TLanes.Sum(b, low, 0, sines, 3), c, d, a, 20);
                if (sizeof(TGroups) == 2) f = TLanes.G(TLanes.Sum(f, low, 16 + 0, sines, 3), g, h, e, 20);
                a = TLanes.G(TLanes.Sum(a, low, 5, sines, 4), b, c, d, 5);
                if (sizeof(TGroups) == 2) e = TLanes.G(TLanes.Sum(e, low, 16 + 5, sines, 4), f, g, h, 5);
                d = TLanes.G(TLanes.Sum(d, high, 2, sines, 5), a, b, c, 9);
                if (sizeof(TGroups) == 2) h = TLanes.G(TLanes.Sum(h, high, 16 + 2, sines, 5), e, f, g, 9);
                c = TLanes.G(TLanes.Sum(c, high, 7, sines, 6), d, a, b, 14);
                if (sizeof(TGroups) == 2) g = TLanes.G(TLanes.Sum(g, high, 16 + 7, sines, 6), h, e, f, 14);
                b = TLanes.G(TLanes.Sum(b, low, 4, sines, 7), c, d, a, 20);
                if (sizeof(TGroups) == 2) f = TLanes.G(TLanes.Sum(f, low, 16 + 4, sines, 7), g, h, e, 20);

                sines += 8;
                var swap = low;
                low = high;
                high = swap;
            }

            // The next block's words are put in order here, where the steps leave the processor time for it.
            var next = Gather(lanes, Math.Min(offset + BlockBytes, last), spare);

            for (var half = 0; half < 2; half++)
            {
                a = TLanes.H(TLanes.Sum(a, low, 5, sines, 0), b, c, d, 4);
                if (sizeof(TGroups) == 2) e = TLanes.H(TLanes.Sum(e, low, 16 + 5, sines, 0), f, g, h, 4);
                d = TLanes.H(TLanes.Sum(d, high, 0, sines, 1), a, b, c, 11);
                if (sizeof(TGroups) == 2) h = TLanes.H(TLanes.Sum(h, high, 16 + 0, sines, 1), e, f, g, 11);
                c = TLanes.H(TLanes.Sum(c, high, 3, sines, 2), d, a, b, 16);
                if (sizeof(TGroups) == 2) g = TLanes.H(TLanes.Sum(g, high, 16 + 3, sines, 2), h, e, f, 16);
                b = TLanes.H(TLanes.Sum(b, high, 6, sines, 3), c, d, a, 23);
                if (sizeof(TGroups) == 2) f = TLanes.H(TLanes.Sum(f, high, 16 + 6, sines, 3), g, h, e, 23);
                a = TLanes.H(TLanes.Sum(a, low, 1, sines, 4), b, c, d, 4);
                if (sizeof(TGroups) == 2) e = TLanes.H(TLanes.Sum(e, low, 16 + 1, sines, 4), f, g, h, 4);
                d = TLanes.H(TLanes.Sum(d, low, 4, sines, 5), a, b, c, 11);
                if (sizeof(TGroups) == 2) h = TLanes.H(TLanes.Sum(h, low, 16 + 4, sines, 5), e, f, g, 11);
                c = TLanes.H(TLanes.Sum(c, low, 7, sines, 6), d, a, b, 16);
                if (sizeof(TGroups) == 2) g = TLanes.H(TLanes.Sum(g, low, 16 + 7, sines, 6), h, e, f, 16);
                b = TLanes.H(TLanes.Sum(b, high, 2, sines, 7), c, d, a, 23);
                if (sizeof(TGroups) == 2) f = TLanes.H(TLanes.Sum(f, high, 16 + 2, sines, 7), g, h, e, 23);

                sines += 8;
                var swap = low;
                low = high;
                high = swap;
            }

            for (var half = 0; half < 2; half++)
            {
                a = TLanes.I(TLanes.Sum(a, low, 0, sines, 0), b, c, d, 6);
                if (sizeof(TGroups) == 2) e = TLanes.I(TLanes.Sum(e, low, 16 + 0, sines, 0), f, g, h, 6);
                d = TLanes.I(TLanes.Sum(d, low, 7, sines, 1), a, b, c, 10);
                if (sizeof(TGroups) == 2) h = TLanes.I(TLanes.Sum(h, low, 16 + 7, sines, 1), e, f, g, 10);
                c = TLanes.I(TLanes.Sum(c, high, 6, sines, 2), d, a, b, 15);
                if (sizeof(TGroups) == 2) g = TLanes.I(TLanes.Sum(g, high, 16 + 6, sines, 2), h, e, f, 15);
                b = TLanes.I(TLanes.Sum(b, low, 5, sines, 3), c, d, a, 21);
                if (sizeof(TGroups) == 2) f = TLanes.I(TLanes.Sum(f, low, 16 + 5, sines, 3), g, h, e, 21);
                a = TLanes.I(TLanes.Sum(a, high, 4, sines, 4), b, c, d, 6);
                if (sizeof(TGroups) == 2) e = TLanes.I(TLanes.Sum(e, high, 16 + 4, sines, 4), f, g, h, 6);
                d = TLanes.I(TLanes.Sum(d, low, 3, sines, 5), a, b, c, 10);
                if (sizeof(TGroups) == 2) h = TLanes.I(TLanes.Sum(h, low, 16 + 3, sines, 5), e, f, g, 10);
                c = TLanes.I(TLanes.Sum(c, high, 2, sines, 6), d, a, b, 15);
                if (sizeof(TGroups) == 2) g = TLanes.I(TLanes.Sum(g, high, 16 + 2, sines, 6), h, e, f, 15);
                b = TLanes.I(TLanes.Sum(b, low, 1, sines, 7), c, d, a, 21);
                if (sizeof(TGroups) == 2) f = TLanes.I(TLanes.Sum(f, low, 16 + 1, sines, 7), g, h, e, 21);

                sines += 8;
                var swap = low;
                low = high;
                high = swap;
            }

            a = TLanes.Add(a, a0);
            b = TLanes.Add(b, b0);
            c = TLanes.Add(c, c0);
            d = TLanes.Add(d, d0);
            if (sizeof(TGroups) == 2)
            {
                e = TLanes.Add(e, e0);
                f = TLanes.Add(f, f0);
                g = TLanes.Add(g, g0);
                h = TLanes.Add(h, h0);
            }

            spare = words;
            words = next;
        }

        TLanes.Store(a, chain);
        TLanes.Store(b, chain + 1 * lanesCount);
        TLanes.Store(c, chain + 2 * lanesCount);
        TLanes.Store(d, chain + 3 * lanesCount);
        if (sizeof(TGroups) == 2)
        {
            TLanes.Store(e, chain + TLanes.Count);
            TLanes.Store(f, chain + 1 * lanesCount + TLanes.Count);
            TLanes.Store(g, chain + 2 * lanesCount + TLanes.Count);
            TLanes.Store(h, chain + 3 * lanesCount + TLanes.Count);
        }
    }

    /// <summary>Not inlined: its caller's locals are numbered.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static byte* GatherFirst(byte** lanes, byte* scratch) => Gather(lanes, 0, scratch);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Gather(byte** lanes, nint offset, byte* scratch)
    {
        if (sizeof(TGroups) == 2)
            TLanes.Gather(lanes + TLanes.Count, offset, scratch + 16 * TLanes.WordBytes);
        return TLanes.Gather(lanes, offset, scratch);
    }
}
