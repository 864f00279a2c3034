using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorSock.Digests.Kernels;

/// <summary>One lane in ordinary registers.</summary>
internal readonly unsafe struct ScalarLane : ILanes<uint>
{
    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Gather(byte** lanes, nint offset, byte* scratch)
    {
        if (BitConverter.IsLittleEndian) return lanes[0] + offset;
        for (var i = 0; i < 16; i++)
            ((uint*)scratch)[i] = BinaryPrimitives.ReverseEndianness(Word(lanes[0] + offset, i));
        return scratch;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Word(byte* words, int index) => Unsafe.ReadUnaligned<uint>(words + 4 * index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Each(uint value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Load(uint* from) => *from;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint value, uint* to) => *to = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Add(uint x, uint y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RotateLeft(uint value, [ConstantExpected] byte bits) => BitOperations.RotateLeft(value, bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AddF(uint sum, uint b, uint c, uint d) => sum + (((c ^ d) & b) ^ d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AddG(uint sum, uint b, uint c, uint d) => sum + (~d & c) + (d & b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AddH(uint sum, uint b, uint c, uint d) => sum + (c ^ d ^ b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AddI(uint sum, uint b, uint c, uint d) => sum + ((~d | b) ^ c);
}
