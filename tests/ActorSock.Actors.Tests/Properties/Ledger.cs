using System.Collections.Concurrent;

namespace ActorSock.EngineTests;

/// <summary>What happened to each message and in each life, as actors and dead letters tell it.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<int, int> _ends = new();
    private int _sent;

    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>Numbers a message that is about to be sent.</summary>
    public int Next() => Interlocked.Increment(ref _sent);

    /// <summary>A message came to its end: it was handled, or nobody was there to handle it.</summary>
    public void End(int number)
    {
        if (_ends.AddOrUpdate(number, 1, static (_, before) => before + 1) > 1)
            Violations.Enqueue($"message {number} came to an end twice");
    }

    public int Sent => Volatile.Read(ref _sent);

    public int Open => Volatile.Read(ref _sent) - _ends.Count;

    public string OpenNumbers =>
        string.Join(", ", Enumerable.Range(1, _sent).Where(number => !_ends.ContainsKey(number)));
}

/// <summary>The place of one actor in a tree over all its instances.</summary>
internal sealed class Place(int number, Nature nature, Ledger ledger, Func<Place?> free)
{
    private readonly List<string> _lives = [];
    private int _inside, _instances, _lastWork, _failuresSeen;

    public int Number => number;

    public Nature Nature => nature;

    public Ledger Ledger => ledger;

    /// <summary>The actor, once it was spawned.</summary>
    public IActorRef? Actor { get; set; }

    /// <summary>A place where nobody was spawned yet, or null when there is none left.</summary>
    public Place? FindFree() => free();

    public Directive Decide()
    {
        if (nature.Weakness == Weakness.Strategy && Interlocked.Increment(ref _failuresSeen) == 1)
            throw new InvalidOperationException($"weak in {nature.Weakness}");
        return nature.Directive;
    }

    public int NextInstance() => Interlocked.Increment(ref _instances);

    /// <summary>Runs what an actor does; nothing of it may run at the same time.</summary>
    public void Inside(Action action)
    {
        if (Interlocked.Increment(ref _inside) != 1)
            ledger.Violations.Enqueue($"two at once in actor {number}");
        try
        {
            action();
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    public void Began(int instance) => _lives.Add($"{instance} began");

    public void Ended(int instance) => _lives.Add($"{instance} ended");

    /// <summary>Plain work is never put aside, so it comes in the order in which it was sent.</summary>
    public void Worked(int message)
    {
        if (message <= _lastWork)
            ledger.Violations.Enqueue($"actor {number} was sent {message} before {_lastWork}, got it after");
        _lastWork = message;
    }

    /// <summary>Each life that began ended once, before the next began.</summary>
    public void ShouldHaveEndedEachLife()
    {
        var all = $"actor {number}: {string.Join(", ", _lives)}";
        _lives.Count.ShouldBe(_lives.Count / 2 * 2, all);
        foreach (var life in _lives.Chunk(2))
            life[1].ShouldBe(life[0].Replace("began", "ended"), all);
    }
}
