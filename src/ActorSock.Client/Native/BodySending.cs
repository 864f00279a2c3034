using System.Buffers;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>Sends a body: while one block goes out, it is digested, and so is the next.</summary>
/// <param name="read">Fills a block with what is there from a position on; 0 at the end.</param>
/// <param name="view">Shows blocks that are sent from where they are; null when all are to be read.</param>
/// <param name="digest">Takes the bytes; null when nobody wants their digest.</param>
/// <param name="options">Sizes and limits.</param>
/// <param name="moved">Told how many bytes more have been sent.</param>
internal sealed class BodySending(
    Func<long, Memory<byte>, CancellationToken, ValueTask<int>> read, FileView? view, BodyDigest? digest, NodeOptions options,
    Action<long> moved)
{
    /// <summary>Sends a body of so many bytes.</summary>
    /// <returns>False when the node objected before it had all.</returns>
    /// <exception cref="EndOfStreamException">There are not as many.</exception>
    public Task<bool> CountedAsync(long bytes, Exchange exchange, OutgoingFrames outgoing, CancellationToken cancel) =>
        RunAsync(bytes, 0, exchange, outgoing, cancel);

    /// <summary>Sends all that there is in chunks.</summary>
    /// <returns>False when the node objected before it had all, and was told that no more comes.</returns>
    public async Task<bool> ChunkedAsync(Exchange exchange, OutgoingFrames outgoing, CancellationToken cancel)
    {
        var end = await RunAsync(long.MaxValue, ChunkLength.PrefixBytes, exchange, outgoing, cancel)
            ? ChunkLength.End
            : ChunkLength.GivenUp;
        var prefix = new byte[ChunkLength.PrefixBytes];
        end.Write(prefix);
        await outgoing.SendAsync(prefix, cancel);
        return end == ChunkLength.End;
    }

    private async Task<bool> RunAsync(
        long bytes, int prefixBytes, Exchange exchange, OutgoingFrames outgoing, CancellationToken cancel)
    {
        var (filling, going) = (Rent(prefixBytes), Rent(prefixBytes));
        using var patience = new CancellationTokenSource(options.ReplyLimit, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        var (sending, digesting, sent, filled) = (Task.CompletedTask, Task.CompletedTask, 0, 0L);
        try
        {
            while (filled < bytes)
            {
                var room = filling.AsMemory(prefixBytes, (int)Math.Min(options.BlockBytes, bytes - filled));
                var staysInFile = view is not null && (digest is null
                    ? view.TryGoTo(filled, room.Length)
                    : options.ReadsInPlace && view.TryShow(filled, room.Length));
                var got = staysInFile ? room.Length : await read(filled, room, cancel);
                if (got == 0 && prefixBytes == 0) throw UploadSource.Short(filled, bytes);
                if (digest is not null) digesting = staysInFile ? DigestShownAsync() : digest.AppendAsync(room[..got]).AsTask();
                await SentAsync(sending, sent, cancel);
                if (got == 0) return true;
                if (exchange.Last.IsCompleted) return false;
                if (prefixBytes > 0) ChunkLength.Of(got).Write(filling);
                patience.CancelAfter(options.ReplyLimit);
                sending = staysInFile
                    ? outgoing.SendAsync(view!.File, view.Offset, got, either.Token)
                    : outgoing.SendAsync(filling.AsMemory(0, prefixBytes + got), either.Token);
                await digesting;
                (filling, going, sent, filled) = (going, filling, got, filled + got);
            }
            await SentAsync(sending, sent, cancel);
            return true;
        }
        finally
        {
            // A block must not return to the pool while somebody still reads it.
            await patience.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await digesting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(filling);
            ArrayPool<byte>.Shared.Return(going);
        }
    }

    // Whoever wants to write the file does not wait until the node has taken the block, nor for a thread that may be his own.
    private async Task DigestShownAsync()
    {
        try
        {
            await digest!.AppendAsync(view!.Memory).ConfigureAwait(false);
        }
        finally
        {
            view!.Hide();
        }
    }

    private async Task SentAsync(Task sending, long bytes, CancellationToken cancel)
    {
        try
        {
            await sending;
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new NodeLostException($"the node took nothing for {options.ReplyLimit.TotalSeconds:0.###} s", late);
        }
        if (bytes > 0) moved(bytes);
    }

    private byte[] Rent(int prefixBytes) => ArrayPool<byte>.Shared.Rent(prefixBytes + options.BlockBytes);
}
