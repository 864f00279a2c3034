using ActorSock.Actors.Event;

namespace ActorSock.Actors;

/// <summary>Schedules by the timers of a <see cref="TimeProvider"/>; the runtime keeps those in a few queues, so one is cheap.</summary>
internal sealed class TimerScheduler(TimeProvider clock, ILoggingAdapter log) : IScheduler, IAdvancedScheduler, IDisposable
{
    private readonly long _start = clock.GetTimestamp();
    private volatile bool _disposed;

    public DateTimeOffset Now => clock.GetUtcNow();

    public TimeSpan MonotonicClock => clock.GetElapsedTime(_start);

    public TimeSpan HighResMonotonicClock => MonotonicClock;

    public IAdvancedScheduler Advanced => this;

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Schedule(new Work(this, receiver, message, sender, null, cancelable), delay, null);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Schedule(new Work(this, receiver, message, sender, null, cancelable), initialDelay, Positive(interval));

    public void ScheduleOnce(TimeSpan delay, Action action) => ScheduleOnce(delay, action, null);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Schedule(new Work(this, null, null, null, action, cancelable), delay, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        ScheduleRepeatedly(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Schedule(new Work(this, null, null, null, action, cancelable), initialDelay, Positive(interval));

    public void Dispose() => _disposed = true;

    private static TimeSpan Positive(TimeSpan interval) => interval > TimeSpan.Zero
        ? interval
        : throw new ArgumentOutOfRangeException(nameof(interval), interval, "an interval must be positive");

    private void Schedule(Work work, TimeSpan delay, TimeSpan? interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (_disposed || work.Cancelable?.IsCancellationRequested == true)
            return;
        work.Start(clock, delay, interval);
        if (work.Cancelable is Cancelable own)
            own.Own(work);
        else
            work.Cancelable?.Token.Register(static started => ((Work)started!).Dispose(), work);
    }

    private sealed class Work(TimerScheduler scheduler, ICanTell? receiver, object? message, IActorRef? sender, Action? action, ICancelable? cancelable)
        : IDisposable
    {
        private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);
        private ITimer? _timer;

        public ICancelable? Cancelable => cancelable;

        public void Start(TimeProvider clock, TimeSpan delay, TimeSpan? interval)
        {
            var first = delay > s_longest ? s_longest : delay;
            // Created stopped, so that the callback never sees a timer that is not yet assigned.
            _timer = clock.CreateTimer(static work => ((Work)work!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(first, interval ?? Timeout.InfiniteTimeSpan);
        }

        public void Dispose() => _timer!.Dispose();

        private void Run()
        {
            if (scheduler._disposed || cancelable?.IsCancellationRequested == true)
            {
                Dispose();
                return;
            }
            try
            {
                receiver?.Tell(message!, sender!);
                action?.Invoke();
            }
            catch (Exception e)
            {
                scheduler.Report(e);
            }
        }
    }

    private void Report(Exception e) => log.Log(LogLevel.ErrorLevel, e, $"scheduled work failed: {e.Message}");
}
