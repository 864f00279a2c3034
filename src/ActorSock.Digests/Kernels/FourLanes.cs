using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ActorSock.Digests.Kernels;

/// <summary>Four lanes in vectors of 128 bits: SSE2, Arm, and AVX-512's better instructions where there are any.</summary>
internal readonly unsafe struct FourLanes : ILanes<Vector128<uint>>
{
    public static bool IsSupported => Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian;

    public static int Count => 4;

    public static byte* Gather(byte** lanes, nint offset, byte* scratch)
    {
        for (var quarter = 0; quarter < 4; quarter++)
        {
            var at = offset + 16 * quarter;
            var r0 = Vector128.Load((uint*)(lanes[0] + at));
            var r1 = Vector128.Load((uint*)(lanes[1] + at));
            var r2 = Vector128.Load((uint*)(lanes[2] + at));
            var r3 = Vector128.Load((uint*)(lanes[3] + at));

            var low01 = ZipLow(r0, r1).AsUInt64();
            var high01 = ZipHigh(r0, r1).AsUInt64();
            var low23 = ZipLow(r2, r3).AsUInt64();
            var high23 = ZipHigh(r2, r3).AsUInt64();

            var words = (ulong*)(scratch + 4 * 16 * quarter);
            ZipLow(low01, low23).StoreAligned(words);
            ZipHigh(low01, low23).StoreAligned(words + 2);
            ZipLow(high01, high23).StoreAligned(words + 4);
            ZipHigh(high01, high23).StoreAligned(words + 6);
        }

        return scratch;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ZipLow(Vector128<uint> x, Vector128<uint> y) =>
        Sse2.IsSupported ? Sse2.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y)
        : Vector128.Create(x[0], y[0], x[1], y[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ZipHigh(Vector128<uint> x, Vector128<uint> y) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y)
        : Vector128.Create(x[2], y[2], x[3], y[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> ZipLow(Vector128<ulong> x, Vector128<ulong> y) =>
        Vector128.Create(x.GetLower(), y.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> ZipHigh(Vector128<ulong> x, Vector128<ulong> y) =>
        Vector128.Create(x.GetUpper(), y.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Word(byte* words, int index) =>
        Vector128.LoadAligned((uint*)words + 4 * index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Each(uint value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Load(uint* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<uint> value, uint* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add(Vector128<uint> x, Vector128<uint> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateLeft(Vector128<uint> value, [ConstantExpected] byte bits) => Avx512F.VL.IsSupported
        ? Avx512F.VL.RotateLeft(value, bits)
        : (value << bits) | (value >>> (32 - bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddF(Vector128<uint> sum, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d) =>
        Avx512F.VL.IsSupported ? sum + Avx512F.VL.TernaryLogic(b, c, d, Ternary.Choose) : sum + (((c ^ d) & b) ^ d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddG(Vector128<uint> sum, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d) =>
        Avx512F.VL.IsSupported ? sum + Avx512F.VL.TernaryLogic(d, b, c, Ternary.Choose) : sum + (~d & c) + (d & b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddH(Vector128<uint> sum, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d) =>
        Avx512F.VL.IsSupported ? sum + Avx512F.VL.TernaryLogic(b, c, d, Ternary.Xor) : sum + (c ^ d ^ b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddI(Vector128<uint> sum, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d) =>
        Avx512F.VL.IsSupported ? sum + Avx512F.VL.TernaryLogic(b, c, d, Ternary.XorOrNot) : sum + ((~d | b) ^ c);
}
