using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorSock.Digests.Kernels;

/// <summary>Eight lanes in vectors of 256 bits: AVX2, and AVX-512's better instructions where there are any.</summary>
internal readonly unsafe struct EightLanes : ILanes<Vector256<uint>>
{
    public static bool IsSupported => Avx2.IsSupported && BitConverter.IsLittleEndian;

    public static int Count => 8;

    public static byte* Gather(byte** lanes, nint offset, byte* scratch)
    {
        for (var quarter = 0; quarter < 4; quarter++)
        {
            var at = offset + 16 * quarter;
            var p0 = Pair(lanes[0] + at, lanes[4] + at);
            var p1 = Pair(lanes[1] + at, lanes[5] + at);
            var p2 = Pair(lanes[2] + at, lanes[6] + at);
            var p3 = Pair(lanes[3] + at, lanes[7] + at);

            var low01 = Avx2.UnpackLow(p0, p1).AsUInt64();
            var high01 = Avx2.UnpackHigh(p0, p1).AsUInt64();
            var low23 = Avx2.UnpackLow(p2, p3).AsUInt64();
            var high23 = Avx2.UnpackHigh(p2, p3).AsUInt64();

            var words = (ulong*)(scratch + 4 * 32 * quarter);
            Avx2.UnpackLow(low01, low23).StoreAligned(words);
            Avx2.UnpackHigh(low01, low23).StoreAligned(words + 4);
            Avx2.UnpackLow(high01, high23).StoreAligned(words + 8);
            Avx2.UnpackHigh(high01, high23).StoreAligned(words + 12);
        }

        return scratch;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Pair(byte* lower, byte* upper) =>
        Vector256.Create(Vector128.Load((uint*)lower), Vector128.Load((uint*)upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Word(byte* words, int index) =>
        Vector256.LoadAligned((uint*)words + 8 * index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Each(uint value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Load(uint* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<uint> value, uint* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Add(Vector256<uint> x, Vector256<uint> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateLeft(Vector256<uint> value, [ConstantExpected] byte bits) => Avx512F.VL.IsSupported
        ? Avx512F.VL.RotateLeft(value, bits)
        : (value << bits) | (value >>> (32 - bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> AddF(Vector256<uint> sum, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d) =>
        Avx512F.VL.IsSupported ? sum + Avx512F.VL.TernaryLogic(b, c, d, Ternary.Choose) : sum + (((c ^ d) & b) ^ d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> AddG(Vector256<uint> sum, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d) =>
        Avx512F.VL.IsSupported ? sum + Avx512F.VL.TernaryLogic(d, b, c, Ternary.Choose) : sum + (~d & c) + (d & b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> AddH(Vector256<uint> sum, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d) =>
        Avx512F.VL.IsSupported ? sum + Avx512F.VL.TernaryLogic(b, c, d, Ternary.Xor) : sum + (c ^ d ^ b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> AddI(Vector256<uint> sum, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d) =>
        Avx512F.VL.IsSupported ? sum + Avx512F.VL.TernaryLogic(b, c, d, Ternary.XorOrNot) : sum + ((~d | b) ^ c);
}
