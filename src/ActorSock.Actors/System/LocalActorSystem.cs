using ActorSock.Actors.Configuration;
using ActorSock.Actors.Dispatch;
using ActorSock.Actors.Event;

namespace ActorSock.Actors;

/// <summary>An actor system in this process.</summary>
internal sealed class LocalActorSystem : ExtendedActorSystem
{
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stack<Action> _onTermination = new();
    private readonly Lock _lock = new();
    private readonly DeadLetterActorRef _deadLetters;
    private readonly ActorCell _root, _user, _internal;
    private int _terminating;
    private bool _rootStopped;

    public LocalActorSystem(string name, Config config)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || name[0] is '-' or '_')
            throw new ArgumentException($"not a name for an actor system: '{name}': ASCII letters, digits, - and _ only, starting with a letter or digit", nameof(name));
        Name = name;
        Address = new Address("akka", name);
        Settings = new Settings(this, config.WithFallback(ConfigurationFactory.Default()));
        EventStream = new EventStream(Settings.DebugEventStream);
        EventStream.SetLogLevel(Logging.LogLevelFor(Settings.LogLevel));
        _deadLetters = new DeadLetterActorRef(this);
        IgnoreRef = new IgnoreActorRef(Address);
        Temporary = new RootActorPath(Address) / "temp";
        Dispatchers = new Dispatchers(Settings.Config);
        Log = Logging.GetLogger(EventStream, $"ActorSystem({name})");
        Scheduler = EngineTypes.CreateScheduler(Settings.SchedulerClass, Settings.Config, Log);
        StartTime = Scheduler.MonotonicClock;
        _root = new ActorCell(this, Props.Create(static () => new RootGuardian()), null, "/");
        _root.Start();
        _user = _root.AttachChild(Props.Create(static () => new Guardian(), Settings.GuardianStrategy), "user");
        _internal = _root.AttachChild(Props.Create(static () => new Guardian(), Actors.SupervisorStrategy.StoppingStrategy), "system");
        _root.Tell(new RootGuardian.Guard(_user, _internal), ActorRefs.NoSender);
        CoordinatedShutdown = new CoordinatedShutdown(this);
        StartLoggers();
    }

    public override string Name { get; }

    public Address Address { get; }

    public ActorPath Temporary { get; }

    public ActorCell Root => _root;

    public TimeProvider TimeProvider { get; } = TimeProvider.System;

    public CoordinatedShutdown CoordinatedShutdown { get; }

    public override Settings Settings { get; }

    public override Dispatchers Dispatchers { get; }

    public override EventStream EventStream { get; }

    public override ILoggingAdapter Log { get; }

    public override IScheduler Scheduler { get; }

    public override IActorRef DeadLetters => _deadLetters;

    public override IActorRef IgnoreRef { get; }

    public override Task WhenTerminated => _terminated.Task;

    public bool IsTerminating => Volatile.Read(ref _terminating) != 0;

    public override IActorRef ActorOf(Props props, string? name = null) => _user.AttachChild(props, name);

    public override IActorRef SystemActorOf(Props props, string? name = null) => _internal.AttachChild(props, name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => Actors.ActorSelection.Of(actorPath, this);

    public override ActorSelection ActorSelection(string actorPath) => Actors.ActorSelection.Of(actorPath, _root, this);

    public override void Stop(IActorRef actor)
    {
        if (actor is ISystemRef known)
            known.SendSystem(new Terminate());
    }

    public override Task Terminate()
    {
        _ = Settings.CoordinatedShutdownRunByActorSystemTerminate ? ShutDown() : StopActors();
        return WhenTerminated;
    }

    public override void RegisterOnTermination(Action code)
    {
        lock (_lock)
        {
            if (_rootStopped)
                throw new InvalidOperationException($"{this} has terminated already");
            _onTermination.Push(code);
        }
    }

    /// <summary>The last phase: stops the actors themselves.</summary>
    internal Task StopActors()
    {
        if (Interlocked.Exchange(ref _terminating, 1) == 0)
            _user.Stop();
        return WhenTerminated;
    }

    internal void Bury(object message, IActorRef? sender, IActorRef recipient) => _deadLetters.Bury(message, sender, recipient);

    /// <summary>A guardian itself failed: nobody is left to decide.</summary>
    internal void Abort(Exception cause)
    {
        Log.Log(LogLevel.ErrorLevel, cause, $"a guardian failed, so {this} terminates: {cause.Message}");
        _root.Stop();
    }

    internal void RootStopped()
    {
        lock (_lock)
            _rootStopped = true;
        foreach (var code in _onTermination)
        {
            try
            {
                code();
            }
            catch (Exception e)
            {
                Log.Log(LogLevel.ErrorLevel, e, $"termination hook failed: {e.Message}");
            }
        }
        (Scheduler as IDisposable)?.Dispose();
        Dispatchers.Shutdown();
        _terminated.TrySetResult();
    }

    public override string ToString() => Address.ToString();

    private async Task ShutDown()
    {
        Task phases = CoordinatedShutdown.Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        await phases.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // what failed is logged
        _ = StopActors(); // whatever the phases were told to do or leave: this was asked for
    }

    private void StartLoggers()
    {
        foreach (var logger in Settings.Loggers)
            SystemActorOf(EngineTypes.LoggerProps(logger, Settings), null);
        if (Settings.LogDeadLetters > 0)
            SystemActorOf(Props.Create(() => new DeadLetterListener(Settings.LogDeadLetters)), "deadLetterListener");
    }
}
