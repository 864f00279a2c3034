using ActorSock.Journal;

namespace ActorSock.Testing.Doubles;

/// <summary>Stands before the journal of a node, and keeps the first commit waiting at its door: the writer stands still for it.</summary>
internal sealed class HeldJournal : IActorRef
{
    private readonly IActorRef _journal;
    private int _commits;

    private HeldJournal(IActorRef journal) => _journal = journal;

    public HeldStep First { get; } = new();

    public ActorPath Path => _journal.Path;

    /// <summary>From now on commits come by here.</summary>
    public static HeldJournal Of(TestNode node)
    {
        var door = node.Node.Parts.Journal;
        var held = new HeldJournal(door.Journal);
        door.Journal = held;
        return held;
    }

    public void Tell(object message, IActorRef sender)
    {
        if (message is Commit && Interlocked.Increment(ref _commits) == 1)
            First.Wait();
        _journal.Tell(message, sender);
    }

    public bool Equals(IActorRef? other) => _journal.Equals(other);

    public override bool Equals(object? obj) => _journal.Equals(obj);

    public override int GetHashCode() => _journal.GetHashCode();

    public int CompareTo(IActorRef? other) => _journal.CompareTo(other);

    public int CompareTo(object? obj) => _journal.CompareTo(obj);

#if ENGINE_AKKA
    public Akka.Util.ISurrogate ToSurrogate(ActorSystem system) => _journal.ToSurrogate(system);
#endif
}
