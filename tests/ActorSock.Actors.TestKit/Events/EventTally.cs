using ActorSock.Actors.Event;

namespace ActorSock.Actors.TestKit;

/// <summary>Counts the events that fit one of its filters.</summary>
/// <param name="wanted">at which count <see cref="Reached"/> completes</param>
internal sealed class EventTally(IReadOnlyList<LogEventFilter> filters, int wanted, Action<EventTally> end)
    : IDisposable
{
    private const int OthersMax = 10;

    private readonly Lock _lock = new();
    private readonly Queue<string> _others = [];
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>Completes at the wanted count, and fails when a filter does.</summary>
    public Task Reached => _reached.Task;

    public int Count
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    /// <summary>The latest events that did not fit, for a failure's text.</summary>
    public string Others
    {
        get
        {
            lock (_lock)
                return _others.Count == 0
                    ? "nothing else was logged"
                    : "logged was also:\n  " + string.Join("\n  ", _others);
        }
    }

    public void Note(LogEvent logged)
    {
        bool fits;
        try
        {
            fits = filters.Any(filter => filter.Fits(logged));
        }
        catch (Exception e)
        {
            // A predicate of the test failed: that is for the test to know, and no fault of whoever logged.
            _reached.TrySetException(e);
            return;
        }
        lock (_lock)
        {
            if (!fits)
            {
                if (_others.Count == OthersMax)
                    _others.Dequeue();
                _others.Enqueue(logged.ToString());
                return;
            }
            if (++_count < wanted)
                return;
        }
        _reached.TrySetResult();
    }

    public void Dispose() => end(this);
}
