using System.Security.Cryptography;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>Stores one file, however often the connection is lost meanwhile.</summary>
/// <param name="ask">What to ask with.</param>
/// <param name="name">What the file is to be called.</param>
/// <param name="source">Its bytes.</param>
/// <param name="upload">The name of the upload.</param>
/// <param name="order">How it is to be stored.</param>
internal sealed class Upload(NodeRequests ask, string name, UploadSource source, string upload, PutOptions order)
{
    // From here on it costs less to ask whether the file would be refused than to send it in vain.
    private const long AskFirstBytes = 1 << 20;

    private readonly TransferFeed.Transfer _transfer = ask.Feed.Begin(name, TransferDirection.Up, source.Size);
    private Whereabouts _whereabouts = new(ask, name, upload, order);
    private long _furthest;

    private NodeOptions Options => ask.Options;

    /// <summary>Stores it.</summary>
    public Task<StoredFile> RunAsync(CancellationToken cancel) => _transfer.RunAsync(async () =>
    {
        try
        {
            return await SendAsync(cancel);
        }
        catch (SourceChangedException changed) when (order.Known is null) // what is known is of another version
        {
            // What the node has of it is of another file, which may have had another length.
            source.BeginAnew();
            (upload, order, _furthest) = (NewName(), order with { Upload = null }, 0);
            _whereabouts = new Whereabouts(ask, name, upload, order);
            _transfer.BeginsAnew(changed.Message, source.Size);
            return await SendAsync(cancel);
        }
    });

    /// <summary>A name that no other upload has.</summary>
    public static string NewName() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private async Task<StoredFile> SendAsync(CancellationToken cancel)
    {
        try
        {
            return await SendAsItIsAsync(cancel);
        }
        catch (IOException why) when (MayBeOfChange(why) && source.HasChanged)
        {
            throw new SourceChangedException(why);
        }
    }

    // What is sent of a file is in it until it has left: behind our last look somebody may write there, or make it shorter.
    private static bool MayBeOfChange(IOException why) =>
        why is EndOfStreamException || (why is NodeRefusedException refused && refused.Is(Rejection.DigestDiffers));

    private async Task<StoredFile> SendAsItIsAsync(CancellationToken cancel)
    {
        if (source.Size is not { } size) return await UnsizedAsync(cancel);
        if (size <= Options.SmallBytesMax) return await SmallAsync(await ReadAsync((int)size, cancel), cancel);
        return order.PartsAtOnce > 1 && size > order.PartBytes && source.File is not null && await CanPartAsync(cancel)
            ? await new PartsUpload(ask, name, source, order, upload, _whereabouts, _transfer).RunAsync(cancel)
            : await RetryingAsync(attempt => SizedAsync(size, attempt, cancel), cancel);
    }

    private Task<bool> CanPartAsync(CancellationToken cancel) =>
        RetryingAsync(async _ => (await ask.Pool.SharedAsync(cancel)).Can("parts"), cancel);

    // Nobody knows how long it is: what fits in memory is a small file, and the rest is sent as it comes, once.
    private async Task<StoredFile> UnsizedAsync(CancellationToken cancel)
    {
        var beginning = new byte[Options.SmallBytesMax + 1];
        var count = await source.FillAsync(beginning, cancel);
        if (count < beginning.Length) return await SmallAsync(beginning[..count], cancel);
        await using var lease = await RetryingAsync(_ => ask.Pool.LeaseAsync(cancel), cancel);
        return await ChunkedAsync(lease.Connection, beginning, cancel);
    }

    private async Task<StoredFile> ChunkedAsync(NodeConnection connection, ReadOnlyMemory<byte> beginning, CancellationToken cancel)
    {
        using var digest = order.NewDigest();
        var put = NewPut() with { Body = FrameBody.Chunked, Promise = order.Promise };
        var sent = 0L;
        var sending = new BodySending(FillAsync, view: null, digest, Options, bytes =>
        {
            sent += bytes;
            _transfer.MovedMore(bytes);
        });
        var exchange = await connection.StreamAsync(put, async (exchange, outgoing) =>
        {
            if (await sending.ChunkedAsync(exchange, outgoing, cancel)) await TrailAsync(outgoing, digest, cancel);
            return true;
        }, cancel);
        return NodeRequests.Stored(await LastWordAsync(connection, exchange, cancel), name, sent, Told(digest));

        async ValueTask<int> FillAsync(long _, Memory<byte> block, CancellationToken token)
        {
            if (beginning.IsEmpty) return await source.FillAsync(block, token);
            var count = Math.Min(block.Length, beginning.Length);
            beginning[..count].CopyTo(block);
            beginning = beginning[count..];
            return count;
        }
    }

    private Task<StoredFile> SmallAsync(byte[] content, CancellationToken cancel)
    {
        var digest = order.Digests ? BodyDigest.Of(order.Digest, content) : order.Known;
        var put = NewPut() with
        {
            Body = FrameBody.Of(content.Length),
            Promise = digest is { } known ? new DigestPromise.Named(known) : DigestPromise.Nothing,
        };
        // A second file beside the first, or a refusal for being there already, is not undone by sending it again.
        var isNamed = order.Upload is not null || order.Exists != ExistsRule.Replace;
        return RetryingAsync(async attempt =>
        {
            var connection = await ask.Pool.SharedAsync(cancel);
            var isRemembered = isNamed && connection.Can("resume");
            if (attempt.MayBeDone && await _whereabouts.FindAsync(connection, content, isRemembered, cancel) is { } there) return there;
            var request = isRemembered ? put with { Upload = upload } : put;
            var exchange = await connection.AskAsync(request, content, cancel);
            var reply = await LastWordAsync(connection, exchange, cancel);
            _transfer.Moved(content.Length);
            return NodeRequests.Stored(reply, name, content.Length, digest);
        }, cancel);
    }

    private async Task<StoredFile> SizedAsync(long size, Attempt attempt, CancellationToken cancel)
    {
        await using var lease = await ask.Pool.LeaseAsync(cancel);
        var (offset, digest) = (0L, (BodyDigest?)null);
        try
        {
            if (!lease.Connection.Can("resume"))
            {
                if (attempt.MayBeDone && await FindAsync(size, cancel) is { } stored) return stored;
            }
            else if (attempt.Number > 1 || order.Upload is not null || size > AskFirstBytes)
            {
                var there = await _whereabouts.ResumeAsync(lease.Connection, size, cancel);
                if (there.Status != NativeReply.Stored)
                {
                    (offset, digest) = await GoOnAsync(there, cancel);
                    GetsOn(offset, attempt);
                }
                else if (await _whereabouts.StoredAsync(there, size, () => Md5Async(size, cancel), cancel) is { } stored) return stored;
            }
            if (!source.CanGoTo(offset)) throw new IOException("the body cannot be read again", attempt.Failed);
            source.GoTo(offset);
            digest ??= order.NewDigest();
            _transfer.Resumes(offset);
            return NodeRequests.Stored(await SendAsync(lease.Connection, size, offset, digest, cancel), name, size, Told(digest));
        }
        catch (NodeRefusedException there) when (attempt.MayBeDone && there.Is(Rejection.Exists))
        {
            // It may be there because an earlier attempt has stored it.
            if (await FindAsync(size, cancel) is { } stored) return stored;
            throw;
        }
        finally
        {
            digest?.Dispose();
        }
    }

    private async Task<StoredFile?> FindAsync(long size, CancellationToken cancel) =>
        await Md5Async(size, cancel) is { } md5 ? await _whereabouts.FindAsync(size, md5, cancel) : null;

    private ContentDigest? Told(BodyDigest? digest) => order.Known ?? digest?.Current;

    private async Task<Md5Digest?> Md5Async(long size, CancellationToken cancel)
    {
        if (order.Known?.AsMd5 is { } known) return known;
        if (!source.CanSeek) return null;
        using var whole = await source.DigestAsync(DigestKind.Md5, size, Options.BlockBytes, cancel);
        return whole.Current.AsMd5;
    }

    private async Task<NativeReply> SendAsync(
        NodeConnection connection, long size, long offset, BodyDigest? digest, CancellationToken cancel)
    {
        // Without a digest nobody would notice what is written into a block after it was sent, and before it left.
        using var view = digest is null && order.Known is null ? null : source.View(offset, size - offset, Options.BlockBytes);
        var sending = new BodySending(
            (position, block, token) => source.FillAsync(offset + position, block, token), view, digest, Options, _transfer.MovedMore);
        var put = NewPut() with
        {
            Size = size,
            Offset = offset,
            Body = FrameBody.Of(size - offset),
            Upload = connection.Can("resume") ? upload : null,
            Promise = await PromiseAsync(size, offset, cancel),
        };
        var exchange = await connection.StreamAsync(put, async (exchange, outgoing) =>
        {
            if (!await sending.CountedAsync(size - offset, exchange, outgoing, cancel)) return false;
            if (put.HasTrailer) await TrailAsync(outgoing, digest, cancel);
            return true;
        }, cancel);
        return await LastWordAsync(connection, exchange, cancel);
    }

    // What the system has taken from us may never arrive: what the node has kept did.
    private void GetsOn(long offset, Attempt attempt)
    {
        if (offset <= _furthest) return;
        _furthest = offset;
        attempt.Moved();
    }

    // What is there is gone on with when it is ours; a file that has changed meanwhile begins anew.
    private async Task<(long Offset, BodyDigest? Digest)> GoOnAsync(NativeReply there, CancellationToken cancel)
    {
        var kind = there.Sha256 is null ? DigestKind.Md5 : DigestKind.Sha256;
        ContentDigest? theirs = there.Sha256 ?? (there.Md5 is { } md5 ? ContentDigest.From(md5) : null);
        if (there.Offset is not > 0 || there.Parts is not null || theirs is null || !source.CanGoTo(0)) return (0, null);
        var digest = await source.DigestAsync(kind, there.Offset.Value, Options.BlockBytes, cancel);
        if (digest.Current == theirs && order.Digests && kind == order.Digest) return (there.Offset.Value, digest);
        var isOurs = digest.Current == theirs;
        digest.Dispose();
        return isOurs && !order.Digests ? (there.Offset.Value, null) : (0, null);
    }

    private async Task<DigestPromise> PromiseAsync(long size, long offset, CancellationToken cancel)
    {
        if (!order.Digests || order.DigestTold != DigestTold.Before || !source.CanGoTo(0)) return order.Promise;
        using var whole = await source.DigestAsync(order.Digest, size, Options.BlockBytes, cancel);
        source.GoTo(offset);
        return new DigestPromise.Named(whole.Current);
    }

    /// <summary>Waits for the last word, and passes on an early one.</summary>
    private async Task<NativeReply> LastWordAsync(
        NodeConnection connection, Exchange exchange, CancellationToken cancel)
    {
        if (order.Ack != AckLevel.Durable && order.Acknowledged is { } acknowledged
            && await connection.EarlyAsync(exchange, cancel) is { Ack: { } level })
            acknowledged(level);
        return await NodeRequests.WithoutBodyAsync(await connection.AnswerAsync(exchange, null, cancel));
    }

    private static async Task TrailAsync(OutgoingFrames outgoing, BodyDigest? digest, CancellationToken cancel)
    {
        if (digest is not null) await outgoing.SendAsync(NativeEncoder.Trailer(digest.Current), cancel);
    }

    private Task<T> RetryingAsync<T>(Func<Attempt, Task<T>> act, CancellationToken cancel) =>
        ask.Retrying.RunAsync(act, _transfer.Waits, cancel);

    private async Task<byte[]> ReadAsync(int size, CancellationToken cancel)
    {
        var content = new byte[size];
        var got = await source.FillAsync(content, cancel);
        return got == size ? content : throw UploadSource.Short(got, size);
    }

    private NativeRequest.Put NewPut() => new(name) { Exists = order.Exists, Ack = order.Ack };
}
