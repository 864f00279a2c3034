using System.Buffers;
using System.Security.Cryptography;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>Fetches one file, however often the connection is lost meanwhile, and never a mixture of two versions of it.</summary>
/// <param name="ask">What to ask with.</param>
/// <param name="name">Which file.</param>
/// <param name="target">Where it is written, from where the stream stands.</param>
/// <param name="options">Which bytes.</param>
internal sealed class Download(NodeRequests ask, string name, Stream target, GetOptions options)
{
    private readonly TransferFeed.Transfer _transfer = ask.Feed.Begin(name, TransferDirection.Down, null);
    private readonly long _origin = target.CanSeek ? target.Position : 0;
    private IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private RemoteFile? _version;
    private long _doneBytes;

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
        if (_doneBytes > 0 && file != _version) return null;
        _version = file;
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

    private NativeRequest.Get Request() => new(name)
    {
        Offset = options.Offset + _doneBytes,
        Length = options.Length - _doneBytes,
        OnlyIf = _doneBytes > 0 ? _version?.Md5 : null,
    };

    private async Task CopyAsync(ReplyBody body, Attempt attempt, CancellationToken cancel)
    {
        var block = ArrayPool<byte>.Shared.Rent(ask.Options.BlockBytes);
        using var patience = new CancellationTokenSource(ask.Options.ReplyLimit, ask.Options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            while (await body.ReadAsync(block, either.Token) is > 0 and var got)
            {
                _digest.AppendData(block, 0, got);
                await target.WriteAsync(block.AsMemory(0, got), cancel);
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
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private void StartOver()
    {
        if (!target.CanSeek) throw new IOException("the file has changed while it was fetched, and what was written cannot be taken back");
        target.Position = _origin;
        target.SetLength(_origin);
        _digest.Dispose();
        _digest = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        (_doneBytes, _version) = (0, null);
    }

    private void Verify(RemoteFile file)
    {
        if (file.Md5 is not { } promised || options.Offset > 0 || _doneBytes != file.SizeBytes) return;
        var actual = _digest.Current().AsMd5;
        if (actual != promised) throw new IOException($"the bytes that arrived have the md5 {actual}, those of the node {promised}");
    }
}
