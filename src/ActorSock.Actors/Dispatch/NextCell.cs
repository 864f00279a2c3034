namespace ActorSock.Actors.Dispatch;

/// <summary>The cell that a pool thread runs next, because the cell it runs now has woken it.</summary>
/// <remarks>
/// Handing the woken cell to the pool costs more than most messages do, and moves what it works on to another core. So the first
/// cell that a run wakes waits here for the end of that run. A run may take long, or even wait for what the woken cell would do; so a
/// watch hands over to the pool what has waited through one of its rounds. That is the most that a woken cell can lose.
/// </remarks>
internal sealed class NextCell
{
    private static readonly TimeSpan s_round = TimeSpan.FromMilliseconds(2);
    private static readonly Lock s_lock = new();
    private static NextCell[] s_all = [];
    private static Timer? s_watch;
    private static int s_watching;

    [ThreadStatic]
    private static NextCell? t_own;

    private readonly Thread _thread = Thread.CurrentThread;
    private ActorCell? _cell, _seen;
    private bool _open;

    /// <summary>This thread's place, while it runs cells of the pool; else null.</summary>
    public static NextCell? OfThread => t_own is { _open: true } own ? own : null;

    /// <summary>This thread's place, made when it first runs a cell.</summary>
    public static NextCell Open()
    {
        var own = t_own ??= Register();
        own._open = true;
        return own;
    }

    /// <summary>False when somebody waits here already.</summary>
    public bool TryPut(ActorCell cell)
    {
        if (Volatile.Read(ref _cell) is not null)
            return false;
        Volatile.Write(ref _cell, cell); // only this thread puts; the watch only takes
        if (Volatile.Read(ref s_watching) == 0)
            BeginWatch();
        return true;
    }

    public ActorCell? Take() => Volatile.Read(ref _cell) is null ? null : Interlocked.Exchange(ref _cell, null);

    /// <summary>Ends the thread's work on cells; who waits here now comes back.</summary>
    public ActorCell? Close()
    {
        _open = false;
        return Take();
    }

    private static NextCell Register()
    {
        var own = new NextCell();
        lock (s_lock)
            s_all = [.. s_all.Where(place => place._thread.IsAlive), own];
        return own;
    }

    private static void BeginWatch()
    {
        if (Interlocked.Exchange(ref s_watching, 1) != 0)
            return;
        lock (s_lock)
        {
            s_watch ??= new Timer(static _ => Watch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            s_watch.Change(s_round, s_round);
        }
    }

    /// <summary>Hands over who waited since the last round; rests when nobody waits anywhere.</summary>
    private static void Watch()
    {
        var waiting = false;
        foreach (var place in Volatile.Read(ref s_all))
        {
            var cell = Volatile.Read(ref place._cell);
            waiting |= cell is not null;
            if (cell is not null && ReferenceEquals(cell, place._seen)
                && ReferenceEquals(Interlocked.CompareExchange(ref place._cell, null, cell), cell))
            {
                ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: false);
            }
            place._seen = cell;
        }
        if (waiting)
            return;
        lock (s_lock)
            s_watch!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // Whoever came between the look and the rest found the watch still on: look once more. Who comes puts his cell and
        // then reads whether somebody watches, without a fence between the two, because he does so often; so this side,
        // which rests seldom, fences for all threads. Otherwise each could miss what the other has just written.
        Volatile.Write(ref s_watching, 0);
        Interlocked.MemoryBarrierProcessWide();
        if (Array.Exists(Volatile.Read(ref s_all), static place => Volatile.Read(ref place._cell) is not null))
            BeginWatch();
    }
}
