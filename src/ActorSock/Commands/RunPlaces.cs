namespace ActorSock.Commands;

/// <summary>How many programs may run at once, and who waits for one of them to end.</summary>
/// <remarks>Thread-safe. First come first served.</remarks>
internal sealed class RunPlaces(int max, int waitingMax)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<IActorRef> _waiting = [];
    private int _taken;

    /// <summary>To who waits: it has a place.</summary>
    public sealed record Granted
    {
        public static readonly Granted Instance = new();
    }

    /// <summary>What became of a wish for a place.</summary>
    public enum Answer
    {
        /// <summary>It has one.</summary>
        Taken,

        /// <summary><see cref="Granted"/> will come.</summary>
        Waits,

        /// <summary>Too many wait already.</summary>
        Full,
    }

    /// <summary>Places that are taken.</summary>
    public int TakenCount
    {
        get
        {
            lock (_lock)
                return _taken;
        }
    }

    /// <summary>How many wait for one.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    public Answer Take(IActorRef who)
    {
        lock (_lock)
        {
            if (_taken < max)
            {
                _taken++;
                return Answer.Taken;
            }
            if (_waiting.Count >= waitingMax)
                return Answer.Full;
            _waiting.AddLast(who);
            return Answer.Waits;
        }
    }

    /// <summary>Gives a place back: to who has waited longest, if anybody does.</summary>
    public void Return()
    {
        IActorRef next;
        lock (_lock)
        {
            if (_waiting.First is not { } first)
            {
                _taken--;
                return;
            }
            _waiting.RemoveFirst();
            next = first.Value;
        }
        next.Tell(Granted.Instance, ActorRefs.NoSender);
    }

    /// <summary>Waits no longer. A place that was granted meanwhile is given back.</summary>
    public void Leave(IActorRef who)
    {
        bool waited;
        lock (_lock)
            waited = _waiting.Remove(who);
        if (!waited)
            Return();
    }
}
