namespace ActorSock.Client.Native;

/// <summary>The body behind a reply, read straight from the connection. Until it is disposed of nothing else is heard.</summary>
/// <param name="frames">What is read from.</param>
/// <param name="bytes">How long it is.</param>
/// <param name="options">Limits.</param>
/// <param name="broken">Told when nobody can find the next header.</param>
/// <param name="closed">When the connection is closed.</param>
internal sealed class ReplyBody(
    IncomingFrames frames, long bytes, NodeOptions options, Action<NodeLostException> broken, CancellationToken closed) : IAsyncDisposable
{
    // So much is read and thrown away, when it comes at once; behind more the connection is given up.
    private const long SkipBytesMax = 1 << 20;
    private static readonly TimeSpan s_skipLimit = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isDisposed;
    private bool _isLost;

    /// <summary>Bytes that have not been read.</summary>
    public long Left { get; private set; } = bytes;

    /// <summary>It is not read any more.</summary>
    public Task Finished => _finished.Task;

    /// <summary>Reads bytes; 0 at the end.</summary>
    /// <exception cref="NodeLostException">The connection was lost, or nothing came for <see cref="NodeOptions.ReplyLimit"/>.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancel)
    {
        if (Left == 0) return 0;
        var wanted = (int)Math.Min(destination.Length, Left);
        using var late = new CancellationTokenSource(options.ReplyLimit, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, closed, late.Token);
        int count;
        try
        {
            count = await frames.ReadAsync(destination[..wanted], either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Lost(closed.IsCancellationRequested
                ? "the connection was closed in the middle of a body"
                : $"the node sent nothing for {options.ReplyLimit}");
        }
        if (count == 0) throw Lost($"the node closed the connection {Left} bytes before the end of a body");
        Left -= count;
        return count;
    }

    /// <summary>Reads all of it into memory.</summary>
    public async Task<byte[]> ReadAllAsync(CancellationToken cancel)
    {
        var whole = new byte[Left];
        for (var at = 0; at < whole.Length;) at += await ReadAsync(whole.AsMemory(at), cancel);
        return whole;
    }

    /// <summary>Lets the connection go on behind the body.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        try
        {
            var rest = Left is > 0 and <= SkipBytesMax && !_isLost ? new byte[Math.Min(Left, 64 << 10)] : [];
            using var patience = new CancellationTokenSource(s_skipLimit, options.Clock);
            while (Left > 0 && rest.Length > 0) await ReadAsync(rest, patience.Token);
        }
        catch (Exception lost) when (lost is NodeLostException or OperationCanceledException)
        {
            // Then it is not at its end, and the connection ends: that is all there is to be said of it.
        }
        if (Left > 0) broken(new NodeLostException("a body was not read to its end"));
        _finished.TrySetResult();
    }

    private NodeLostException Lost(string why)
    {
        _isLost = true;
        return new NodeLostException(why);
    }
}
