using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Digests.Tests;

/// <summary>Says bytes, lengths and digests.</summary>
internal static class Streams
{
    /// <summary>Lengths around the edges of blocks, some blocks, and anything up to a few blocks.</summary>
    public static readonly Gen<int> Lengths = Gen.OneOf(
        Gen.Elements(0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129),
        Gen.Choose(0, 40).Select(blocks => 64 * blocks),
        Gen.Choose(0, 1500));

    public static byte[] Random(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static byte[] DigestOf(Md5Stream stream)
    {
        var digest = new byte[Md5Stream.DigestBytes];
        stream.GetDigest(digest);
        return digest;
    }

    public static string HexOf(Md5Stream stream) => Convert.ToHexStringLower(DigestOf(stream));
}
