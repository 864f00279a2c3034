namespace ActorSock.Events;

/// <summary>The events of a node for those who come and go: as they happen, with the newest of those before.</summary>
/// <remarks>
/// One sink of the feed among others. Observers are told on the feed's thread, one after the other; one that throws is told of
/// nothing more.
/// </remarks>
/// <param name="historyBytesMax">bytes of the newest events that are kept</param>
/// <param name="storedASecondMax">how many of them about stored files, in each second: the journal has them all</param>
/// <param name="refusedASecondMax">how many of them about refusals</param>
internal sealed class EventBroadcast(long historyBytesMax, int storedASecondMax, int refusedASecondMax) : IEventSink, IObservable<ServerEvent>
{
    private readonly Lock _lock = new();
    private readonly Queue<(ServerEvent Event, int Bytes)> _history = [];
    private IObserver<ServerEvent>[] _observers = [];
    private long _historyBytes, _second;
    private int _storedInSecond, _refusedInSecond;
    private ServerEvent.MoreStored? _moreStored; // of the second at hand
    private ServerEvent.MoreRefused? _moreRefused;
    private bool _isOver;

    /// <summary>How many are told now.</summary>
    public int Observers => Volatile.Read(ref _observers).Length;

    public void On(ServerEvent e)
    {
        IObserver<ServerEvent>[] observers;
        lock (_lock)
        {
            Keep(e);
            observers = _observers;
        }
        List<Exception>? failures = null;
        foreach (var observer in observers)
        {
            try
            {
                observer.OnNext(e);
            }
            catch (Exception failure)
            {
                Remove(observer);
                (failures ??= []).Add(failure);
            }
        }
        if (failures is not null)
            throw new AggregateException("an observer of the events failed, and is told of none any more", failures);
    }

    public IDisposable Subscribe(IObserver<ServerEvent> observer) => Subscribe(observer, out _);

    /// <summary>The same, with the newest events before the first that the observer is told of.</summary>
    public IDisposable Subscribe(IObserver<ServerEvent> observer, out IReadOnlyList<ServerEvent> before)
    {
        ArgumentNullException.ThrowIfNull(observer);
        bool isOver;
        lock (_lock)
        {
            before = [.. _history.Select(kept => kept.Event), .. NotRemembered];
            isOver = _isOver;
            if (!isOver)
                _observers = [.. _observers, observer];
        }
        if (isOver)
            observer.OnCompleted();
        return new Subscription(this, observer);
    }

    /// <summary>Tells all that nothing more will happen.</summary>
    public void Complete()
    {
        IObserver<ServerEvent>[] observers;
        lock (_lock)
            (observers, _observers, _isOver) = (_observers, [], true);
        foreach (var observer in observers)
            observer.OnCompleted();
    }

    private void Remove(IObserver<ServerEvent> observer)
    {
        lock (_lock)
            _observers = [.. _observers.Where(each => each != observer)];
    }

    private void Keep(ServerEvent e)
    {
        if (EventWeight.IsDetail(e))
            return;
        var second = e.At.ToUnixTimeSeconds();
        if (second != _second)
        {
            foreach (var more in NotRemembered)
                Remember(more);
            (_second, _storedInSecond, _refusedInSecond, _moreStored, _moreRefused) = (second, 0, 0, null, null);
        }
        if (IsAmongFirst(e))
            Remember(e);
        else if (e is ServerEvent.Stored stored)
            _moreStored = new(e.At, (_moreStored?.Files ?? 0) + 1, (_moreStored?.Bytes ?? 0) + stored.Bytes);
        else
            _moreRefused = new(e.At, (_moreRefused?.Requests ?? 0) + 1);
    }

    private IEnumerable<ServerEvent> NotRemembered => ((ServerEvent?[])[_moreStored, _moreRefused]).OfType<ServerEvent>();

    private void Remember(ServerEvent e)
    {
        var bytes = EventWeight.Of(e);
        _history.Enqueue((e, bytes));
        _historyBytes += bytes;
        while (_historyBytes > historyBytesMax)
            _historyBytes -= _history.Dequeue().Bytes;
    }

    private bool IsAmongFirst(ServerEvent e) => e switch
    {
        ServerEvent.Stored => _storedInSecond++ < storedASecondMax,
        ServerEvent.Refused or ServerEvent.CommandRefused => _refusedInSecond++ < refusedASecondMax,
        _ => true,
    };

    private sealed class Subscription(EventBroadcast broadcast, IObserver<ServerEvent> observer) : IDisposable
    {
        public void Dispose() => broadcast.Remove(observer);
    }
}
