using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector128<uint>;

namespace ActorSock.Digests.Kernels;

/// <summary>Four lanes in vectors of 128 bits: SSE2, Arm, and AVX-512's better instructions where there are
/// any.</summary>
internal readonly unsafe struct FourLanes : ILanes<V>
{
    public static bool IsSupported => Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian;

    public static int Count => 4;

    public static int WordBytes => 16;

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
    public static V Load(uint* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V value, uint* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add(V x, V y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sum(V a, byte* words, int word, uint* sines, int sine) =>
        a + Vector128.Create(sines[sine]) + Vector128.LoadAligned((uint*)words + 4 * word);

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
        var r0 = Vector128.Load((uint*)(lanes[0] + offset));
        var r1 = Vector128.Load((uint*)(lanes[1] + offset));
        var r2 = Vector128.Load((uint*)(lanes[2] + offset));
        var r3 = Vector128.Load((uint*)(lanes[3] + offset));

        var low01 = ZipLow(r0, r1).AsUInt64();
        var high01 = ZipHigh(r0, r1).AsUInt64();
        var low23 = ZipLow(r2, r3).AsUInt64();
        var high23 = ZipHigh(r2, r3).AsUInt64();

        ZipLow(low01, low23).StoreAligned(words);
        ZipHigh(low01, low23).StoreAligned(words + 2);
        ZipLow(high01, high23).StoreAligned(words + 4);
        ZipHigh(high01, high23).StoreAligned(words + 6);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ZipLow(V x, V y) =>
        Sse2.IsSupported ? Sse2.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y)
        : Vector128.Create(x[0], y[0], x[1], y[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ZipHigh(V x, V y) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y)
        : Vector128.Create(x[2], y[2], x[3], y[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> ZipLow(Vector128<ulong> x, Vector128<ulong> y) =>
        Sse2.IsSupported ? Sse2.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y)
        : Vector128.Create(x[0], y[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> ZipHigh(Vector128<ulong> x, Vector128<ulong> y) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y)
        : Vector128.Create(x[1], y[1]);
}
