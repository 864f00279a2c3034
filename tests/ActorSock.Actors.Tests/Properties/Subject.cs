namespace ActorSock.EngineTests;

/// <summary>
/// An actor of a random tree: does as it is told, fails where it is weak, and has all of it entered in
/// the ledger.
/// </summary>
internal sealed class Subject : UntypedActor, IWithUnboundedStash
{
    private readonly Place _place;
    private readonly IReadOnlyList<IActorRef> _watchers;
    private readonly int _instance;
    private bool _holds = true;

    public Subject(Place place, IReadOnlyList<IActorRef> watchers)
    {
        _place = place;
        _watchers = watchers;
        _instance = place.NextInstance();
        FailIf(Weakness.Constructor);
    }

    public sealed record Numbered(int Number, Deed Deed, IActorRef? Other);

    public sealed record LetGo;

    public IStash Stash { get; set; } = null!;

    protected override void OnReceive(object message) => _place.Inside(() =>
    {
        switch (message)
        {
            case Numbered { Deed: Deed.Hold } when _holds:
                Stash.Stash();
                break;
            case Numbered { Deed: Deed.WorkAsync or Deed.FailAsync or Deed.SpawnAsync } asynchronous:
                RunTask(() => WorkAsync(asynchronous));
                break;
            case Numbered numbered:
                _place.Ledger.End(numbered.Number);
                Do(numbered);
                break;
            case LetGo:
                _holds = false;
                Stash.UnstashAll();
                break;
        }
    });

    private void Do(Numbered message)
    {
        switch (message.Deed)
        {
            case Deed.Work:
                _place.Worked(message.Number);
                break;
            case Deed.Spawn:
                SpawnChild();
                break;
            case Deed.Fail:
                throw new InvalidOperationException($"message {message.Number}");
            case Deed.StopChild:
                Context.Stop(message.Other!);
                break;
            case Deed.Watch:
                Context.Watch(message.Other!);
                break;
            case Deed.Unwatch:
                Context.Unwatch(message.Other!);
                break;
        }
    }

    private async Task WorkAsync(Numbered message)
    {
        await Task.Yield();
        _place.Inside(static () => { });
        await Task.Yield();
        _place.Inside(() => _place.Ledger.End(message.Number));
        if (message.Deed == Deed.SpawnAsync)
            SpawnChild(); // throws when the actor has stopped meanwhile
        if (message.Deed == Deed.FailAsync)
            throw new InvalidOperationException($"message {message.Number}");
    }

    private void SpawnChild()
    {
        if (_place.FindFree() is { } free)
            Spawn(free, _watchers, Context);
    }

    public static void Spawn(Place place, IReadOnlyList<IActorRef> watchers, IActorRefFactory under)
    {
        var actor = under.ActorOf(Props.Create(() => new Subject(place, watchers)), $"s{place.Number}");
        place.Actor = actor;
        foreach (var watcher in watchers)
            watcher.Tell(new Watching.Begin(actor));
    }

    protected override SupervisorStrategy SupervisorStrategy() => _place.Nature.ForAll
        ? new AllForOneStrategy(-1, -1, _ => _place.Decide(), loggingEnabled: false)
        : new OneForOneStrategy(-1, -1, _ => _place.Decide(), loggingEnabled: false);

    protected override void PreStart() => _place.Inside(() =>
    {
        FailIf(Weakness.PreStart);
        _place.Began(_instance);
    });

    protected override void PostStop() => _place.Inside(() =>
    {
        _place.Ended(_instance);
        FailIf(Weakness.PostStop);
    });

    protected override void PreRestart(Exception reason, object message)
    {
        if (_place.Nature.KeepsChildren)
            PostStop();
        else
            base.PreRestart(reason, message);
        if (_place.Nature.Breeds)
            SpawnChild();
        FailIf(Weakness.PreRestart);
    }

    protected override void PostRestart(Exception reason)
    {
        FailIf(Weakness.PostRestart);
        base.PostRestart(reason);
    }

    private void FailIf(Weakness weakness)
    {
        if (_place.Nature.Weakness == weakness && _instance == 2)
            throw new InvalidOperationException($"weak in {weakness}");
    }
}

/// <summary>Watches whom it is told to, and counts the ends that it is told of.</summary>
internal sealed class Watching : UntypedActor
{
    private readonly Dictionary<IActorRef, int> _ends = [];

    public sealed record Begin(IActorRef Actor);

    /// <summary>Asks for a copy of the counts.</summary>
    public sealed record Report;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Begin begin:
                _ends.TryAdd(begin.Actor, 0);
                Context.Watch(begin.Actor);
                break;
            case Terminated ended:
                _ends[ended.ActorRef]++;
                break;
            case Report:
                Sender.Tell(_ends.ToDictionary());
                break;
        }
    }
}
