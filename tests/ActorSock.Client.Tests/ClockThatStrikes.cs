using System.Threading.Channels;

namespace ActorSock.Client.Tests;

/// <summary>Runs out the timers that were set when it is told to strike, and never before.</summary>
internal sealed class ClockThatStrikes : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private readonly Channel<Timer> _set = Channel.CreateUnbounded<Timer>();

    /// <summary>Completes when the next timer is set that nobody has waited for.</summary>
    public async Task SetAsync() => await _set.Reader.ReadAsync();

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
        _set.Writer.TryWrite(timer);
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
