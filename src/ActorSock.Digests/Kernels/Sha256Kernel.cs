using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorSock.Digests.Kernels;

/// <summary>Computes the rounds of SHA-256 (FIPS 180-4, 6.2.2) over whole blocks of one stream.</summary>
internal static class Sha256Kernel
{
    private const int Rounds = 64;
    private const int BlockBytes = Sha256Stream.BlockBytes;

    /// <summary>The chaining value of a stream without bytes (5.3.3).</summary>
    public static ReadOnlySpan<uint> Initial =>
    [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];

    private static ReadOnlySpan<uint> K =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Digests whole blocks.</summary>
    /// <param name="chain">Eight words; in and out.</param>
    /// <param name="bytes">A multiple of 64.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Digest(Span<uint> chain, ReadOnlySpan<byte> bytes)
    {
        Span<uint> words = stackalloc uint[Rounds]; // of the message, each with the constant of its round added
        for (; bytes.Length >= BlockBytes; bytes = bytes[BlockBytes..])
        {
            Schedule(words, bytes);
            var (a, b, c, d) = (chain[0], chain[1], chain[2], chain[3]);
            var (e, f, g, h) = (chain[4], chain[5], chain[6], chain[7]);
            for (var t = 0; t < Rounds; t += 8) // the names go round in the place of the values
            {
                Round(a, b, c, ref d, e, f, g, ref h, words[t]);
                Round(h, a, b, ref c, d, e, f, ref g, words[t + 1]);
                Round(g, h, a, ref b, c, d, e, ref f, words[t + 2]);
                Round(f, g, h, ref a, b, c, d, ref e, words[t + 3]);
                Round(e, f, g, ref h, a, b, c, ref d, words[t + 4]);
                Round(d, e, f, ref g, h, a, b, ref c, words[t + 5]);
                Round(c, d, e, ref f, g, h, a, ref b, words[t + 6]);
                Round(b, c, d, ref e, f, g, h, ref a, words[t + 7]);
            }
            (chain[0], chain[1], chain[2], chain[3]) = (chain[0] + a, chain[1] + b, chain[2] + c, chain[3] + d);
            (chain[4], chain[5], chain[6], chain[7]) = (chain[4] + e, chain[5] + f, chain[6] + g, chain[7] + h);
        }
    }

    private static void Schedule(Span<uint> words, ReadOnlySpan<byte> block)
    {
        for (var t = 0; t < 16; t++)
            words[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * t)..]);
        for (var t = 16; t < Rounds; t++)
        {
            var (near, far) = (words[t - 2], words[t - 15]);
            var s1 = BitOperations.RotateRight(near, 17) ^ BitOperations.RotateRight(near, 19) ^ (near >> 10);
            var s0 = BitOperations.RotateRight(far, 7) ^ BitOperations.RotateRight(far, 18) ^ (far >> 3);
            words[t] = s1 + words[t - 7] + s0 + words[t - 16];
        }
        for (var t = 0; t < Rounds; t++)
            words[t] += K[t];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(uint a, uint b, uint c, ref uint d, uint e, uint f, uint g, ref uint h, uint word)
    {
        var s1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
        var s0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
        var t1 = h + s1 + ((e & f) ^ (~e & g)) + word;
        d += t1;
        h = t1 + s0 + ((a & b) | (c & (a | b)));
    }
}
