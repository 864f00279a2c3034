using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorSock.Digests.Kernels;

/// <summary>Sixteen lanes in AVX-512's vectors of 512 bits.</summary>
internal readonly unsafe struct SixteenLanes : ILanes<Vector512<uint>>
{
    public static bool IsSupported => Avx512F.IsSupported && BitConverter.IsLittleEndian;

    public static int Count => 16;

    public static byte* Gather(byte** lanes, nint offset, byte* scratch)
    {
        var r0 = Vector512.Load((uint*)(lanes[0] + offset));
        var r1 = Vector512.Load((uint*)(lanes[1] + offset));
        var r2 = Vector512.Load((uint*)(lanes[2] + offset));
        var r3 = Vector512.Load((uint*)(lanes[3] + offset));
        var r4 = Vector512.Load((uint*)(lanes[4] + offset));
        var r5 = Vector512.Load((uint*)(lanes[5] + offset));
        var r6 = Vector512.Load((uint*)(lanes[6] + offset));
        var r7 = Vector512.Load((uint*)(lanes[7] + offset));
        var r8 = Vector512.Load((uint*)(lanes[8] + offset));
        var r9 = Vector512.Load((uint*)(lanes[9] + offset));
        var r10 = Vector512.Load((uint*)(lanes[10] + offset));
        var r11 = Vector512.Load((uint*)(lanes[11] + offset));
        var r12 = Vector512.Load((uint*)(lanes[12] + offset));
        var r13 = Vector512.Load((uint*)(lanes[13] + offset));
        var r14 = Vector512.Load((uint*)(lanes[14] + offset));
        var r15 = Vector512.Load((uint*)(lanes[15] + offset));

        var p0 = Avx512F.UnpackLow(r0, r1);
        var p1 = Avx512F.UnpackHigh(r0, r1);
        var p2 = Avx512F.UnpackLow(r2, r3);
        var p3 = Avx512F.UnpackHigh(r2, r3);
        var p4 = Avx512F.UnpackLow(r4, r5);
        var p5 = Avx512F.UnpackHigh(r4, r5);
        var p6 = Avx512F.UnpackLow(r6, r7);
        var p7 = Avx512F.UnpackHigh(r6, r7);
        var p8 = Avx512F.UnpackLow(r8, r9);
        var p9 = Avx512F.UnpackHigh(r8, r9);
        var p10 = Avx512F.UnpackLow(r10, r11);
        var p11 = Avx512F.UnpackHigh(r10, r11);
        var p12 = Avx512F.UnpackLow(r12, r13);
        var p13 = Avx512F.UnpackHigh(r12, r13);
        var p14 = Avx512F.UnpackLow(r14, r15);
        var p15 = Avx512F.UnpackHigh(r14, r15);

        var q0 = Avx512F.UnpackLow(p0.AsUInt64(), p2.AsUInt64()).AsUInt32();
        var q1 = Avx512F.UnpackHigh(p0.AsUInt64(), p2.AsUInt64()).AsUInt32();
        var q2 = Avx512F.UnpackLow(p1.AsUInt64(), p3.AsUInt64()).AsUInt32();
        var q3 = Avx512F.UnpackHigh(p1.AsUInt64(), p3.AsUInt64()).AsUInt32();
        var q4 = Avx512F.UnpackLow(p4.AsUInt64(), p6.AsUInt64()).AsUInt32();
        var q5 = Avx512F.UnpackHigh(p4.AsUInt64(), p6.AsUInt64()).AsUInt32();
        var q6 = Avx512F.UnpackLow(p5.AsUInt64(), p7.AsUInt64()).AsUInt32();
        var q7 = Avx512F.UnpackHigh(p5.AsUInt64(), p7.AsUInt64()).AsUInt32();
        var q8 = Avx512F.UnpackLow(p8.AsUInt64(), p10.AsUInt64()).AsUInt32();
        var q9 = Avx512F.UnpackHigh(p8.AsUInt64(), p10.AsUInt64()).AsUInt32();
        var q10 = Avx512F.UnpackLow(p9.AsUInt64(), p11.AsUInt64()).AsUInt32();
        var q11 = Avx512F.UnpackHigh(p9.AsUInt64(), p11.AsUInt64()).AsUInt32();
        var q12 = Avx512F.UnpackLow(p12.AsUInt64(), p14.AsUInt64()).AsUInt32();
        var q13 = Avx512F.UnpackHigh(p12.AsUInt64(), p14.AsUInt64()).AsUInt32();
        var q14 = Avx512F.UnpackLow(p13.AsUInt64(), p15.AsUInt64()).AsUInt32();
        var q15 = Avx512F.UnpackHigh(p13.AsUInt64(), p15.AsUInt64()).AsUInt32();

        var h0 = Avx512F.Shuffle4x128(q0, q4, 0x88);
        var h1 = Avx512F.Shuffle4x128(q8, q12, 0x88);
        var h2 = Avx512F.Shuffle4x128(q0, q4, 0xDD);
        var h3 = Avx512F.Shuffle4x128(q8, q12, 0xDD);
        var h4 = Avx512F.Shuffle4x128(q1, q5, 0x88);
        var h5 = Avx512F.Shuffle4x128(q9, q13, 0x88);
        var h6 = Avx512F.Shuffle4x128(q1, q5, 0xDD);
        var h7 = Avx512F.Shuffle4x128(q9, q13, 0xDD);
        var h8 = Avx512F.Shuffle4x128(q2, q6, 0x88);
        var h9 = Avx512F.Shuffle4x128(q10, q14, 0x88);
        var h10 = Avx512F.Shuffle4x128(q2, q6, 0xDD);
        var h11 = Avx512F.Shuffle4x128(q10, q14, 0xDD);
        var h12 = Avx512F.Shuffle4x128(q3, q7, 0x88);
        var h13 = Avx512F.Shuffle4x128(q11, q15, 0x88);
        var h14 = Avx512F.Shuffle4x128(q3, q7, 0xDD);
        var h15 = Avx512F.Shuffle4x128(q11, q15, 0xDD);

        Avx512F.Shuffle4x128(h0, h1, 0x88).StoreAligned((uint*)scratch + 16 * 0);
        Avx512F.Shuffle4x128(h2, h3, 0x88).StoreAligned((uint*)scratch + 16 * 4);
        Avx512F.Shuffle4x128(h0, h1, 0xDD).StoreAligned((uint*)scratch + 16 * 8);
        Avx512F.Shuffle4x128(h2, h3, 0xDD).StoreAligned((uint*)scratch + 16 * 12);
        Avx512F.Shuffle4x128(h4, h5, 0x88).StoreAligned((uint*)scratch + 16 * 1);
        Avx512F.Shuffle4x128(h6, h7, 0x88).StoreAligned((uint*)scratch + 16 * 5);
        Avx512F.Shuffle4x128(h4, h5, 0xDD).StoreAligned((uint*)scratch + 16 * 9);
        Avx512F.Shuffle4x128(h6, h7, 0xDD).StoreAligned((uint*)scratch + 16 * 13);
        Avx512F.Shuffle4x128(h8, h9, 0x88).StoreAligned((uint*)scratch + 16 * 2);
        Avx512F.Shuffle4x128(h10, h11, 0x88).StoreAligned((uint*)scratch + 16 * 6);
        Avx512F.Shuffle4x128(h8, h9, 0xDD).StoreAligned((uint*)scratch + 16 * 10);
        Avx512F.Shuffle4x128(h10, h11, 0xDD).StoreAligned((uint*)scratch + 16 * 14);
        Avx512F.Shuffle4x128(h12, h13, 0x88).StoreAligned((uint*)scratch + 16 * 3);
        Avx512F.Shuffle4x128(h14, h15, 0x88).StoreAligned((uint*)scratch + 16 * 7);
        Avx512F.Shuffle4x128(h12, h13, 0xDD).StoreAligned((uint*)scratch + 16 * 11);
        Avx512F.Shuffle4x128(h14, h15, 0xDD).StoreAligned((uint*)scratch + 16 * 15);
        return scratch;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Word(byte* words, int index) =>
        Vector512.LoadAligned((uint*)words + 16 * index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Each(uint value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Load(uint* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<uint> value, uint* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> x, Vector512<uint> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> RotateLeft(Vector512<uint> value, [ConstantExpected] byte bits) => Avx512F.RotateLeft(value, bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> AddF(Vector512<uint> sum, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d) =>
        sum + Avx512F.TernaryLogic(b, c, d, Ternary.Choose);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> AddG(Vector512<uint> sum, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d) =>
        sum + Avx512F.TernaryLogic(d, b, c, Ternary.Choose);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> AddH(Vector512<uint> sum, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d) =>
        sum + Avx512F.TernaryLogic(b, c, d, Ternary.Xor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> AddI(Vector512<uint> sum, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d) =>
        sum + Avx512F.TernaryLogic(b, c, d, Ternary.XorOrNot);
}
