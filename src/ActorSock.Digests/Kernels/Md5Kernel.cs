using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ActorSock.Digests.Kernels;

/// <summary>Digests whole blocks of 64 bytes, one of each lane at a time (RFC 1321, section 3.4).</summary>
/// <remarks>The one text of the 64 steps. What a vector is, and how it rotates, is <typeparamref name="TLanes"/>'s.</remarks>
internal static unsafe class Md5Kernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    private const int BlockBytes = 64;

    /// <summary>Digests <paramref name="blocks"/> blocks of each lane.</summary>
    /// <param name="chain">The chaining values: A of all lanes, then B, C and D.</param>
    /// <param name="lanes">Where each lane's bytes begin; as many as the kernel has lanes.</param>
    /// <param name="blocks">Blocks of 64 bytes to digest of each lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Digest(uint* chain, byte** lanes, nint blocks)
    {
        // A vector that straddles two cache lines is read twice as slowly.
        var room = stackalloc byte[16 * sizeof(TVector) + 63];
        var scratch = (byte*)(((nuint)room + 63) & ~(nuint)63);

        var a = TLanes.Load(chain);
        var b = TLanes.Load(chain + TLanes.Count);
        var c = TLanes.Load(chain + 2 * TLanes.Count);
        var d = TLanes.Load(chain + 3 * TLanes.Count);

        for (nint offset = 0, end = blocks * BlockBytes; offset < end; offset += BlockBytes)
        {
            var words = TLanes.Gather(lanes, offset, scratch);
            var (a0, b0, c0, d0) = (a, b, c, d);

            a = F(a, b, c, d, words, 0, 0xd76aa478, 7);
            d = F(d, a, b, c, words, 1, 0xe8c7b756, 12);
            c = F(c, d, a, b, words, 2, 0x242070db, 17);
            b = F(b, c, d, a, words, 3, 0xc1bdceee, 22);
            a = F(a, b, c, d, words, 4, 0xf57c0faf, 7);
            d = F(d, a, b, c, words, 5, 0x4787c62a, 12);
            c = F(c, d, a, b, words, 6, 0xa8304613, 17);
            b = F(b, c, d, a, words, 7, 0xfd469501, 22);
            a = F(a, b, c, d, words, 8, 0x698098d8, 7);
            d = F(d, a, b, c, words, 9, 0x8b44f7af, 12);
            c = F(c, d, a, b, words, 10, 0xffff5bb1, 17);
            b = F(b, c, d, a, words, 11, 0x895cd7be, 22);
            a = F(a, b, c, d, words, 12, 0x6b901122, 7);
            d = F(d, a, b, c, words, 13, 0xfd987193, 12);
            c = F(c, d, a, b, words, 14, 0xa679438e, 17);
            b = F(b, c, d, a, words, 15, 0x49b40821, 22);

            a = G(a, b, c, d, words, 1, 0xf61e2562, 5);
            d = G(d, a, b, c, words, 6, 0xc040b340, 9);
            c = G(c, d, a, b, words, 11, 0x265e5a51, 14);
            b = G(b, c, d, a, words, 0, 0xe9b6c7aa, 20);
            a = G(a, b, c, d, words, 5, 0xd62f105d, 5);
            d = G(d, a, b, c, words, 10, 0x02441453, 9);
            c = G(c, d, a, b, words, 15, 0xd8a1e681, 14);
            b = G(b, c, d, a, words, 4, 0xe7d3fbc8, 20);
            a = G(a, b, c, d, words, 9, 0x21e1cde6, 5);
            d = G(d, a, b, c, words, 14, 0xc33707d6, 9);
            c = G(c, d, a, b, words, 3, 0xf4d50d87, 14);
            b = G(b, c, d, a, words, 8, 0x455a14ed, 20);
            a = G(a, b, c, d, words, 13, 0xa9e3e905, 5);
            d = G(d, a, b, c, words, 2, 0xfcefa3f8, 9);
            c = G(c, d, a, b, words, 7, 0x676f02d9, 14);
            b = G(b, c, d, a, words, 12, 0x8d2a4c8a, 20);

            a = H(a, b, c, d, words, 5, 0xfffa3942, 4);
            d = H(d, a, b, c, words, 8, 0x8771f681, 11);
            c = H(c, d, a, b, words, 11, 0x6d9d6122, 16);
            b = H(b, c, d, a, words, 14, 0xfde5380c, 23);
            a = H(a, b, c, d, words, 1, 0xa4beea44, 4);
            d = H(d, a, b, c, words, 4, 0x4bdecfa9, 11);
            c = H(c, d, a, b, words, 7, 0xf6bb4b60, 16);
            b = H(b, c, d, a, words, 10, 0xbebfbc70, 23);
            a = H(a, b, c, d, words, 13, 0x289b7ec6, 4);
            d = H(d, a, b, c, words, 0, 0xeaa127fa, 11);
            c = H(c, d, a, b, words, 3, 0xd4ef3085, 16);
            b = H(b, c, d, a, words, 6, 0x04881d05, 23);
            a = H(a, b, c, d, words, 9, 0xd9d4d039, 4);
            d = H(d, a, b, c, words, 12, 0xe6db99e5, 11);
            c = H(c, d, a, b, words, 15, 0x1fa27cf8, 16);
            b = H(b, c, d, a, words, 2, 0xc4ac5665, 23);

            a = I(a, b, c, d, words, 0, 0xf4292244, 6);
            d = I(d, a, b, c, words, 7, 0x432aff97, 10);
            c = I(c, d, a, b, words, 14, 0xab9423a7, 15);
            b = I(b, c, d, a, words, 5, 0xfc93a039, 21);
            a = I(a, b, c, d, words, 12, 0x655b59c3, 6);
            d = I(d, a, b, c, words, 3, 0x8f0ccc92, 10);
            c = I(c, d, a, b, words, 10, 0xffeff47d, 15);
            b = I(b, c, d, a, words, 1, 0x85845dd1, 21);
            a = I(a, b, c, d, words, 8, 0x6fa87e4f, 6);
            d = I(d, a, b, c, words, 15, 0xfe2ce6e0, 10);
            c = I(c, d, a, b, words, 6, 0xa3014314, 15);
            b = I(b, c, d, a, words, 13, 0x4e0811a1, 21);
            a = I(a, b, c, d, words, 4, 0xf7537e82, 6);
            d = I(d, a, b, c, words, 11, 0xbd3af235, 10);
            c = I(c, d, a, b, words, 2, 0x2ad7d2bb, 15);
            b = I(b, c, d, a, words, 9, 0xeb86d391, 21);

            a = TLanes.Add(a, a0);
            b = TLanes.Add(b, b0);
            c = TLanes.Add(c, c0);
            d = TLanes.Add(d, d0);
        }

        TLanes.Store(a, chain);
        TLanes.Store(b, chain + TLanes.Count);
        TLanes.Store(c, chain + 2 * TLanes.Count);
        TLanes.Store(d, chain + 3 * TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector F(
        TVector a, TVector b, TVector c, TVector d, byte* words, int index, [ConstantExpected] uint constant, [ConstantExpected] byte bits) =>
        TLanes.Add(b, TLanes.RotateLeft(TLanes.AddF(Sum(a, words, index, constant), b, c, d), bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector G(
        TVector a, TVector b, TVector c, TVector d, byte* words, int index, [ConstantExpected] uint constant, [ConstantExpected] byte bits) =>
        TLanes.Add(b, TLanes.RotateLeft(TLanes.AddG(Sum(a, words, index, constant), b, c, d), bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector H(
        TVector a, TVector b, TVector c, TVector d, byte* words, int index, [ConstantExpected] uint constant, [ConstantExpected] byte bits) =>
        TLanes.Add(b, TLanes.RotateLeft(TLanes.AddH(Sum(a, words, index, constant), b, c, d), bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector I(
        TVector a, TVector b, TVector c, TVector d, byte* words, int index, [ConstantExpected] uint constant, [ConstantExpected] byte bits) =>
        TLanes.Add(b, TLanes.RotateLeft(TLanes.AddI(Sum(a, words, index, constant), b, c, d), bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum(TVector a, byte* words, int index, uint constant) =>
        TLanes.Add(TLanes.Add(a, TLanes.Each(constant)), TLanes.Word(words, index));
}
