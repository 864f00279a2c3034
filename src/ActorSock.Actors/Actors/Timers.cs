namespace ActorSock.Actors;

/// <summary>Timers of one actor, by key; they end with the actor or its restart.</summary>
/// <remarks>A timer that was cancelled or replaced never delivers, not even a message that was already queued.</remarks>
public interface ITimerScheduler
{
    IReadOnlyCollection<object> ActiveTimers { get; }

    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);

    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);

    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);

    bool IsTimerActive(object key);

    void Cancel(object key);

    void CancelAll();
}

/// <summary>An actor with timers; the engine sets them before the actor starts.</summary>
public interface IWithTimers
{
    ITimerScheduler Timers { get; set; }
}

/// <summary>The timers of one actor.</summary>
internal sealed class CellTimers(ActorCell cell) : ITimerScheduler
{
    /// <summary>One for each key; actors have a few at most, and many actors have one.</summary>
    private readonly List<Timer> _timers = [];
    private bool _closed;

    public IReadOnlyCollection<object> ActiveTimers => _timers.ConvertAll(static timer => timer.Key);

    public bool IsTimerActive(object key) => Find(key) is not null;

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => StartSingleTimer(key, msg, timeout, cell);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) =>
        Start(key, msg, sender, timer => cell.System.Scheduler.ScheduleTellOnce(timeout, cell, timer, sender, timer.Cancelable));

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => StartPeriodicTimer(key, msg, interval, interval, cell);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) =>
        StartPeriodicTimer(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
        StartPeriodicTimer(key, msg, initialDelay, interval, cell);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, sender, timer =>
            cell.System.Scheduler.ScheduleTellRepeatedly(initialDelay, interval, cell, timer, sender, timer.Cancelable), repeats: true);

    public void Cancel(object key)
    {
        if (Find(key) is not { } timer)
            return;
        _timers.Remove(timer);
        timer.Cancelable.Cancel();
    }

    public void CancelAll()
    {
        foreach (var timer in _timers)
            timer.Cancelable.Cancel();
        _timers.Clear();
    }

    /// <summary>
    /// The end of the instance that the timers belong to. A handler of it that is still under way may want another: nobody
    /// would hear it, and nobody would cancel it.
    /// </summary>
    internal void Close()
    {
        _closed = true;
        CancelAll();
    }

    /// <summary>What a timer's message carries, if the timer is still the current one of its key.</summary>
    internal bool TryAccept(Timer timer, out object message)
    {
        message = timer.Message;
        if (!_timers.Contains(timer))
            return false;
        if (!timer.Repeats)
            _timers.Remove(timer);
        return true;
    }

    private void Start(object key, object msg, IActorRef sender, Action<Timer> schedule, bool repeats = false)
    {
        if (_closed)
            return;
        Cancel(key);
        var timer = new Timer(key, msg, repeats, new Cancelable(cell.System.Scheduler.Advanced));
        _timers.Add(timer);
        schedule(timer);
    }

    private Timer? Find(object key) => _timers.Find(timer => timer.Key.Equals(key));

    /// <summary>One start of a timer, and the message that says that it fired; whether it counts as activity, its payload says.</summary>
    internal sealed class Timer(object key, object message, bool repeats, Cancelable cancelable)
        : IAutoReceivedMessage, INotInfluenceReceiveTimeout, Event.IDeadLetterSuppression, INoSerializationVerificationNeeded
    {
        public object Key => key;

        public object Message => message;

        public bool Repeats => repeats;

        public Cancelable Cancelable => cancelable;
    }
}
