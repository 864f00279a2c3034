using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<uint>;

namespace ActorSock.Digests.Kernels;

/// <summary>Sixteen lanes in AVX-512's vectors of 512 bits.</summary>
internal readonly unsafe struct SixteenLanes : ILanes<V>
{
    /// <remarks>The processor itself looks ahead within a page, and begins anew at the next one: for every lane, each 64 lines.</remarks>
    private const int AheadBytes = 256;

    public static bool IsSupported => Avx512F.IsSupported && BitConverter.IsLittleEndian;

    public static int Count => 16;

    public static int WordBytes => 64;

    /// <remarks>Each cache line is read once: sixteen lanes whose blocks begin at the same place of a page
    /// compete for the same set of a cache, which holds fewer lines than that.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Gather(byte** lanes, nint offset, byte* scratch)
    {
        GatherFour(lanes, offset, out var a0, out var a1, out var a2, out var a3);
        GatherFour(lanes + 4, offset, out var b0, out var b1, out var b2, out var b3);
        GatherFour(lanes + 8, offset, out var c0, out var c1, out var c2, out var c3);
        GatherFour(lanes + 12, offset, out var d0, out var d1, out var d2, out var d3);
        Spread(a0, b0, c0, d0, (uint*)scratch);
        Spread(a1, b1, c1, d1, (uint*)scratch + 16);
        Spread(a2, b2, c2, d2, (uint*)scratch + 32);
        Spread(a3, b3, c3, d3, (uint*)scratch + 48);
        return scratch;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(uint* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V value, uint* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add(V x, V y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sum(V a, byte* words, int word, uint* sines, int sine) =>
        a + Vector512.Create(sines[sine]) + Vector512.LoadAligned((uint*)words + 16 * word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V F(V sum, V b, V c, V d, [ConstantExpected] byte bits) =>
        b + Avx512F.RotateLeft(sum + Avx512F.TernaryLogic(b, c, d, Ternary.Choose), bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V G(V sum, V b, V c, V d, [ConstantExpected] byte bits) =>
        b + Avx512F.RotateLeft(sum + Avx512F.TernaryLogic(d, b, c, Ternary.Choose), bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V H(V sum, V b, V c, V d, [ConstantExpected] byte bits) =>
        b + Avx512F.RotateLeft(sum + Avx512F.TernaryLogic(b, c, d, Ternary.Xor), bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V I(V sum, V b, V c, V d, [ConstantExpected] byte bits) =>
        b + Avx512F.RotateLeft(sum + Avx512F.TernaryLogic(b, c, d, Ternary.XorOrNot), bits);

    /// <summary>Transposes the words of four lanes, four by four: quarter q of result n has word 4q + n of
    /// each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GatherFour(byte** lanes, nint offset, out V r0, out V r1, out V r2, out V r3)
    {
        var l0 = Line(lanes[0] + offset);
        var l1 = Line(lanes[1] + offset);
        var l2 = Line(lanes[2] + offset);
        var l3 = Line(lanes[3] + offset);
        var low01 = Avx512F.UnpackLow(l0, l1).AsUInt64();
        var high01 = Avx512F.UnpackHigh(l0, l1).AsUInt64();
        var low23 = Avx512F.UnpackLow(l2, l3).AsUInt64();
        var high23 = Avx512F.UnpackHigh(l2, l3).AsUInt64();
        r0 = Avx512F.UnpackLow(low01, low23).AsUInt32();
        r1 = Avx512F.UnpackHigh(low01, low23).AsUInt32();
        r2 = Avx512F.UnpackLow(high01, high23).AsUInt32();
        r3 = Avx512F.UnpackHigh(high01, high23).AsUInt32();
    }

    /// <summary>A line of the cache, and word that another one will be wanted soon; there need be none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Line(byte* from)
    {
        Sse.Prefetch0(from + AheadBytes);
        return Vector512.Load((uint*)from);
    }

    /// <summary>Puts the same quarters of four results together, and stores them as words n, n + 4, n + 8 and
    /// n + 12.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(V a, V b, V c, V d, uint* words)
    {
        var ab02 = Avx512F.Shuffle4x128(a, b, 0x88);
        var cd02 = Avx512F.Shuffle4x128(c, d, 0x88);
        var ab13 = Avx512F.Shuffle4x128(a, b, 0xDD);
        var cd13 = Avx512F.Shuffle4x128(c, d, 0xDD);
        Avx512F.Shuffle4x128(ab02, cd02, 0x88).StoreAligned(words);
        Avx512F.Shuffle4x128(ab13, cd13, 0x88).StoreAligned(words + 4 * 16);
        Avx512F.Shuffle4x128(ab02, cd02, 0xDD).StoreAligned(words + 8 * 16);
        Avx512F.Shuffle4x128(ab13, cd13, 0xDD).StoreAligned(words + 12 * 16);
    }
}
