using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorSock.Digests.Kernels;

/// <summary>One lane in ordinary registers.</summary>
internal readonly unsafe struct ScalarLane : ILanes<uint>
{
    public static int Count => 1;

    public static int WordBytes => sizeof(uint);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Gather(byte** lanes, nint offset, byte* scratch) => lanes[0] + offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Load(uint* from) => *from;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint value, uint* to) => *to = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Add(uint x, uint y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Sum(uint a, byte* words, int word, uint* sines, int sine) =>
        a + sines[sine] + Word(words, word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint F(uint sum, uint b, uint c, uint d, [ConstantExpected] byte bits) =>
        b + BitOperations.RotateLeft(sum + (((c ^ d) & b) ^ d), bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint G(uint sum, uint b, uint c, uint d, [ConstantExpected] byte bits) =>
        b + BitOperations.RotateLeft(sum + (~d & c) + (d & b), bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint H(uint sum, uint b, uint c, uint d, [ConstantExpected] byte bits) =>
        b + BitOperations.RotateLeft(sum + (c ^ d ^ b), bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint I(uint sum, uint b, uint c, uint d, [ConstantExpected] byte bits) =>
        b + BitOperations.RotateLeft(sum + ((~d | b) ^ c), bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(byte* words, int word) => BitConverter.IsLittleEndian
        ? ((uint*)words)[word]
        : BinaryPrimitives.ReverseEndianness(((uint*)words)[word]);
}
