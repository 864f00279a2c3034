using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ActorSock.Digests.Kernels;

/// <summary>Holds MD5's chaining value, the four words A to D.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct Chain(uint A, uint B, uint C, uint D)
{
    /// <summary>Before the first block (RFC 1321, section 3.3).</summary>
    public static Chain Initial => new(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);

    /// <summary>Writes the 16 bytes that a digest is: the words, little-endian.</summary>
    public readonly void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, A);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], B);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], C);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], D);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static Chain Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(from),
        BinaryPrimitives.ReadUInt32LittleEndian(from[4..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[12..]));
}
