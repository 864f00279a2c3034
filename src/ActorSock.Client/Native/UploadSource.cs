using System.Security.Cryptography;
using ActorSock.Wire.Native;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Client.Native;

/// <summary>Where the bytes of an upload come from.</summary>
/// <param name="stream">Read from where it stands.</param>
/// <param name="size">Bytes of the upload; null when nobody knows before the end.</param>
internal sealed class UploadSource(Stream stream, long? size)
{
    private long _position;

    /// <summary>Where in the stream the upload begins.</summary>
    public long Origin { get; } = stream.CanSeek ? stream.Position : 0;

    /// <summary>Bytes of the upload; null when nobody knows before the end.</summary>
    public long? Size { get; } = size ?? (stream.CanSeek ? stream.Length - stream.Position : null);

    /// <summary>The open file below it; null when it is no file.</summary>
    public SafeFileHandle? File => (stream as FileStream)?.SafeFileHandle;

    /// <summary>Whether it can be read twice.</summary>
    public bool CanSeek => stream.CanSeek;

    /// <summary>Whether it can be read from there on.</summary>
    public bool CanGoTo(long offset) => stream.CanSeek || offset == _position;

    /// <summary>Goes to a place from where it is read on.</summary>
    public void GoTo(long offset)
    {
        if (stream.CanSeek) stream.Position = Origin + offset;
        _position = offset;
    }

    /// <summary>Fills a block as far as there are bytes.</summary>
    public async ValueTask<int> FillAsync(Memory<byte> block, CancellationToken cancel)
    {
        var filled = 0;
        while (filled < block.Length && await stream.ReadAsync(block[filled..], cancel) is > 0 and var more) filled += more;
        _position += filled;
        return filled;
    }

    /// <summary>Digests the bytes before <paramref name="end"/>, and stands there then.</summary>
    /// <exception cref="EndOfStreamException">There are not as many.</exception>
    public async Task<IncrementalHash> DigestAsync(DigestKind kind, long end, int blockBytes, CancellationToken cancel)
    {
        var digest = IncrementalHash.CreateHash(Digests.NameOf(kind));
        try
        {
            GoTo(0);
            var block = new byte[(int)Math.Min(blockBytes, Math.Max(end, 1))];
            while (_position < end)
            {
                var got = await FillAsync(block.AsMemory(0, (int)Math.Min(block.Length, end - _position)), cancel);
                if (got == 0) throw Short(_position, end);
                digest.AppendData(block, 0, got);
            }
            return digest;
        }
        catch
        {
            digest.Dispose();
            throw;
        }
    }

    public static EndOfStreamException Short(long read, long size) =>
        new($"the body ended after {read} of {size} bytes");
}

/// <summary>Digests by the names of the native protocol.</summary>
internal static class Digests
{
    public static HashAlgorithmName NameOf(DigestKind kind) =>
        kind == DigestKind.Md5 ? HashAlgorithmName.MD5 : HashAlgorithmName.SHA256;

    /// <summary>The digest of what was appended, from the beginning on.</summary>
    public static ContentDigest Current(this IncrementalHash digest)
    {
        Span<byte> bytes = stackalloc byte[ContentDigest.BytesMax];
        var kind = digest.AlgorithmName == HashAlgorithmName.MD5 ? DigestKind.Md5 : DigestKind.Sha256;
        return ContentDigest.FromBytes(kind, bytes[..digest.GetCurrentHash(bytes)]);
    }

    public static ContentDigest Of(DigestKind kind, ReadOnlySpan<byte> content) => ContentDigest.FromBytes(
        kind, kind == DigestKind.Md5 ? MD5.HashData(content) : SHA256.HashData(content));
}
