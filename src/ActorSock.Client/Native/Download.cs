using System.Buffers;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>Fetches one file, however often the connection is lost meanwhile, and never a mixture of two versions of it.</summary>
/// <param name="ask">What to ask with.</param>
/// <param name="name">Which file.</param>
/// <param name="target">Where it is written, from where the stream stands.</param>
/// <param name="options">Which bytes.</param>
/// <param name="known">What was said of it before, such as by a list; null for nothing.</param>
/// <param name="begun">What is before where the stream stands, of an earlier download of what is known; null for nothing.</param>
internal sealed class Download(
    NodeRequests ask, string name, Stream target, GetOptions options, RemoteFile? known = null, Download.Begun? begun = null)
{
    private readonly TransferFeed.Transfer _transfer = ask.Feed.Begin(name, TransferDirection.Down, begun is null ? null : known?.SizeBytes);
    private readonly long _origin = target.CanSeek ? target.Position - (begun?.Bytes ?? 0) : 0;
    private BodyDigest _digest = begun?.Digest ?? NewDigest();
    private RemoteFile? _version = begun is null ? null : known;
    private long _doneBytes = begun?.Bytes ?? 0;

    /// <summary>The beginning of a file, which is there.</summary>
    /// <param name="Bytes">How long it is.</param>
    /// <param name="Digest">Of so many bytes; whoever gets this has it.</param>
    public sealed record Begun(long Bytes, BodyDigest Digest);

    public Task<RemoteFile> RunAsync(CancellationToken cancel) => _transfer.RunAsync(async () =>
    {
        try
        {
            var file = await ask.Retrying.RunAsync(attempt => FetchAsync(attempt, cancel), _transfer.Waits, cancel);
            return await VerifiedAsync(file, cancel);
        }
        finally
        {
            _digest.Dispose();
        }
    });

    private async Task<RemoteFile> FetchAsync(Attempt attempt, CancellationToken cancel)
    {
        await using var lease = await ask.Pool.LeaseAsync(cancel);
        while (true)
        {
            if (await FetchAsync(lease.Connection, attempt, cancel) is { } file) return file;
            StartOver();
        }
    }

    /// <returns>Null when what came is the rest of another version.</returns>
    private async Task<RemoteFile?> FetchAsync(NodeConnection connection, Attempt attempt, CancellationToken cancel)
    {
        var answer = await BeginAsync(connection, cancel);
        await using var body = answer.Body;
        var reply = answer.Reply;
        var file = new RemoteFile(
            reply.Name ?? name, NodeRequests.Said(reply.Size, "size"), NodeRequests.Said(reply.Modified, "modified"), reply.Md5);
        if (_doneBytes > 0 && !IsSame(file)) return null;
        _version = file;
        ThrowIfOtherBytes(reply, body?.Left ?? 0);
        if (_doneBytes > 0) _transfer.Resumes(_doneBytes);
        _transfer.Knows(_doneBytes + (body?.Left ?? 0));
        if (body is not null) await CopyAsync(body, attempt, cancel);
        await target.FlushAsync(cancel);
        return file;
    }

    private async Task<Answer> BeginAsync(NodeConnection connection, CancellationToken cancel)
    {
        try
        {
            return await connection.AskAsync(Request(), cancel);
        }
        catch (NodeRefusedException changed) when (_doneBytes > 0
            && (changed.Is(Rejection.Changed) || changed.Is(Rejection.OffsetBeyond)))
        {
            StartOver();
            return await connection.AskAsync(Request(), cancel);
        }
    }

    private static BodyDigest NewDigest() => new(DigestKind.Md5);

    private NativeRequest.Get Request() => new(name)
    {
        Offset = options.Offset + _doneBytes,
        Length = options.Length - _doneBytes,
        OnlyIf = _doneBytes > 0 ? _version?.Md5 : null,
    };

    private async Task CopyAsync(ReplyBody body, Attempt attempt, CancellationToken cancel)
    {
        var block = ArrayPool<byte>.Shared.Rent(ask.Options.BlockBytes);
        var digesting = Task.CompletedTask;
        try
        {
            while (await body.ReadAsync(block, cancel) is > 0 and var got)
            {
                digesting = _digest.AppendAsync(block.AsMemory(0, got)).AsTask();
                await target.WriteAsync(block.AsMemory(0, got), cancel);
                await digesting;
                _doneBytes += got;
                attempt.Moved();
                _transfer.Moved(_doneBytes);
            }
        }
        finally
        {
            await digesting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private void ThrowIfOtherBytes(NativeReply reply, long bytes)
    {
        var from = options.Offset + _doneBytes;
        if ((reply.Offset ?? 0) != from)
            throw new NodeLostException($"the node sends bytes from {reply.Offset ?? 0} on, and was asked for those from {from} on");
        var due = Math.Min(options.Length - _doneBytes ?? long.MaxValue, reply.Size!.Value - from);
        if (bytes != due) throw new NodeLostException($"the node sends {bytes} bytes where there are {due}");
    }

    private bool IsSame(RemoteFile file) => IsSame(file, _version!);

    // A node that does not know a digest without reading has read it when it was asked for that very one.
    private static bool IsSame(RemoteFile file, RemoteFile other) =>
        file with { Md5 = null } == other with { Md5 = null } && (file.Md5 ?? other.Md5) == other.Md5;

    private void StartOver()
    {
        if (!target.CanSeek) throw new IOException("the file has changed while it was fetched, and what was written cannot be taken back");
        target.Position = _origin;
        target.SetLength(_origin);
        _digest.Dispose();
        _digest = NewDigest();
        (_doneBytes, _version) = (0, null);
    }

    // A node may send a file of which it knows no digest, and knows one when it is asked for that.
    private async Task<RemoteFile> VerifiedAsync(RemoteFile file, CancellationToken cancel)
    {
        if (options.Offset > 0 || _doneBytes != file.SizeBytes) return file;
        if (file.Md5 is null && known?.Md5 is not null && IsSame(file, known with { Name = file.Name })) file = file with { Md5 = known.Md5 };
        if (file.Md5 is null)
        {
            var now = await ask.Retrying.RunAsync(_ => ask.StatOnceAsync(name, cancel), _transfer.Waits, cancel);
            if (now is null || !IsSame(file, now with { Md5 = null }))
                throw new IOException("it was changed on the node while it was fetched, and cannot be compared: fetch it again");
            file = now;
        }
        var actual = _digest.Current.AsMd5!.Value;
        return file.Md5 is { } promised && actual != promised ? throw new DigestDiffersException(actual, promised) : file;
    }
}
