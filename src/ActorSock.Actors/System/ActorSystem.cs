using ActorSock.Actors.Configuration;
using ActorSock.Actors.Dispatch;
using ActorSock.Actors.Event;

namespace ActorSock.Actors;

/// <summary>A tree of actors and what they share: dispatchers, scheduler, event stream, dead letters.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    protected ActorSystem()
    {
    }

    public abstract string Name { get; }

    public abstract Settings Settings { get; }

    public abstract Dispatchers Dispatchers { get; }

    public abstract EventStream EventStream { get; }

    public abstract ILoggingAdapter Log { get; }

    public abstract IScheduler Scheduler { get; }

    public abstract IActorRef DeadLetters { get; }

    /// <summary>Takes any message and forgets it.</summary>
    public abstract IActorRef IgnoreRef { get; }

    /// <summary>When it was created, on the scheduler's monotonic clock.</summary>
    public TimeSpan StartTime { get; private protected init; }

    public TimeSpan Uptime => Scheduler.MonotonicClock - StartTime;

    /// <summary>Completes when the last actor has stopped.</summary>
    public abstract Task WhenTerminated { get; }

    public static ActorSystem Create(string name) => Create(name, Config.Empty);

    /// <exception cref="ArgumentException">the name is not made of ASCII letters, digits, - and _</exception>
    public static ActorSystem Create(string name, Config config) => new LocalActorSystem(name, config);

    /// <summary>Starts an actor below <c>/user</c>.</summary>
    public abstract IActorRef ActorOf(Props props, string? name = null);

    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    public abstract ActorSelection ActorSelection(string actorPath);

    public abstract void Stop(IActorRef actor);

    /// <summary>Runs the coordinated shutdown, which ends by stopping all actors, children first.</summary>
    public abstract Task Terminate();

    /// <summary>Code to run when the last actor has stopped, the latest registered first.</summary>
    public abstract void RegisterOnTermination(Action code);

    /// <summary>Terminates without waiting.</summary>
    public void Dispose()
    {
        _ = Terminate();
        GC.SuppressFinalize(this);
    }
}

/// <summary>What the parts of the engine see of a system.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    protected ExtendedActorSystem()
    {
    }

    /// <summary>Starts an actor below <c>/system</c>, where user actors cannot see it fail.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);
}
