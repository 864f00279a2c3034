namespace ActorSock.Client.Tests;

/// <summary>Runs out the timers that were set when it is told to strike, and never before.</summary>
internal sealed class ClockThatStrikes : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private readonly TaskCompletionSource _set = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first timer is set.</summary>
    public Task IsSet => _set.Task;

    public void Strike()
    {
        Timer[] due;
        lock (_timers) due = [.. _timers];
        foreach (var timer in due) timer.Strike();
    }

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(callback, state);
        lock (_timers) _timers.Add(timer);
        _set.TrySetResult();
        return timer;
    }

    private sealed class Timer(TimerCallback callback, object? state) : ITimer
    {
        private volatile bool _isDisposed;

        public void Strike()
        {
            if (!_isDisposed) callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => _isDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
