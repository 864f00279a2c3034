using ActorSock.Events;

namespace ActorSock.Testing;

/// <summary>Remembers every event of a node, and wakes who waits for one.</summary>
internal sealed class RecordedEvents : IEventSink
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly List<ServerEvent> _all = [];
    private TaskCompletionSource _next = NewSignal();

    public IReadOnlyList<ServerEvent> All
    {
        get
        {
            lock (_lock)
                return [.. _all];
        }
    }

    public IEnumerable<T> Of<T>() where T : ServerEvent => All.OfType<T>();

    public void On(ServerEvent e)
    {
        TaskCompletionSource reached;
        lock (_lock)
        {
            _all.Add(e);
            (reached, _next) = (_next, NewSignal());
        }
        reached.SetResult();
    }

    /// <summary>The first event of this type that fits, also one that has happened already.</summary>
    public async Task<T> Until<T>(Func<T, bool>? fits = null) where T : ServerEvent
    {
        await UntilCount(1, fits);
        return Of<T>().First(e => fits?.Invoke(e) != false);
    }

    /// <summary>Waits until so many events of this type that fit have happened.</summary>
    public async Task UntilCount<T>(int count, Func<T, bool>? fits = null) where T : ServerEvent
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_all.OfType<T>().Count(e => fits?.Invoke(e) != false) >= count)
                    return;
                next = _next.Task;
            }
            try
            {
                await next.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"no {count} {typeof(T).Name} within {s_patience}; there were:\n{string.Join('\n', All)}");
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
