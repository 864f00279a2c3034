namespace ActorSock.Benchmarks.Engine;

/// <summary>Counts messages and says when it has them all.</summary>
internal sealed class Counter(int count, TaskCompletionSource done) : UntypedActor
{
    private int _seen;

    protected override void OnReceive(object message)
    {
        if (++_seen == count)
            done.SetResult();
    }
}

/// <summary>Answers each message with itself.</summary>
internal sealed class Pong : UntypedActor
{
    protected override void OnReceive(object message) => Sender.Tell(message, Self);
}

/// <summary>Keeps so many messages in flight until so many have come back.</summary>
internal sealed class Ping : UntypedActor
{
    public static readonly object Start = new();

    private readonly IActorRef _pong;
    private readonly CountdownEvent _done;
    private readonly int _inFlight;
    private int _toSend, _toCome;

    public Ping(int trips, int inFlight, IActorRef pong, CountdownEvent done)
    {
        (_pong, _done, _inFlight) = (pong, done, inFlight);
        _toSend = _toCome = trips;
    }

    protected override void OnReceive(object message)
    {
        if (ReferenceEquals(message, Start))
        {
            for (var i = 0; i < _inFlight; i++, _toSend--)
                _pong.Tell(this, Self);
            return;
        }
        if (--_toCome == 0)
            _done.Signal();
        if (_toSend-- > 0)
            _pong.Tell(message, Self);
    }
}

/// <summary>Does nothing but live and die.</summary>
internal sealed class Idle(CountdownEvent started, CountdownEvent stopped) : UntypedActor
{
    protected override void PreStart() => started.Signal();

    protected override void PostStop() => stopped.Signal();

    protected override void OnReceive(object message) => Unhandled(message);
}

/// <summary>Spawns and stops many children.</summary>
internal sealed class Brood(int count, CountdownEvent started, CountdownEvent stopped) : UntypedActor
{
    public enum Do
    {
        Spawn,
        Stop,
    }

    protected override void OnReceive(object message)
    {
        if ((Do)message == Do.Stop)
        {
            foreach (var child in Context.GetChildren())
                Context.Stop(child);
            return;
        }
        var props = Props.Create(() => new Idle(started, stopped));
        for (var i = 0; i < count; i++)
            Context.ActorOf(props);
    }
}
