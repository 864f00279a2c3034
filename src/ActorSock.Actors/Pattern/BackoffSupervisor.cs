namespace ActorSock.Actors.Pattern;

/// <summary>Keeps one child running: when it ends, it is started again after a delay that doubles each time.</summary>
/// <remarks>
/// Parent: any. Child: one, by the name it was given. Messages go to the child, the child's own go to the parent.<br/>
/// On restart: the child is stopped and started anew.
/// </remarks>
public sealed class BackoffSupervisor : UntypedActor, IWithTimers
{
    private readonly BackoffSettings _options;
    private IActorRef? _child;
    private int _restarts;
    private bool _childFailed;

    internal BackoffSupervisor(BackoffSettings options) => _options = options;

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Asks for the child; answered by <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        public static readonly GetCurrentChild Instance = new();

        private GetCurrentChild()
        {
        }
    }

    public sealed class CurrentChild(IActorRef @ref)
    {
        public IActorRef Ref { get; } = @ref;
    }

    /// <summary>Sets the count of restarts back to 0.</summary>
    public sealed class Reset
    {
        public static readonly Reset Instance = new();

        private Reset()
        {
        }
    }

    public sealed class GetRestartCount
    {
        public static readonly GetRestartCount Instance = new();

        private GetRestartCount()
        {
        }
    }

    public sealed class RestartCount(int count)
    {
        public int Count { get; } = count;
    }

    private sealed record StartChild;

    private sealed record ResetAfter(int Restarts);

    public static Props Props(BackoffOptions options)
    {
        var settings = (BackoffSettings)options;
        return Actors.Props.Create(() => new BackoffSupervisor(settings));
    }

    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor) =>
        Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor, -1));

    /// <summary>The delay before a restart: doubled for each one before, bounded, and a random share on top.</summary>
    internal static TimeSpan Delay(int restarts, TimeSpan min, TimeSpan max, double randomFactor, double random)
    {
        var doubled = restarts >= 30 ? max : TimeSpan.FromTicks((long)Math.Min(max.Ticks, min.Ticks * Math.Pow(2, restarts)));
        return doubled * (1.0 + (random * randomFactor));
    }

    protected override void PreStart() => Start();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StartChild:
                Start();
                break;
            case Terminated ended when ended.ActorRef.Equals(_child):
                _child = null;
                if (_options.OnStop || _childFailed)
                    StartLater();
                else
                    Context.Stop(Self); // it ended of its own will: there is nothing to start again
                break;
            case ResetAfter reset when reset.Restarts == _restarts:
                _restarts = 0;
                break;
            case ResetAfter:
                break;
            case Reset:
                _restarts = 0;
                break;
            case GetCurrentChild:
                Sender.Tell(new CurrentChild(_child ?? ActorRefs.Nobody), Self);
                break;
            case GetRestartCount:
                Sender.Tell(new RestartCount(_restarts), Self);
                break;
            case var fromChild when _child is not null && Sender.Equals(_child):
                Context.Parent.Forward(fromChild);
                break;
            default:
                PassOn(message);
                break;
        }
    }

    /// <summary>A child to be started again is stopped first; what its strategy says otherwise is done.</summary>
    protected override SupervisorStrategy SupervisorStrategy()
    {
        var strategy = _options.Strategy ?? new OneForOneStrategy(Actors.SupervisorStrategy.DefaultDecider);
        return _options.OnStop
            ? strategy
            : new OneForOneStrategy(-1, -1, cause => StopToStartAgain(strategy.Decider.Decide(cause)));
    }

    private Directive StopToStartAgain(Directive directive)
    {
        _childFailed |= directive == Directive.Restart;
        return directive == Directive.Restart ? Directive.Stop : directive;
    }

    private void Start()
    {
        if (_child is not null)
            return;
        _childFailed = false;
        _child = Context.Watch(Context.ActorOf(_options.ChildProps, _options.ChildName));
        if (_options.AutoReset is { } after)
            Timers.StartSingleTimer(typeof(ResetAfter), new ResetAfter(_restarts), after);
    }

    private void StartLater()
    {
        Timers.Cancel(typeof(ResetAfter));
        if (_options.MaxNrOfRetries >= 0 && _restarts >= _options.MaxNrOfRetries)
        {
            Context.Stop(Self);
            return;
        }
        var delay = Delay(_restarts++, _options.MinBackoff, _options.MaxBackoff, _options.RandomFactor, Random.Shared.NextDouble());
        Timers.StartSingleTimer(typeof(StartChild), new StartChild(), delay);
    }

    private void PassOn(object message)
    {
        if (_child is not null)
            _child.Forward(message);
        else if (_options.ReplyWhileStopped is { } reply)
            Sender.Tell(reply, Self);
        else
            Context.System.DeadLetters.Forward(message);
    }
}
