using System.Buffers;
using System.Security.Cryptography;
using ActorSock.Digests;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>The digest of bytes that come block by block. Those of many transfers are computed together.</summary>
internal sealed class BodyDigest : IDisposable
{
    // A shorter block is digested before another thread would have heard of it.
    private const int AloneBytesMax = 8 << 10;

    private readonly Md5Stream? _md5;
    private readonly IncrementalHash? _sha256;

    public BodyDigest(DigestKind kind)
    {
        Kind = kind;
        if (kind == DigestKind.Md5) _md5 = new Md5Stream();
        else _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    }

    public DigestKind Kind { get; }

    /// <summary>The digest of what was appended, from the beginning on.</summary>
    public ContentDigest Current
    {
        get
        {
            Span<byte> bytes = stackalloc byte[ContentDigest.BytesMax];
            if (_md5 is not null)
            {
                DigestLanes.Shared.Leave(_md5);
                _md5.GetDigest(bytes);
            }
            else _sha256!.GetCurrentHash(bytes);
            return ContentDigest.FromBytes(Kind, bytes[..ContentDigest.BytesOf(Kind)]);
        }
    }

    /// <summary>The digest of bytes that are in memory.</summary>
    public static ContentDigest Of(DigestKind kind, ReadOnlySpan<byte> content) => ContentDigest.FromBytes(
        kind, kind == DigestKind.Md5 ? MD5.HashData(content) : SHA256.HashData(content));

    /// <summary>The MD5 of a stream from where it stands to its end.</summary>
    public static async Task<Md5Digest> Md5OfAsync(Stream stream, int blockBytes, CancellationToken cancel)
    {
        using var digest = new BodyDigest(DigestKind.Md5);
        await digest.AppendAllAsync((_, block, token) => stream.ReadAsync(block, token), long.MaxValue, blockBytes, cancel);
        return digest.Current.AsMd5!.Value;
    }

    /// <summary>Appends what is read, block by block.</summary>
    /// <param name="read">Fills a block with what is there from a position on, as far as it likes; 0 at the end.</param>
    /// <param name="bytesMax">No more is read.</param>
    /// <param name="blockBytes">Bytes of a block at the most.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>How many bytes there were.</returns>
    public async Task<long> AppendAllAsync(
        Func<long, Memory<byte>, CancellationToken, ValueTask<int>> read, long bytesMax, int blockBytes, CancellationToken cancel)
    {
        var block = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(bytesMax, 1, blockBytes));
        try
        {
            var appended = 0L;
            while (appended < bytesMax
                && await read(appended, block.AsMemory(0, (int)Math.Min(block.Length, bytesMax - appended)), cancel) is > 0 and var got)
            {
                await AppendAsync(block.AsMemory(0, got));
                appended += got;
            }
            return appended;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>Appends a block. Neither it nor this may be touched before that is done.</summary>
    public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_md5 is null) _sha256!.AppendData(bytes.Span);
        else if (bytes.Length > AloneBytesMax) return new ValueTask(DigestLanes.Shared.AppendAsync(_md5, bytes));
        else _md5.Append(bytes.Span);
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        _sha256?.Dispose();
        if (_md5 is not null) DigestLanes.Shared.Leave(_md5);
    }
}
