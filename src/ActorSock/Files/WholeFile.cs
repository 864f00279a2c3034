using System.Buffers;
using System.Security.Cryptography;
using ActorSock.Wire;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Reads a file from its first byte to its last.</summary>
internal static class WholeFile
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Its digest; null when the disk cannot read all of it.</summary>
    public static Md5Digest? DigestOf(SafeFileHandle file)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            var offset = 0L;
            while (RandomAccess.Read(file, chunk, offset) is var read and > 0)
            {
                md5.AppendData(chunk, 0, read);
                offset += read;
            }
            return Md5Digest.FromBytes(md5.GetHashAndReset());
        }
        catch (IOException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
