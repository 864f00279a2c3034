using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>One request that waits for its answer.</summary>
/// <param name="id">Its number.</param>
internal sealed class Exchange(long id)
{
    private readonly TaskCompletionSource<NativeReply?> _early = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Answer> _last = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Id { get; } = id;

    /// <summary>The early word about an upload; null when the last word came first.</summary>
    public Task<NativeReply?> Early => _early.Task;

    /// <summary>The last word.</summary>
    public Task<Answer> Last => _last.Task;

    public void TellEarly(NativeReply reply) => _early.TrySetResult(reply);

    public void Tell(Answer answer)
    {
        _last.TrySetResult(answer);
        _early.TrySetResult(null);
    }

    public void Fail(Exception why)
    {
        _last.TrySetException(why);
        _early.TrySetResult(null);
        // Nobody may be waiting any more.
        _ = _last.Task.Exception;
    }

    /// <summary>Nobody waits any more: a body that comes, or has come, is thrown away.</summary>
    public void Abandon() => _ = DropAsync();

    private async Task DropAsync()
    {
        await ((Task)Last).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Last.IsCompletedSuccessfully && Last.Result.Body is { } body) await body.DisposeAsync();
    }
}

/// <summary>What a node answered.</summary>
/// <param name="Reply">The header.</param>
/// <param name="Body">What followed; null for nothing. Whoever has it must dispose of it: until then nothing else is heard.</param>
internal sealed record Answer(NativeReply Reply, ReplyBody? Body);
