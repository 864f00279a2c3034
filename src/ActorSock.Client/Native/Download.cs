using System.Buffers;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>Fetches one file, however often the connection is lost meanwhile, and never a mixture of two versions of it.</summary>
/// <param name="ask">What to ask with.</param>
/// <param name="name">Which file.</param>
/// <param name="target">Where it is written, from where the stream stands.</param>
/// <param name="options">Which bytes.</param>
/// <param name="begun">What is before where the stream stands, of an earlier download; null for nothing.</param>
internal sealed class Download(NodeRequests ask, string name, Stream target, GetOptions options, Download.Begun? begun = null)
{
    private readonly TransferFeed.Transfer _transfer = ask.Feed.Begin(name, TransferDirection.Down, begun?.Version.SizeBytes);
    private readonly long _origin = target.CanSeek ? target.Position - (begun?.Bytes ?? 0) : 0;
    private BodyDigest _digest = begun?.Digest ?? NewDigest();
    private RemoteFile? _version = begun?.Version;
    private long _doneBytes = begun?.Bytes ?? 0;

    /// <summary>The beginning of a file, which is there.</summary>
    /// <param name="Bytes">How long it is.</param>
    /// <param name="Digest">Of so many bytes; whoever gets this has it.</param>
    /// <param name="Version">Of which version it is.</param>
    public sealed record Begun(long Bytes, BodyDigest Digest, RemoteFile Version);

    public Task<RemoteFile> RunAsync(CancellationToken cancel) => _transfer.RunAsync(async () =>
    {
        try
        {
            var file = await ask.Retrying.RunAsync(attempt => FetchAsync(attempt, cancel), _transfer.Waits, cancel);
            Verify(file);
            return file;
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
        using var patience = new CancellationTokenSource(ask.Options.ReplyLimit, ask.Options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            while (await body.ReadAsync(block, either.Token) is > 0 and var got)
            {
                digesting = _digest.AppendAsync(block.AsMemory(0, got)).AsTask();
                await target.WriteAsync(block.AsMemory(0, got), cancel);
                await digesting;
                _doneBytes += got;
                attempt.Moved();
                _transfer.Moved(_doneBytes);
                patience.CancelAfter(ask.Options.ReplyLimit);
            }
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new NodeLostException($"the node sent nothing for {ask.Options.ReplyLimit}", late);
        }
        finally
        {
            await digesting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    // A node that does not know a digest without reading has read it when it was asked for that very one.
    private bool IsSame(RemoteFile file) =>
        file with { Md5 = null } == _version! with { Md5 = null } && (file.Md5 ?? _version!.Md5) == _version!.Md5;

    private void StartOver()
    {
        if (!target.CanSeek) throw new IOException("the file has changed while it was fetched, and what was written cannot be taken back");
        target.Position = _origin;
        target.SetLength(_origin);
        _digest.Dispose();
        _digest = NewDigest();
        (_doneBytes, _version) = (0, null);
    }

    private void Verify(RemoteFile file)
    {
        if (file.Md5 is not { } promised || options.Offset > 0 || _doneBytes != file.SizeBytes) return;
        var actual = _digest.Current.AsMd5!.Value;
        if (actual != promised) throw new DigestDiffersException(actual, promised);
    }
}
