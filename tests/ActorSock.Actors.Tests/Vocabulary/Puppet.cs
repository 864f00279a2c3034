namespace ActorSock.EngineTests;

/// <summary>
/// Does what it is told, and tells its witness what happens to it, as <c>name#instance what</c>.
/// </summary>
/// <remarks>
/// An <see cref="Action{Puppet}"/> is carried out, an exception is thrown, all else is told to the witness.
/// </remarks>
internal sealed class Puppet : UntypedActor, IWithTimers, IWithUnboundedStash
{
    private readonly Role _role;
    private readonly int _instance;

    public Puppet(Role role)
    {
        _role = role;
        _instance = role.NextInstance();
        role.InConstructor(this);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    public int Instance => _instance;

    public IActorRef Me => Self;

    public IActorRef From => Sender;

#pragma warning disable CA1822 // an actor's context is a static of its class; here it is asked of the puppet
    public IUntypedActorContext Surroundings => Context;
#pragma warning restore CA1822

    /// <summary>Starts a child of this role.</summary>
    public IActorRef Start(Role child) => Context.ActorOf(child.Props, child.Name);

    public void Say(string what) => _role.Witness.Tell($"{_role.Name}#{_instance} {what}");

    public void Enter(UntypedReceive state) => Become(state);

    public void EnterAbove(UntypedReceive state) => BecomeStacked(state);

    public void Leave() => UnbecomeStacked();

    public void Run(Func<Task> work) => RunTask(work);

    public void Refuse(object message) => Unhandled(message);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Action<Puppet> deed:
                deed(this);
                break;
            case Exception cause:
                throw cause;
            case Terminated ended:
                Say($"sees the end of {ended.ActorRef.Path.Name}");
                break;
            default:
                Say($"gets {message}");
                break;
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => _role.Strategy;

    protected override void PreStart()
    {
        Say("PreStart");
        _role.InPreStart(this);
    }

    protected override void PostStop()
    {
        Say("PostStop");
        _role.InPostStop(this);
    }

    protected override void PreRestart(Exception reason, object message)
    {
        Say($"PreRestart({reason.Message}, {Named(message)})");
        _role.InPreRestart(this);
        if (_role.KeepsChildren)
            PostStop();
        else
            base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        Say($"PostRestart({reason.Message})");
        _role.InPostRestart(this);
        base.PostRestart(reason);
    }

    private static string Named(object? message) => message switch
    {
        null => "nothing",
        Exception cause => cause.Message,
        _ => message.ToString()!,
    };
}
