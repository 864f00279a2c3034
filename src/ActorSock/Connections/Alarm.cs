namespace ActorSock.Connections;

/// <summary>A deadline of an actor that is set and lifted for each request, and hardly ever passes.</summary>
/// <remarks>
/// Its timer is left running when the deadline moves away, and looks again when it fires: so a busy connection starts none.
/// Only a deadline before that of the running timer starts another one.
/// </remarks>
/// <param name="message">what the timer tells the actor, which then asks <see cref="Passed"/></param>
/// <param name="clock">the node's</param>
internal sealed class Alarm(object message, TimeProvider clock)
{
    private long? _due, _running; // timestamps

    /// <summary>Sets the deadline, in the place of the one before.</summary>
    public void Set(TimeSpan after, ITimerScheduler timers)
    {
        _due = clock.GetTimestamp() + (long)(after.TotalSeconds * clock.TimestampFrequency);
        if (_running is not { } until || until > _due)
            Run(after, timers);
    }

    public void Lift() => _due = null;

    /// <summary>Whether the deadline has passed; asked when the timer's message arrives. Then it is lifted.</summary>
    public bool Passed(ITimerScheduler timers)
    {
        _running = null;
        if (_due is not { } due)
            return false;
        var left = clock.GetElapsedTime(clock.GetTimestamp(), due);
        if (left > TimeSpan.Zero)
        {
            Run(left, timers);
            return false;
        }
        _due = null;
        return true;
    }

    private void Run(TimeSpan after, ITimerScheduler timers)
    {
        _running = _due;
        timers.StartSingleTimer(message, message, after);
    }
}
