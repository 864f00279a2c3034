namespace ActorSock.Supervision;

/// <summary>What all actors of the server share: each can say who it is, so that the live tree can be walked.</summary>
internal abstract class ServerActor : ReceiveActor
{
    /// <summary>Asks an actor who it is.</summary>
    public sealed record Describe
    {
        public static readonly Describe Instance = new();
    }

    /// <summary>The answer.</summary>
    /// <param name="Name">the actor's name in the tree</param>
    /// <param name="Type">the name of its class</param>
    /// <param name="Strategy">its failure policy in one line; empty without children</param>
    /// <param name="Note">what it is about now, for people; may be empty</param>
    /// <param name="Children">in the order of their starts</param>
    public sealed record Description(string Name, string Type, string Strategy, string Note, IReadOnlyList<IActorRef> Children);

    /// <summary>The failure policy, for actors with children.</summary>
    protected virtual FailurePolicy? Policy => null;

    /// <summary>What it is about now, for people.</summary>
    protected virtual string About => "";

    protected sealed override SupervisorStrategy SupervisorStrategy() => Policy ?? base.SupervisorStrategy();

    protected sealed override bool AroundReceive(Receive receive, object message)
    {
        if (message is not Describe)
            return base.AroundReceive(receive, message);
        Sender.Tell(new Description(Self.Path.Name, GetType().Name, Policy?.ToString() ?? "", About, [.. Context.GetChildren()]));
        return true;
    }
}
