using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector256<uint>;

namespace ActorSock.Digests.Kernels;

/// <summary>Eight lanes in vectors of 256 bits: AVX2, and AVX-512's better instructions where there are
/// any.</summary>
internal readonly unsafe struct EightLanes : ILanes<V>
{
    public static bool IsSupported => Avx2.IsSupported && BitConverter.IsLittleEndian;

    public static int Count => 8;

    public static int WordBytes => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Gather(byte** lanes, nint offset, byte* scratch)
    {
        GatherQuarter(lanes, offset, (ulong*)scratch);
        GatherQuarter(lanes, offset + 16, (ulong*)(scratch + 4 * sizeof(V)));
        GatherQuarter(lanes, offset + 32, (ulong*)(scratch + 8 * sizeof(V)));
        GatherQuarter(lanes, offset + 48, (ulong*)(scratch + 12 * sizeof(V)));
        return scratch;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(uint* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V value, uint* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add(V x, V y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sum(V a, byte* words, int word, uint* sines, int sine) =>
        a + Vector256.Create(sines[sine]) + Vector256.LoadAligned((uint*)words + 8 * word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V F(V sum, V b, V c, V d, [ConstantExpected] byte bits) => b + (Avx512F.VL.IsSupported
        ? Avx512F.VL.RotateLeft(sum + Avx512F.VL.TernaryLogic(b, c, d, Ternary.Choose), bits)
        : Rotate(sum + (((c ^ d) & b) ^ d), bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V G(V sum, V b, V c, V d, [ConstantExpected] byte bits) => b + (Avx512F.VL.IsSupported
        ? Avx512F.VL.RotateLeft(sum + Avx512F.VL.TernaryLogic(d, b, c, Ternary.Choose), bits)
        : Rotate(sum + (~d & c) + (d & b), bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V H(V sum, V b, V c, V d, [ConstantExpected] byte bits) => b + (Avx512F.VL.IsSupported
        ? Avx512F.VL.RotateLeft(sum + Avx512F.VL.TernaryLogic(b, c, d, Ternary.Xor), bits)
        : Rotate(sum + (c ^ d ^ b), bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V I(V sum, V b, V c, V d, [ConstantExpected] byte bits) => b + (Avx512F.VL.IsSupported
        ? Avx512F.VL.RotateLeft(sum + Avx512F.VL.TernaryLogic(b, c, d, Ternary.XorOrNot), bits)
        : Rotate(sum + ((~d | b) ^ c), bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Rotate(V value, [ConstantExpected] byte bits) =>
        (value << bits) | (value >>> (32 - bits));

    /// <summary>Transposes words 0 to 3 of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GatherQuarter(byte** lanes, nint offset, ulong* words)
    {
        var p0 = Pair(lanes[0] + offset, lanes[4] + offset);
        var p1 = Pair(lanes[1] + offset, lanes[5] + offset);
        var p2 = Pair(lanes[2] + offset, lanes[6] + offset);
        var p3 = Pair(lanes[3] + offset, lanes[7] + offset);

        var low01 = Avx2.UnpackLow(p0, p1).AsUInt64();
        var high01 = Avx2.UnpackHigh(p0, p1).AsUInt64();
        var low23 = Avx2.UnpackLow(p2, p3).AsUInt64();
        var high23 = Avx2.UnpackHigh(p2, p3).AsUInt64();

        Avx2.UnpackLow(low01, low23).StoreAligned(words);
        Avx2.UnpackHigh(low01, low23).StoreAligned(words + 4);
        Avx2.UnpackLow(high01, high23).StoreAligned(words + 8);
        Avx2.UnpackHigh(high01, high23).StoreAligned(words + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Pair(byte* lower, byte* upper) =>
        Vector256.Create(Vector128.Load((uint*)lower), Vector128.Load((uint*)upper));
}
