using ActorSock.Actors.Event;

namespace ActorSock.Actors;

/// <summary>The parent of <c>/user</c> and <c>/system</c>: stops the second when the first is gone, then itself.</summary>
internal sealed class RootGuardian : UntypedActor
{
    private Guard? _guarded;

    public sealed record Guard(IActorRef User, IActorRef System);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Guard guard:
                _guarded = guard;
                Context.Watch(guard.User);
                Context.Watch(guard.System);
                break;
            case Terminated ended when ended.ActorRef.Equals(_guarded?.User):
                Context.Stop(_guarded!.System);
                break;
            case Terminated:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>A failure that reached a guardian has been escalated by everybody below: the system ends.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Stop);
}

/// <summary><c>/user</c> or <c>/system</c>.</summary>
internal sealed class Guardian : UntypedActor
{
    protected override void OnReceive(object message) => Unhandled(message);

    protected override void PreRestart(Exception reason, object message)
    {
        // The children stay: a guardian has no state that they could share in.
    }
}

/// <summary>Writes the first dead letters to the log; so many that one notices, not so many that they bury the log.</summary>
internal sealed class DeadLetterListener(int linesMax) : UntypedActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _seen;

    private static bool IsMutedByShutdown =>
        Context.System is LocalActorSystem { IsTerminating: true, Settings.LogDeadLettersDuringShutdown: false };

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    protected override void OnReceive(object message)
    {
        if (message is not DeadLetter letter || IsMutedByShutdown || ++_seen > linesMax)
            return;
        var last = _seen == linesMax ? "; no more of them will be logged" : "";
        _log.Info($"message {letter.Message.GetType().Name} from {letter.Sender} to {letter.Recipient} was not delivered: "
            + $"the receiver is gone ({_seen} dead letters so far{last})");
    }
}

/// <summary>Prints log events on standard output.</summary>
public class DefaultLogger : UntypedActor
{
    protected override void PreStart()
    {
        for (var level = Context.System.EventStream.LogLevel; level <= LogLevel.ErrorLevel; level++)
            Context.System.EventStream.Subscribe(Self, level.ClassFor());
    }

    protected override void OnReceive(object message)
    {
        if (message is LogEvent logged)
            Console.Out.WriteLine(logged);
    }
}
