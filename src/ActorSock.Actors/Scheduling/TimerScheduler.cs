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
        ? TimeSpan.FromTicks(Math.Max(interval.Ticks, TimeSpan.TicksPerMillisecond)) // timers count milliseconds
        : throw new ArgumentOutOfRangeException(nameof(interval), interval, "an interval must be positive");

    private void Schedule(Work work, TimeSpan delay, TimeSpan? interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (!_disposed)
            work.Start(clock, delay, interval);
    }

    private sealed class Work(
        TimerScheduler scheduler, ICanTell? receiver, object? message, IActorRef? sender, Action? action, ICancelable? cancelable)
        : IDisposable
    {
        private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);
        private CancellationTokenRegistration _registration;
        private ITimer? _timer;
        private TimeSpan _left, _interval;

        public void Start(TimeProvider clock, TimeSpan delay, TimeSpan? interval)
        {
            // The timer is created stopped, so that its callback finds everything in place; and somebody owns it
            // before it can fire, so that one that has fired can be disowned again.
            _timer = clock.CreateTimer(
                static work => ((Work)work!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _interval = interval ?? TimeSpan.Zero;
            if (cancelable is Cancelable own)
                own.Own(this);
            else if (cancelable is not null)
                _registration = cancelable.Token.Register(static work => ((Work)work!).Dispose(), this);
            Arm(delay);
        }

        public void Dispose() => _timer!.Dispose();

        private void Arm(TimeSpan delay)
        {
            var step = delay > s_longest ? s_longest : delay; // what a timer can count at a time
            _left = delay - step;
            var repeatsItself = _left == TimeSpan.Zero && _interval > TimeSpan.Zero && _interval <= s_longest;
            _timer!.Change(step, repeatsItself ? _interval : Timeout.InfiniteTimeSpan);
        }

        private void Fire()
        {
            if (scheduler._disposed || cancelable?.IsCancellationRequested == true)
            {
                End();
                return;
            }
            if (_left > TimeSpan.Zero)
            {
                Arm(_left);
                return;
            }
            if (_interval == TimeSpan.Zero)
                End();
            else if (_interval > s_longest)
                Arm(_interval);
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

        private void End()
        {
            Dispose();
            (cancelable as Cancelable)?.Disown(this);
            _registration.Dispose();
        }
    }

    private void Report(Exception e) => log.Log(LogLevel.ErrorLevel, e, $"scheduled work failed: {e.Message}");
}
