using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector128<uint>;

namespace ActorSock.Digests.Kernels;

/// <summary>One lane in vectors of 128 bits, of which only one part counts.</summary>
/// <remarks>MD5 waits for its own last step, and AVX-512 has F and I in one instruction where ordinary
/// registers need two: a step takes 4 cycles instead of 5.</remarks>
internal readonly unsafe struct TernaryLane : ILanes<V>
{
    public static bool IsSupported => Avx512F.VL.IsSupported && BitConverter.IsLittleEndian;

    public static int Count => 1;

    public static int WordBytes => sizeof(uint);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Gather(byte** lanes, nint offset, byte* scratch) => lanes[0] + offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(uint* from) => Vector128.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V value, uint* to) => *to = value.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add(V x, V y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sum(V a, byte* words, int word, uint* sines, int sine) =>
        a + Vector128.Create(sines[sine]) + Vector128.Create(((uint*)words)[word]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V F(V sum, V b, V c, V d, [ConstantExpected] byte bits) =>
        b + Avx512F.VL.RotateLeft(sum + Avx512F.VL.TernaryLogic(b, c, d, Ternary.Choose), bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V G(V sum, V b, V c, V d, [ConstantExpected] byte bits) =>
        b + Avx512F.VL.RotateLeft(sum + Avx512F.VL.TernaryLogic(d, b, c, Ternary.Choose), bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V H(V sum, V b, V c, V d, [ConstantExpected] byte bits) =>
        b + Avx512F.VL.RotateLeft(sum + Avx512F.VL.TernaryLogic(b, c, d, Ternary.Xor), bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V I(V sum, V b, V c, V d, [ConstantExpected] byte bits) =>
        b + Avx512F.VL.RotateLeft(sum + Avx512F.VL.TernaryLogic(b, c, d, Ternary.XorOrNot), bits);
}
