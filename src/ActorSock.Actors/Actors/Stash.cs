namespace ActorSock.Actors;

/// <summary>Messages that an actor has put aside until a better state.</summary>
public interface IStash
{
    bool IsEmpty { get; }

    bool NonEmpty { get; }

    bool IsFull { get; }

    int Count { get; }

    /// <summary>How many messages fit; -1 without a limit.</summary>
    int Capacity { get; }

    /// <summary>Puts the message at hand aside.</summary>
    /// <exception cref="IllegalActorStateException">it already is</exception>
    /// <exception cref="StashOverflowException">the stash is full</exception>
    void Stash();

    /// <summary>Puts the oldest stashed message at the front of the mailbox.</summary>
    void Unstash();

    /// <summary>Puts all stashed messages, in their order, at the front of the mailbox.</summary>
    void UnstashAll();

    void UnstashAll(Func<Envelope, bool> predicate);

    IEnumerable<Envelope> ClearStash();

    void Prepend(IEnumerable<Envelope> envelopes);
}

/// <summary>An actor with a stash; the engine sets it before the actor starts.</summary>
public interface IActorStash
{
    IStash Stash { get; set; }
}

public interface IWithUnrestrictedStash : IActorStash;

public interface IWithStash : IWithUnrestrictedStash;

public interface IWithUnboundedStash : IWithUnrestrictedStash;

/// <summary>The stash of one actor.</summary>
internal sealed class CellStash(ActorCell cell, int capacity) : IStash
{
    private LinkedList<Envelope>? _stashed;
    private long _lastStashed = -1;

    public bool IsEmpty => Count == 0;

    public bool NonEmpty => !IsEmpty;

    public bool IsFull => capacity >= 0 && Count >= capacity;

    public int Count => _stashed?.Count ?? 0;

    public int Capacity => capacity;

    public void Stash()
    {
        if (cell.CurrentEnvelope.Message is null)
            throw new IllegalActorStateException($"there is no message at hand that {cell} could stash");
        if (cell.HandledCount == _lastStashed)
            throw new IllegalActorStateException($"cannot stash the message {cell.CurrentEnvelope.Message} twice");
        if (IsFull)
            throw new StashOverflowException($"cannot stash {cell.CurrentEnvelope.Message}: the stash of {cell} holds {capacity} messages and is full");
        _lastStashed = cell.HandledCount;
        (_stashed ??= []).AddLast(cell.CurrentEnvelope);
    }

    public void Unstash()
    {
        if (_stashed?.First is not { } oldest)
            return;
        _stashed.RemoveFirst();
        cell.Prepend([oldest.Value]);
    }

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> predicate) => cell.Prepend([.. ClearStash().Where(predicate)]);

    public IEnumerable<Envelope> ClearStash()
    {
        Envelope[] all = [.. _stashed ?? []];
        _stashed = null;
        _lastStashed = -1;
        return all;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes.Reverse())
            (_stashed ??= []).AddFirst(envelope);
    }
}
