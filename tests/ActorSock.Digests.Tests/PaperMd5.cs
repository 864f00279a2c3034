using System.Buffers.Binary;
using System.Numerics;

namespace ActorSock.Digests.Tests;

/// <summary>MD5 as RFC 1321 writes it down, for what the framework cannot be asked: to begin in the
/// middle.</summary>
internal static class PaperMd5
{
    private static readonly int[][] Shifts = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

    /// <summary>Digests the last bytes of a stream.</summary>
    /// <param name="chain">The chaining value before them, 16 bytes.</param>
    /// <param name="before">Bytes before them, whole blocks.</param>
    /// <param name="rest">The last bytes.</param>
    public static byte[] Finish(ReadOnlySpan<byte> chain, BigInteger before, ReadOnlySpan<byte> rest)
    {
        var bits = (ulong)((before + rest.Length) * 8 % (BigInteger.One << 64));
        var padded = new List<byte>([.. rest, 0x80]);
        while (padded.Count % 64 != 56) padded.Add(0);
        var field = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(field, bits);
        padded.AddRange(field);

        var value = Words(chain);
        foreach (var block in padded.Chunk(64)) value = Digest(value, Words(block));
        return [.. value.SelectMany(BitConverter.GetBytes)];
    }

    private static uint[] Digest(uint[] value, uint[] words)
    {
        var (a, b, c, d) = (value[0], value[1], value[2], value[3]);
        for (var i = 0; i < 64; i++)
        {
            var (f, k) = (i / 16) switch
            {
                0 => ((b & c) | (~b & d), i),
                1 => ((b & d) | (c & ~d), 5 * i + 1),
                2 => (b ^ c ^ d, 3 * i + 5),
                _ => (c ^ (b | ~d), 7 * i),
            };
            var constant = (uint)(Math.Abs(Math.Sin(i + 1)) * (1L << 32));
            var next = b + BitOperations.RotateLeft(a + f + words[k % 16] + constant, Shifts[i / 16][i % 4]);
            (a, b, c, d) = (d, next, b, c);
        }

        return [value[0] + a, value[1] + b, value[2] + c, value[3] + d];
    }

    private static uint[] Words(ReadOnlySpan<byte> bytes)
    {
        var words = new uint[bytes.Length / 4];
        for (var i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]);
        return words;
    }
}
