using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>Stores one large file in parts, several of them at once, and then has them joined.</summary>
internal sealed class PartsUpload(
    NodeRequests ask, string name, UploadSource source, PutOptions order, string upload, Whereabouts whereabouts,
    TransferFeed.Transfer transfer)
{
    private readonly long _size = source.Size!.Value;

    // At most as many as there can be: for a very large file they become larger.
    private readonly long _partBytes = Math.Max(
        order.PartBytes, Pages((source.Size!.Value + NativeRequest.PartsMax - 1) / NativeRequest.PartsMax));

    private int _finished;

    public async Task<StoredFile> RunAsync(CancellationToken cancel)
    {
        var (stored, there) = await RetryingAsync(_ => BeginAsync(cancel), cancel);
        if (stored is not null) return stored;
        // The whole is verified, too, and has a digest in the node's journal: it is read once more, while the parts go out.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var sending = Task.CompletedTask;
        Task<ContentDigest?>? whole = order.Digests ? Task.Run(() => WholeAsync(order.Digest, stop.Token), CancellationToken.None) : null;
        try
        {
            sending = SendAllAsync(there, stop.Token);
            if (whole is not null && await Task.WhenAny(sending, whole) == whole) await whole; // what cannot be read is not to be sent
            await sending;
            var promised = whole is null ? order.Known : await whole;
            source.ThrowIfChanged();
            return await RetryingAsync(attempt => JoinAsync(promised, attempt, cancel), cancel);
        }
        finally
        {
            await stop.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (whole is not null) await ((Task)whole).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAllAsync(List<PartEntry> there, CancellationToken cancel)
    {
        var limits = new ParallelOptions { MaxDegreeOfParallelism = order.PartsAtOnce, CancellationToken = cancel };
        await Parallel.ForEachAsync(Offsets(), limits, async (offset, token) =>
        {
            var bytes = Math.Min(_partBytes, _size - offset);
            if (await IsThereAsync(there, offset, bytes, token)) transfer.ResumesMore(bytes);
            else await RetryingAsync(attempt => SendAsync(offset, bytes, attempt, token), token);
        });
    }

    private IEnumerable<long> Offsets()
    {
        for (var offset = 0L; offset < _size; offset += _partBytes) yield return offset;
    }

    private async Task<(StoredFile? Stored, List<PartEntry> Parts)> BeginAsync(CancellationToken cancel)
    {
        await using var lease = await ask.Pool.LeaseAsync(cancel);
        var answer = await whereabouts.ResumePartsAsync(lease.Connection, _size, cancel);
        if (answer.Reply.Status == NativeReply.Stored)
            return (await StoredAsync(await NodeRequests.WithoutBodyAsync(answer), order.Known, cancel), []);
        if (answer.Body is not { } body) return (null, []);
        await using (body) return (null, Lines(await body.ReadAllAsync(cancel)));
    }

    private static List<PartEntry> Lines(ReadOnlySpan<byte> text)
    {
        var parts = new List<PartEntry>();
        foreach (var line in text.Split((byte)'\n'))
        {
            if (text[line].IsEmpty) continue;
            if (!PartEntry.TryReadLine(text[line], out var part, out var why))
                throw new NodeLostException($"a line about a part cannot be read: {why}");
            parts.Add(part);
        }
        return parts;
    }

    // A part that another process has sent counts when it is what is in the file now.
    private async Task<bool> IsThereAsync(List<PartEntry> there, long offset, long bytes, CancellationToken cancel)
    {
        var part = there.Find(part => part.OffsetBytes == offset && part.SizeBytes == bytes);
        if (part == default) return false;
        using var digest = new BodyDigest(part.Digest.Kind);
        await digest.AppendAllAsync((position, block, token) => ReadAsync(offset + position, block, token), bytes, ask.Options.BlockBytes, cancel);
        return digest.Current == part.Digest;
    }

    private async Task<NativeReply> SendAsync(long offset, long bytes, Attempt attempt, CancellationToken cancel)
    {
        using var digest = new BodyDigest(order.Digest);
        var (moved, finished) = (0L, Volatile.Read(ref _finished));
        using var view = source.View(offset, bytes, ask.Options.BlockBytes);
        var sending = new BodySending((position, block, token) => ReadAsync(offset + position, block, token), view, digest, ask.Options, sent =>
        {
            moved += sent;
            transfer.MovedMore(sent);
        });
        await using var lease = await ask.Pool.LeaseAsync(cancel);
        var put = new NativeRequest.Put(name)
        {
            Upload = upload,
            IsPart = true,
            Size = _size,
            Offset = offset,
            Body = FrameBody.Of(bytes),
            Promise = new DigestPromise.After(order.Digest),
        };
        var isDone = false;
        try
        {
            var exchange = await lease.Connection.StreamAsync(put, async (exchange, outgoing) =>
            {
                if (!await sending.CountedAsync(bytes, exchange, outgoing, cancel)) return false;
                await outgoing.SendAsync(NativeEncoder.Trailer(digest.Current), cancel);
                return true;
            }, cancel);
            var reply = await NodeRequests.WithoutBodyAsync(await lease.Connection.AnswerAsync(exchange, null, cancel));
            isDone = true;
            Interlocked.Increment(ref _finished);
            return reply;
        }
        finally
        {
            // A part that failed is sent again from its beginning.
            if (!isDone) transfer.MovedMore(-moved);
            // While others arrive the file gets on.
            if (Volatile.Read(ref _finished) != finished) attempt.Moved();
        }
    }

    /// <summary>Reads from there on, whatever others read meanwhile; never 0.</summary>
    private async ValueTask<int> ReadAsync(long offset, Memory<byte> block, CancellationToken cancel)
    {
        var got = await RandomAccess.ReadAsync(source.File!, block, source.Origin + offset, cancel);
        if (got > 0) return got;
        source.ThrowIfChanged();
        throw UploadSource.Short(offset, _size);
    }

    private async Task<StoredFile> JoinAsync(ContentDigest? promised, Attempt attempt, CancellationToken cancel)
    {
        await using var lease = await ask.Pool.LeaseAsync(cancel);
        var connection = lease.Connection;
        if (attempt.MayBeDone)
        {
            var reply = await NodeRequests.WithoutBodyAsync(await whereabouts.ResumePartsAsync(connection, _size, cancel));
            if (reply.Status == NativeReply.Stored && await StoredAsync(reply, promised, cancel) is { } stored) return stored;
        }
        var join = new NativeRequest.Join(upload, name)
        {
            Exists = order.Exists,
            Ack = order.Ack,
            Promised = promised,
        };
        var exchange = await connection.AskAsync(join, default, cancel);
        if (order.Ack != AckLevel.Durable && order.Acknowledged is { } acknowledged
            && await connection.EarlyAsync(exchange, cancel) is { Ack: { } level })
            acknowledged(level);
        // The node may read the whole file: 20 MB/s is what a poor disk does.
        var limit = ask.Options.ReplyLimit + TimeSpan.FromSeconds(_size / 20e6);
        return NodeRequests.Stored(
            await NodeRequests.WithoutBodyAsync(await connection.AnswerAsync(exchange, limit, cancel)), name, _size, promised);
    }

    private Task<StoredFile?> StoredAsync(NativeReply stored, ContentDigest? known, CancellationToken cancel) =>
        whereabouts.StoredAsync(stored, _size, async () => known?.AsMd5 ?? (await WholeAsync(DigestKind.Md5, cancel))?.AsMd5, cancel);

    private async Task<ContentDigest?> WholeAsync(DigestKind kind, CancellationToken cancel)
    {
        using var digest = await source.DigestAsync(kind, _size, ask.Options.BlockBytes, cancel);
        return digest.Current;
    }

    private Task<T> RetryingAsync<T>(Func<Attempt, Task<T>> act, CancellationToken cancel) =>
        ask.Retrying.RunAsync(act, transfer.Waits, cancel);

    private static long Pages(long bytes) =>
        (bytes + NativeRequest.PartBytesUnit - 1) / NativeRequest.PartBytesUnit * NativeRequest.PartBytesUnit;
}
