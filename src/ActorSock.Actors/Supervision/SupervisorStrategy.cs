using ActorSock.Actors.Event;

namespace ActorSock.Actors;

/// <summary>How a parent answers the failures of its children.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>Stops what could not start, was killed or broke a death pact; restarts everything else.</summary>
    public static readonly IDecider DefaultDecider = Actors.Decider.From(
        Directive.Restart,
        new(typeof(ActorInitializationException), Directive.Stop),
        new(typeof(ActorKilledException), Directive.Stop),
        new(typeof(DeathPactException), Directive.Stop));

    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    public static readonly OneForOneStrategy StoppingStrategy = new(static _ => Directive.Stop);

    protected SupervisorStrategy()
    {
    }

    public abstract IDecider Decider { get; }

    protected bool LoggingEnabled { get; set; } = true;

    protected abstract Directive Handle(IActorRef child, Exception exception);

    protected virtual void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled || directive == Directive.Escalate)
            return;
        var shown = cause is ActorInitializationException { InnerException: { } inner } ? inner : cause;
        LogEvent logged = directive == Directive.Resume
            ? new Warning(shown, child.Path.ToString(), GetType(), shown.Message)
            : new Error(shown, child.Path.ToString(), GetType(), shown.Message);
        context.System.EventStream.Publish(logged);
    }

    /// <summary>Whether a directive that asks for a restart may be carried out, and on whom a decision falls.</summary>
    private protected abstract void ProcessFailure(ActorCell parent, bool restart, ActorCell child, Exception cause, ActorCell[] children);

    /// <summary>False when the failure is the parent's now.</summary>
    internal virtual bool HandleFailure(ActorCell parent, ActorCell child, Exception cause, ActorCell[] children)
    {
        var directive = Handle(child, cause);
        LogFailure(parent, child, cause, directive);
        switch (directive)
        {
            case Directive.Escalate:
                return false;
            case Directive.Resume:
                child.SendSystem(new Resume(cause));
                return true;
            default:
                ProcessFailure(parent, directive == Directive.Restart, child, cause, children);
                return true;
        }
    }

    /// <summary>Counts a restart against a limit in a window of time; -1 is no limit, and no window is for ever.</summary>
    private protected static bool MayRestart(ActorCell child, int retriesMax, int windowMilliseconds)
    {
        if (retriesMax == 0)
            return false;
        if (windowMilliseconds <= 0)
            return retriesMax < 0 || ++child.RestartsInWindow <= retriesMax;
        var now = child.System.Scheduler.MonotonicClock;
        child.WindowStart ??= now;
        if (now - child.WindowStart <= TimeSpan.FromMilliseconds(windowMilliseconds))
            return ++child.RestartsInWindow <= (retriesMax < 0 ? 1 : retriesMax);
        child.WindowStart = now;
        child.RestartsInWindow = 1;
        return true;
    }
}

/// <summary>A decision concerns the child that failed, no other.</summary>
public class OneForOneStrategy : SupervisorStrategy
{
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, Actors.Decider.From(localOnlyDecider))
    {
    }

    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, StrategyWindow.Milliseconds(withinTimeRange), decider)
    {
    }

    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, Actors.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRangeMilliseconds = withinTimeMilliseconds;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider) : this(-1, -1, localOnlyDecider)
    {
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(-1, -1, localOnlyDecider, loggingEnabled)
    {
    }

    public OneForOneStrategy(IDecider decider) : this(-1, -1, decider)
    {
    }

    protected OneForOneStrategy() : this(DefaultDecider)
    {
    }

    /// <summary>How many restarts a child gets in the window; -1 is no limit.</summary>
    public int MaxNumberOfRetries { get; }

    /// <summary>The window, in milliseconds; -1 is for ever.</summary>
    public int WithinTimeRangeMilliseconds { get; }

    public override IDecider Decider { get; }

    public OneForOneStrategy WithMaxNrOfRetries(int maxNrOfRetries) =>
        new(maxNrOfRetries, WithinTimeRangeMilliseconds, Decider, LoggingEnabled);

    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    private protected override void ProcessFailure(ActorCell parent, bool restart, ActorCell child, Exception cause, ActorCell[] children)
    {
        if (restart && MayRestart(child, MaxNumberOfRetries, WithinTimeRangeMilliseconds))
            ActorCell.RestartChild(child, cause, suspendFirst: false);
        else
            parent.Stop(child);
    }
}

/// <summary>A decision concerns all children: for those that are of no use without each other.</summary>
public class AllForOneStrategy : SupervisorStrategy
{
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, Actors.Decider.From(localOnlyDecider))
    {
    }

    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, StrategyWindow.Milliseconds(withinTimeRange), decider)
    {
    }

    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, Actors.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRangeMilliseconds = withinTimeMilliseconds;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider) : this(-1, -1, localOnlyDecider)
    {
    }

    public AllForOneStrategy(IDecider decider) : this(-1, -1, decider)
    {
    }

    protected AllForOneStrategy() : this(DefaultDecider)
    {
    }

    /// <inheritdoc cref="OneForOneStrategy.MaxNumberOfRetries"/>
    public int MaxNumberOfRetries { get; }

    /// <inheritdoc cref="OneForOneStrategy.WithinTimeRangeMilliseconds"/>
    public int WithinTimeRangeMilliseconds { get; }

    public override IDecider Decider { get; }

    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    private protected override void ProcessFailure(ActorCell parent, bool restart, ActorCell child, Exception cause, ActorCell[] children)
    {
        if (restart && Array.TrueForAll(children, c => MayRestart(c, MaxNumberOfRetries, WithinTimeRangeMilliseconds)))
        {
            foreach (var each in children)
                ActorCell.RestartChild(each, cause, suspendFirst: !ReferenceEquals(each, child));
        }
        else
        {
            foreach (var each in children)
                parent.Stop(each);
        }
    }
}

internal static class StrategyWindow
{
    public static int Milliseconds(TimeSpan? window) => window is { } time ? (int)time.TotalMilliseconds : -1;
}
