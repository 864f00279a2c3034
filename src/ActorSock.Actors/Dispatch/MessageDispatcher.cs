namespace ActorSock.Actors.Dispatch;

/// <summary>Gives cells threads to run on, one at a time for each cell.</summary>
public abstract class MessageDispatcher
{
    private readonly TimeSpan _deadline;

    private protected MessageDispatcher(string id, int throughput, TimeSpan throughputDeadline)
    {
        Id = id;
        Throughput = throughput;
        _deadline = throughputDeadline;
    }

    /// <summary>The path of its configuration.</summary>
    public string Id { get; }

    /// <summary>How many messages a cell handles before others get their turn.</summary>
    public int Throughput { get; }

    /// <summary>Runs a cell that has been woken.</summary>
    internal abstract void Execute(ActorCell cell);

    /// <summary>Runs a cell again that has used up its turn: behind the others.</summary>
    internal virtual void ExecuteAgain(ActorCell cell) => Execute(cell);

    internal virtual void Shutdown()
    {
    }

    /// <summary>The timestamp after which a run ends early, or 0 for never.</summary>
    internal long DeadlineFrom(TimeProvider clock) => _deadline <= TimeSpan.Zero
        ? 0
        : clock.GetTimestamp() + (long)(_deadline.TotalSeconds * clock.TimestampFrequency);
}

/// <summary>Runs cells on the thread pool.</summary>
internal sealed class ThreadPoolDispatcher(string id, int throughput, TimeSpan throughputDeadline)
    : MessageDispatcher(id, throughput, throughputDeadline)
{
    /// <summary>How many cells in a row may wake each other before others get this thread.</summary>
    private const int InARowMax = 64;

    internal override void Execute(ActorCell cell)
    {
        if (NextCell.OfThread?.TryPut(cell) != true)
            ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: true);
    }

    internal override void ExecuteAgain(ActorCell cell) => ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: false);

    /// <summary>The work of a pool thread: a cell, and those that wake each other from there on.</summary>
    internal static void Work(ActorCell first)
    {
        var next = NextCell.Open();
        var cell = first;
        for (var run = 0; cell is not null && run < InARowMax; run++, cell = next.Take())
            cell.Run();
        if ((cell ?? next.Close()) is { } left)
        {
            next.Close();
            ThreadPool.UnsafeQueueUserWorkItem(left, preferLocal: false);
        }
    }
}

/// <summary>Runs cells on the thread that wakes them, where that runs no other cell; else on the thread pool.</summary>
/// <remarks>
/// For cells whose messages take microseconds, and that are woken by a thread which has little else to do: the way through the
/// pool costs more than their work, and another thread has to wake up for it.
/// </remarks>
internal sealed class CallerDispatcher(string id, int throughput, TimeSpan throughputDeadline)
    : MessageDispatcher(id, throughput, throughputDeadline)
{
    internal override void Execute(ActorCell cell)
    {
        if (ActorCell.Current is null && NextCell.OfThread is null)
            cell.Run();
        else
            ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: true);
    }

    internal override void ExecuteAgain(ActorCell cell) => ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: false);
}

/// <summary>Runs cells on threads of its own: for work that blocks.</summary>
internal sealed class DedicatedThreadsDispatcher : MessageDispatcher
{
    private readonly Queue<ActorCell> _ready = [];
    private readonly Thread[] _threads;
    private int _started, _idle;
    private bool _shutdown;

    public DedicatedThreadsDispatcher(string id, int throughput, TimeSpan throughputDeadline, int threadCount, bool background)
        : base(id, throughput, throughputDeadline)
    {
        _threads = new Thread[threadCount];
        for (var i = 0; i < threadCount; i++)
            _threads[i] = new Thread(Work) { IsBackground = background, Name = $"{id}-{i + 1}" };
    }

    internal override void Execute(ActorCell cell)
    {
        lock (_ready)
        {
            if (_shutdown)
                return;
            _ready.Enqueue(cell);
            // A thread that was just woken still counts as idle: each waiting cell needs one of its own, or it
            // would stand behind whatever blocks the first.
            if (_ready.Count <= _idle || _started == _threads.Length)
                Monitor.Pulse(_ready);
            else
                _threads[_started++].UnsafeStart(); // what flows with the caller is none of the actors' business
        }
    }

    internal override void Shutdown()
    {
        lock (_ready)
        {
            _shutdown = true;
            Monitor.PulseAll(_ready);
        }
    }

    private void Work()
    {
        while (true)
        {
            ActorCell cell;
            lock (_ready)
            {
                while (_ready.Count == 0)
                {
                    if (_shutdown)
                        return;
                    _idle++;
                    Monitor.Wait(_ready);
                    _idle--;
                }
                cell = _ready.Dequeue();
            }
            cell.Run();
        }
    }
}

/// <summary>Gives each actor a thread of its own, which ends with the actor.</summary>
internal sealed class PinnedDispatcher(string id, int throughput, TimeSpan throughputDeadline)
    : MessageDispatcher(id, throughput, throughputDeadline)
{
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<ActorCell, DedicatedThreadsDispatcher> _threads = [];

    internal override void Execute(ActorCell cell) => _threads.GetValue(cell, NewThread).Execute(cell);

    /// <summary>Called when an actor has ended: its thread has nothing more to do.</summary>
    internal void Release(ActorCell cell)
    {
        if (_threads.TryGetValue(cell, out var thread))
            thread.Shutdown();
    }

    internal override void Shutdown()
    {
        foreach (var (_, thread) in _threads)
            thread.Shutdown();
    }

    private DedicatedThreadsDispatcher NewThread(ActorCell cell) =>
        new($"{Id}-{cell.Path.ToStringWithoutAddress()}", Throughput, TimeSpan.Zero, threadCount: 1, background: true);
}
