using System.Buffers;
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
    public async Task<BodyDigest> DigestAsync(DigestKind kind, long end, int blockBytes, CancellationToken cancel)
    {
        var digest = new BodyDigest(kind);
        var block = ArrayPool<byte>.Shared.Rent((int)Math.Min(blockBytes, Math.Max(end, 1)));
        try
        {
            GoTo(0);
            while (_position < end)
            {
                var got = await FillAsync(block.AsMemory(0, (int)Math.Min(block.Length, end - _position)), cancel);
                if (got == 0) throw Short(_position, end);
                await digest.AppendAsync(block.AsMemory(0, got));
            }
            return digest;
        }
        catch
        {
            digest.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    public static EndOfStreamException Short(long read, long size) =>
        new($"the body ended after {read} of {size} bytes");
}
