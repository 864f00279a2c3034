using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorSock.Digests.Kernels;

/// <summary>One lane in vectors of 128 bits, of which only one part counts.</summary>
/// <remarks>MD5 waits for its own last step, and AVX-512 has F and I in one instruction where ordinary registers need
/// two: a step takes 4 cycles instead of 5.</remarks>
internal readonly unsafe struct TernaryLane : ILanes<Vector128<uint>>
{
    public static bool IsSupported => Avx512F.VL.IsSupported && BitConverter.IsLittleEndian;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Gather(byte** lanes, nint offset, byte* scratch) => lanes[0] + offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Word(byte* words, int index) =>
        Vector128.Create(Unsafe.ReadUnaligned<uint>(words + 4 * index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Each(uint value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Load(uint* from) => Vector128.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<uint> value, uint* to) => *to = value.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add(Vector128<uint> x, Vector128<uint> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateLeft(Vector128<uint> value, [ConstantExpected] byte bits) => Avx512F.VL.RotateLeft(value, bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddF(Vector128<uint> sum, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d) =>
        sum + Avx512F.VL.TernaryLogic(b, c, d, Ternary.Choose);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddG(Vector128<uint> sum, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d) =>
        sum + Avx512F.VL.TernaryLogic(d, b, c, Ternary.Choose);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddH(Vector128<uint> sum, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d) =>
        sum + Avx512F.VL.TernaryLogic(b, c, d, Ternary.Xor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddI(Vector128<uint> sum, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d) =>
        sum + Avx512F.VL.TernaryLogic(b, c, d, Ternary.XorOrNot);
}
