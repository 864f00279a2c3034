using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ActorSock.Wire.Native;

/// <summary>Makes one digest of all files in a folder: of two folders it is the same when they have the same names, sizes and MD5s.</summary>
/// <remarks>For each file the SHA-256 of its MD5, its size and its name, a number with its first byte the highest; of all of them the
/// sum, modulo 2^256. So nobody has to sort, or to hold more than one name. WIRE.md, "folders".</remarks>
public sealed class FolderDigest
{
    private const int SizeAt = Md5Digest.BytesCount, NameAt = SizeAt + sizeof(long);

    private UInt128 _high, _low;
    private byte[] _file = new byte[NameAt + 255];

    /// <summary>The digest of what was added.</summary>
    public ContentDigest Current
    {
        get
        {
            Span<byte> sum = stackalloc byte[SHA256.HashSizeInBytes];
            BinaryPrimitives.WriteUInt128BigEndian(sum, _high);
            BinaryPrimitives.WriteUInt128BigEndian(sum[16..], _low);
            return ContentDigest.FromBytes(DigestKind.Sha256, sum);
        }
    }

    /// <summary>Adds a file, in any order.</summary>
    /// <param name="name">Its name in the folder, as a node has it.</param>
    /// <param name="sizeBytes">How long it is.</param>
    /// <param name="md5">Its digest.</param>
    public void Add(string name, long sizeBytes, Md5Digest md5)
    {
        ArgumentNullException.ThrowIfNull(name);
        MakeRoom(Encoding.UTF8.GetMaxByteCount(name.Length));
        Add(Encoding.UTF8.GetBytes(name, _file.AsSpan(NameAt)), sizeBytes, md5);
    }

    /// <inheritdoc cref="Add(string, long, Md5Digest)"/>
    public void Add(ReadOnlySpan<byte> name, long sizeBytes, Md5Digest md5)
    {
        MakeRoom(name.Length);
        name.CopyTo(_file.AsSpan(NameAt));
        Add(name.Length, sizeBytes, md5);
    }

    private void MakeRoom(int nameBytes)
    {
        if (_file.Length - NameAt < nameBytes) _file = new byte[NameAt + nameBytes];
    }

    private void Add(int nameBytes, long sizeBytes, Md5Digest md5)
    {
        md5.WriteBytes(_file);
        BinaryPrimitives.WriteInt64LittleEndian(_file.AsSpan(SizeAt), sizeBytes);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_file.AsSpan(0, NameAt + nameBytes), digest);
        var low = _low + BinaryPrimitives.ReadUInt128BigEndian(digest[16..]);
        _high += BinaryPrimitives.ReadUInt128BigEndian(digest) + (low < _low ? UInt128.One : UInt128.Zero);
        _low = low;
    }
}
