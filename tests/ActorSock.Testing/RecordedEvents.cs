using ActorSock.Events;

namespace ActorSock.Testing;

/// <summary>Remembers every event of a node, and wakes who waits for one.</summary>
internal sealed class RecordedEvents : IEventSink
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly List<ServerEvent> _all = [];
    private TaskCompletionSource _next = NewSignal();
    private ServerNode? _node;

    /// <summary>All that have been published until now.</summary>
    public IReadOnlyList<ServerEvent> All
    {
        get
        {
            Catch();
            lock (_lock)
                return [.. _all];
        }
    }

    public IEnumerable<T> Of<T>() where T : ServerEvent => All.OfType<T>();

    /// <summary>Knows from now on whose events they are: who looks at them then waits for those that are still on their way.</summary>
    public void Follow(ServerNode node) => _node = node;

    public void On(ServerEvent e)
    {
        if (e is ServerEvent.EngineSpoke { Cause: Mark mark })
        {
            mark.Passed.TrySetResult();
            return;
        }
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

    /// <summary>The feed of a node is an actor: what is published before a mark has passed when the mark has.</summary>
    private void Catch()
    {
        if (_node is not { } node || _lock.IsHeldByCurrentThread)
            return;
        var mark = new Mark();
        node.System.EventStream.Publish(new ServerEvent.EngineSpoke(default, Severity.Debug, "", "", mark));
        if (Task.WaitAny([mark.Passed.Task, node.Completion], s_patience) < 0)
            throw new TimeoutException($"the events of the node do not come within {s_patience}");
    }

    private sealed class Mark : Exception
    {
        public TaskCompletionSource Passed { get; } = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
