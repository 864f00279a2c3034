using ActorSock.Actors.Configuration;
using ActorSock.Actors.Event;

namespace ActorSock.Actors.TestKit;

/// <summary>A clock that stands still until the test moves it, and does then what falls due.</summary>
/// <remarks>
/// Switched on by <c>akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"</c>;
/// <c>(TestScheduler)Sys.Scheduler</c> is how a test gets at it. Timers, receive timeouts, windows of
/// restarts and delayed messages go by it; asking and the waiting of the kit itself do not. What falls due is
/// done in the order of its time, and at the same time in the order in which it was scheduled, on the thread
/// of the test. Messages are then on their way: an actor may handle them a moment later.
/// </remarks>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private readonly Lock _lock = new();
    private readonly Lock _moving = new();
    private readonly PriorityQueue<Work, (TimeSpan Due, long Number)> _scheduled = new();
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();
    private readonly ILoggingAdapter _log;
    private TimeSpan _elapsed;
    private long _numbers;

    public TestScheduler(Config schedulerConfig, ILoggingAdapter log) => _log = log;

    public DateTimeOffset Now => _start + MonotonicClock;

    public TimeSpan MonotonicClock
    {
        get
        {
            lock (_lock)
                return _elapsed;
        }
    }

    public TimeSpan HighResMonotonicClock => MonotonicClock;

    public IAdvancedScheduler Advanced => this;

    /// <summary>
    /// Moves the clock on and does what falls due on the way, also what is scheduled only then.
    /// </summary>
    public void Advance(TimeSpan offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, TimeSpan.Zero);
        lock (_moving)
        {
            var end = MonotonicClock + offset;
            while (Next(end) is { } work)
                Do(work);
        }
    }

    /// <summary>Moves the clock on to a time.</summary>
    /// <exception cref="InvalidOperationException">that time has passed</exception>
    public void AdvanceTo(DateTimeOffset when)
    {
        lock (_moving)
        {
            if (when < Now)
                throw new InvalidOperationException($"cannot go back to {when:O}: it is {Now:O} already");
            Advance(when - Now);
        }
    }

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender,
        ICancelable? cancelable) =>
        Schedule(delay, null, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver,
        object message, IActorRef sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender,
        ICancelable? cancelable) =>
        Schedule(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => ScheduleOnce(delay, action, null);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Schedule(delay, null, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        ScheduleRepeatedly(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action,
        ICancelable? cancelable) =>
        Schedule(initialDelay, interval, action, cancelable);

    private void Schedule(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (interval <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(interval), interval, "an interval must be positive");
        lock (_lock)
            Add(new Work(_elapsed + delay, interval, action, cancelable));
    }

    private void Add(Work work) => _scheduled.Enqueue(work, (work.Due, _numbers++));

    /// <summary>Moves the clock to what is due next, or to the end when there is nothing before it.</summary>
    private Work? Next(TimeSpan end)
    {
        lock (_lock)
        {
            while (_scheduled.TryPeek(out var work, out _) && work.Due <= end)
            {
                _scheduled.Dequeue();
                if (work.Cancelable?.IsCancellationRequested == true)
                    continue;
                _elapsed = work.Due;
                if (work.Interval is { } interval)
                    Add(work with { Due = work.Due + interval });
                return work;
            }
            _elapsed = end;
            return null;
        }
    }

    private void Do(Work work)
    {
        try
        {
            work.Action();
        }
        catch (Exception e)
        {
            _log.Error(e, $"scheduled work failed: {e.Message}");
        }
    }

    private sealed record Work(TimeSpan Due, TimeSpan? Interval, Action Action, ICancelable? Cancelable);
}
