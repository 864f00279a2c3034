using System.Buffers.Binary;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Files;

/// <summary>
/// Writes and reads the attribute with which digests travel with a file, and which says for which content they stand.
/// </summary>
/// <remarks>
/// <c>user.actorsock</c>, little-endian: at 0 the version (1), at 1 which digests follow (1: MD5, 2: SHA-256), at 4 the bytes of the
/// file (8), at 12 its time of change in ns since 1970 (8), at 20 the digests. With MD5 alone it fits into an inode of ext4 (256
/// bytes), beside what else is there.
/// </remarks>
internal static class DigestAttribute
{
    public const int BytesMax = FixedBytes + Md5Digest.BytesCount + ContentDigest.BytesMax;

    private const int FixedBytes = 20;
    private const byte Version = 1, HasMd5 = 1, HasSha256 = 2;

    /// <summary>With a zero at its end, as the system wants it.</summary>
    public static ReadOnlySpan<byte> Name => "user.actorsock\0"u8;

    /// <summary>Fills the front of <paramref name="bytes"/>, which has room for the longest.</summary>
    /// <returns>So many bytes.</returns>
    public static int Write(Span<byte> bytes, long size, long modifiedNs, in FileDigests digests)
    {
        bytes[..FixedBytes].Clear();
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[4..], size);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[12..], modifiedNs);
        var at = FixedBytes;
        if (digests.Md5 is { } md5)
        {
            bytes[1] |= HasMd5;
            md5.WriteBytes(bytes[at..]);
            at += Md5Digest.BytesCount;
        }
        if (digests.Sha256 is { } sha256)
        {
            bytes[1] |= HasSha256;
            sha256.WriteBytes(bytes[at..]);
            at += sha256.BytesCount;
        }
        return at;
    }

    /// <summary>The digests of a file of this size and time; none when the attribute stands for another, or is none of ours.</summary>
    public static FileDigests Read(ReadOnlySpan<byte> bytes, long size, long modifiedNs)
    {
        if (bytes.Length < FixedBytes || bytes[0] != Version || bytes[1] > (HasMd5 | HasSha256)
            || BinaryPrimitives.ReadInt64LittleEndian(bytes[4..]) != size
            || BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]) != modifiedNs)
            return default;
        var (hasMd5, hasSha256) = ((bytes[1] & HasMd5) != 0, (bytes[1] & HasSha256) != 0);
        var sha256At = FixedBytes + (hasMd5 ? Md5Digest.BytesCount : 0);
        if (bytes.Length != sha256At + (hasSha256 ? ContentDigest.BytesMax : 0))
            return default;
        return new FileDigests(
            hasMd5 ? Md5Digest.FromBytes(bytes.Slice(FixedBytes, Md5Digest.BytesCount)) : null,
            hasSha256 ? ContentDigest.FromBytes(DigestKind.Sha256, bytes[sha256At..]) : null);
    }
}
