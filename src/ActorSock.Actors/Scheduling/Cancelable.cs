namespace ActorSock.Actors;

/// <summary>Calls off scheduled work.</summary>
/// <remarks>The token, and what it costs, exists only when somebody asks for it; there is one of these for each timer, so it is its own lock.</remarks>
public class Cancelable : ICancelable, IDisposable
{
    private readonly IActionScheduler _scheduler;
    private CancellationTokenSource? _source;
    private HashSet<IDisposable>? _moreWork;
    private IDisposable? _work;
    private bool _requested;

    public Cancelable(IScheduler scheduler) : this(scheduler.Advanced)
    {
    }

    public Cancelable(IActionScheduler scheduler) => _scheduler = scheduler;

    public Cancelable(IActionScheduler scheduler, TimeSpan delay) : this(scheduler) => CancelAfter(delay);

    public Cancelable(IScheduler scheduler, TimeSpan delay) : this(scheduler) => CancelAfter(delay);

    public bool IsCancellationRequested => Volatile.Read(ref _requested);

    public bool IsDisposed { get; private set; }

    public CancellationToken Token
    {
        get
        {
            lock (this)
            {
                if (_source is null)
                {
                    _source = new CancellationTokenSource();
                    if (_requested)
                        _source.Cancel();
                }
                return _source.Token;
            }
        }
    }

    public static ICancelable CreateCanceled()
    {
        var canceled = new Cancelable((IActionScheduler)null!);
        canceled.Cancel();
        return canceled;
    }

    public void Cancel() => Cancel(throwOnFirstException: false);

    public void Cancel(bool throwOnFirstException)
    {
        CancellationTokenSource? source;
        IDisposable? work;
        HashSet<IDisposable>? more;
        lock (this)
        {
            if (_requested)
                return;
            Volatile.Write(ref _requested, true);
            (source, work, more) = (_source, _work, _moreWork);
            (_work, _moreWork) = (null, null);
        }
        work?.Dispose();
        foreach (var each in more ?? [])
            each.Dispose();
        source?.Cancel(throwOnFirstException);
    }

    public void CancelAfter(TimeSpan delay) => _scheduler.ScheduleOnce(delay, Cancel, null);

    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    /// <summary>Ties a timer to this: it is disposed when this is cancelled, at once when it already was.</summary>
    internal void Own(IDisposable work)
    {
        lock (this)
        {
            if (!_requested)
            {
                if (_work is null)
                    _work = work;
                else
                    (_moreWork ??= []).Add(work);
                return;
            }
        }
        work.Dispose();
    }

    /// <summary>Forgets a timer that has done its work: one cancelable may outlive any number of them.</summary>
    internal void Disown(IDisposable work)
    {
        lock (this)
        {
            if (ReferenceEquals(_work, work))
                _work = null;
            else
                _moreWork?.Remove(work);
        }
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || IsDisposed)
            return;
        IsDisposed = true;
        _source?.Dispose();
    }
}
