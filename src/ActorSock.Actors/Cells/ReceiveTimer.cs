namespace ActorSock.Actors;

/// <summary>Watches over an actor's silence.</summary>
/// <remarks>A message only notes the time; the scheduled check finds out how much is left. So activity costs a clock reading, no timer.</remarks>
internal sealed class ReceiveTimer : IDisposable
{
    private readonly ActorCell _cell;
    private TimeSpan _lastActivity;
    private Cancelable _check;

    public ReceiveTimer(ActorCell cell, TimeSpan timeout)
    {
        _cell = cell;
        Timeout = timeout;
        Touch();
        _check = Schedule(timeout);
    }

    public TimeSpan Timeout { get; }

    public void Touch() => _lastActivity = _cell.System.Scheduler.MonotonicClock;

    /// <summary>At a check: whether the silence has lasted. Either way the next check is on its way.</summary>
    public bool IsDue()
    {
        var left = Timeout - (_cell.System.Scheduler.MonotonicClock - _lastActivity);
        var due = left <= TimeSpan.Zero;
        if (due)
            Touch();
        _check = Schedule(due ? Timeout : left);
        return due;
    }

    public void Dispose() => _check.Cancel();

    private Cancelable Schedule(TimeSpan delay)
    {
        var cancelable = new Cancelable(_cell.System.Scheduler.Advanced);
        _cell.System.Scheduler.ScheduleTellOnce(delay, _cell, new Check(this), ActorRefs.NoSender, cancelable);
        return cancelable;
    }

    internal sealed class Check(ReceiveTimer timer) : IAutoReceivedMessage, INotInfluenceReceiveTimeout, Event.IDeadLetterSuppression
    {
        public ReceiveTimer Timer => timer;
    }
}
