using System.Buffers;
using System.Net.Sockets;
using System.Security.Cryptography;
using ActorSock.Wire;

namespace ActorSock.Client;

/// <summary>Sends bodies, computing their digest on the way, and stops when the server objects.</summary>
/// <remarks>While one block goes out the next is read and digested: it holds two, no more.</remarks>
internal sealed class BodySender(Socket socket, ReplyBuffer replies)
{
    private const int BlockBytes = 256 * 1024;

    /// <summary>Sends a few bytes.</summary>
    /// <returns>False when the connection does not take them.</returns>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        try
        {
            while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes, cancel)..];
            return true;
        }
        catch (SocketException)
        {
            return false;  // why, the reply reader hears
        }
    }

    /// <summary>Sends a header and its body.</summary>
    /// <param name="header">What goes before the body, or nothing.</param>
    /// <param name="body">Where the body is read from.</param>
    /// <param name="size">Bytes of the body; what the stream holds beyond them is left.</param>
    /// <param name="progress">Told how many bytes of the body have been sent.</param>
    /// <param name="cancel">Ends the connection, too.</param>
    /// <returns>The digest of the body; null when the server spoke or left before it had all.</returns>
    /// <exception cref="EndOfStreamException">The stream is shorter than <paramref name="size"/>.</exception>
    public async Task<Md5Digest?> SendAsync(
        ReadOnlyMemory<byte> header, Stream body, long size,
        IProgress<long>? progress, CancellationToken cancel)
    {
        var filling = ArrayPool<byte>.Shared.Rent(Math.Max(BlockBytes, header.Length));
        var going = ArrayPool<byte>.Shared.Rent(BlockBytes);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var sending = Task.FromResult(true);
        try
        {
            // The header shares the first segments with the body, as a small file should travel in one.
            header.CopyTo(filling);
            var front = header.Length;
            var read = 0L;
            do
            {
                var wanted = (int)Math.Min(filling.Length - front, size - read);
                var got = wanted == 0 ? 0 : await body.ReadAsync(filling.AsMemory(front, wanted), cancel);
                if (got == 0 && wanted > 0) throw Short(read, size);
                digest.AppendData(filling, front, got);
                if (!await IsThroughAsync(sending)) return null;
                progress?.Report(read);
                sending = SendAsync(filling.AsMemory(0, front + got), abandon.Token);
                (filling, going) = (going, filling);
                (front, read) = (0, read + got);
            }
            while (read < size);

            // What is heard while the last block goes out may be the reply to it, and is left to the caller.
            if (!await sending) return null;
            progress?.Report(size);
            return Md5Digest.FromBytes(digest.GetHashAndReset());
        }
        finally
        {
            // A block must not return to the pool while the system still reads it.
            await abandon.CancelAsync();
            await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(filling);
            ArrayPool<byte>.Shared.Return(going);
        }
    }

    /// <summary>Computes the digest of a body that is sent later.</summary>
    /// <exception cref="EndOfStreamException">The stream is shorter than <paramref name="size"/>.</exception>
    public static async Task<Md5Digest> DigestAsync(Stream body, long size, CancellationToken cancel)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        try
        {
            for (var read = 0L; read < size;)
            {
                var wanted = (int)Math.Min(block.Length, size - read);
                var got = await body.ReadAsync(block.AsMemory(0, wanted), cancel);
                if (got == 0) throw Short(read, size);
                digest.AppendData(block, 0, got);
                read += got;
            }
            return Md5Digest.FromBytes(digest.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    // In the middle of a body nothing is due: whatever is heard is an objection, or the end.
    private async Task<bool> IsThroughAsync(Task<bool> sending)
    {
        var arrival = replies.Arrival;
        await Task.WhenAny(sending, arrival);
        return !arrival.IsCompleted && await sending;
    }

    private static EndOfStreamException Short(long read, long size) =>
        new($"the body ended after {read} of {size} bytes");
}
