using ActorSock.Actors.Event;

namespace ActorSock.Actors.TestKit;

/// <summary>Puts what it receives into a queue, where the test looks at it.</summary>
/// <remarks>
/// Parent: <c>/system</c>, so that it outlives the actors under test. Children: what the test starts below
/// it.<br/>
/// It runs on the thread of whoever tells it something. It never fails: a pilot that throws is logged.
/// </remarks>
internal sealed class TestActor(EnvelopeQueue queue) : ActorBase
{
    private readonly Dictionary<IActorRef, SupervisorStrategy> _strategies = [];
    private Func<object, bool>? _ignored;
    private AutoPilot? _pilot;

    /// <summary>Something that the test has done by this actor.</summary>
    public sealed class Command(Action<TestActor> action)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        public void Run(TestActor actor)
        {
            try
            {
                action(actor);
                _done.SetResult();
            }
            catch (Exception e)
            {
                _done.SetException(e);
            }
        }
    }

    public static Props Props(EnvelopeQueue queue) =>
        Actors.Props.Create(() => new TestActor(queue)).WithDispatcher(CallingThreadDispatcher.IdOfAll);

    public void Watch(IActorRef subject) => Context.Watch(subject);

    public void Unwatch(IActorRef subject) => Context.Unwatch(subject);

    public void Ignore(Func<object, bool>? ignored) => _ignored = ignored;

    public void FlyBy(AutoPilot? pilot) => _pilot = pilot is NoAutoPilot ? null : pilot;

    public IActorRef Start(Props props, string? name, SupervisorStrategy? strategy)
    {
        var child = Context.ActorOf(props, name);
        if (strategy is not null)
            _strategies[child] = strategy;
        return child;
    }

    protected override bool Receive(object message)
    {
        if (message is Command command)
        {
            command.Run(this);
            return true;
        }
        RunPilot(message);
        if (_ignored?.Invoke(message) != true)
            queue.Add(new RealMessageEnvelope(message, Sender));
        return true;
    }

    protected override SupervisorStrategy SupervisorStrategy() => new StrategyOfEachChild(_strategies);

    private void RunPilot(object message)
    {
        if (_pilot is null)
            return;
        try
        {
            var next = _pilot.Run(Sender, message);
            if (next is not KeepRunning)
                FlyBy(next);
        }
        catch (Exception e)
        {
            Context.GetLogger().Error(e, $"the pilot of {Self} failed at {message}: {e.Message}");
        }
    }

    /// <summary>Treats each child by the strategy that it was started with.</summary>
    private sealed class StrategyOfEachChild(Dictionary<IActorRef, SupervisorStrategy> strategies)
        : OneForOneStrategy(DefaultDecider)
    {
        internal override bool HandleFailure(ActorCell parent, ActorCell child, Exception cause,
            ActorCell[] children) =>
            strategies.TryGetValue(child, out var strategy)
                ? strategy.HandleFailure(parent, child, cause, children)
                : base.HandleFailure(parent, child, cause, children);
    }
}
