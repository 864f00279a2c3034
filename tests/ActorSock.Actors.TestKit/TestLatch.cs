namespace ActorSock.Actors.TestKit;

/// <summary>Opens when it was counted down often enough; a test waits for that.</summary>
public class TestLatch
{
    private readonly Func<TimeSpan, TimeSpan> _dilate;
    private readonly int _count;
    private readonly Lock _lock = new();
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left;

    public TestLatch() : this(1)
    {
    }

    public TestLatch(int count) : this(static time => time, count, TimeSpan.FromSeconds(5))
    {
    }

    /// <param name="dilate">what each time is multiplied by, such as
    /// <see cref="TestKitBase.Dilated"/></param>
    /// <param name="defaultTimeout">how long <see cref="Ready()"/> waits, before it is dilated</param>
    public TestLatch(Func<TimeSpan, TimeSpan> dilate, int count, TimeSpan defaultTimeout)
    {
        _dilate = dilate;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _count = _left = count;
        DefaultTimeout = defaultTimeout;
    }

    public TimeSpan DefaultTimeout { get; }

    public bool IsOpen
    {
        get
        {
            lock (_lock)
                return _left == 0;
        }
    }

    /// <summary>Counts down; a latch that is open stays so.</summary>
    public void CountDown() => SetLeft(static left => Math.Max(0, left - 1));

    /// <summary>Opens at once.</summary>
    public void Open() => SetLeft(static _ => 0);

    /// <summary>Closes again, with the count that it was made with.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            if (_left == 0)
                _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _left = _count;
        }
    }

    /// <summary>Waits until it is open.</summary>
    /// <exception cref="TimeoutException">it does not open in time</exception>
    public void Ready() => Ready(DefaultTimeout);

    /// <inheritdoc cref="Ready()"/>
    public void Ready(TimeSpan timeout)
    {
        var limit = _dilate(timeout);
        Task opened;
        lock (_lock)
            opened = _opened.Task;
        if (!opened.Wait(limit))
            throw new TimeoutException($"the latch did not open within {limit}: {_left} of {_count} are missing");
    }

    private void SetLeft(Func<int, int> change)
    {
        lock (_lock)
        {
            _left = change(_left);
            if (_left == 0)
                _opened.TrySetResult();
        }
    }
}
