using ActorSock.Actors.Event;

namespace ActorSock.Actors;

/// <summary>Something that a system carries one of.</summary>
public interface IExtension;

/// <summary>Ends a system in phases: the tasks of one run side by side, the next phase begins when they are done or out of time.</summary>
public sealed class CoordinatedShutdown : IExtension
{
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly LocalActorSystem _system;
    private readonly ShutdownPhase[] _phases;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Task)>> _tasks = [];
    private Task<Done>? _run;

    internal CoordinatedShutdown(LocalActorSystem system)
    {
        _system = system;
        _phases = ShutdownPhase.Read(system.Settings.Config.GetConfig("akka.coordinated-shutdown")!);
        if (system.Settings.CoordinatedShutdownTerminateActorSystem)
            AddTask(PhaseActorSystemTerminate, "terminate-system", async () =>
            {
                await _system.StopActors().ConfigureAwait(false);
                return Done.Instance;
            });
    }

    public ExtendedActorSystem System => _system;

    /// <summary>Why the shutdown runs; null while it does not.</summary>
    public Reason? ShutdownReason { get; private set; }

    /// <summary>How long all phases may take together.</summary>
    public TimeSpan TotalTimeout => TimeSpan.FromTicks(_phases.Sum(phase => phase.Timeout.Ticks));

    public static CoordinatedShutdown Get(ActorSystem sys) => ((LocalActorSystem)sys).CoordinatedShutdown;

    /// <exception cref="ArgumentException">there is no such phase</exception>
    public TimeSpan Timeout(string phase) => Known(phase).Timeout;

    /// <summary>Adds a task; those added while the shutdown runs still run if their phase has not begun.</summary>
    /// <exception cref="ArgumentException">there is no such phase</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        lock (_lock)
        {
            if (!_tasks.TryGetValue(Known(phase).Name, out var tasks))
                _tasks[phase] = tasks = [];
            tasks.Add((taskName, task));
        }
    }

    /// <summary>Runs the phases, from the named one on; a second call gets the task of the first.</summary>
    /// <returns>
    /// A task that fails with what went wrong in a phase that does not recover; the phases after it do not run then.
    /// </returns>
    /// <exception cref="ArgumentException">there is no such phase</exception>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        var from = fromPhase is null ? 0 : Array.IndexOf(_phases, Known(fromPhase));
        lock (_lock)
        {
            if (_run is not null)
                return _run;
            ShutdownReason = reason;
            return _run = Task.Run(() => RunPhases(from));
        }
    }

    private ShutdownPhase Known(string phase) => Array.Find(_phases, p => p.Name == phase)
        ?? throw new ArgumentException($"unknown phase '{phase}': the phases are {string.Join(", ", _phases.Select(p => p.Name))}", nameof(phase));

    private async Task<Done> RunPhases(int from)
    {
        foreach (var phase in _phases.Skip(from))
        {
            (string Name, Func<Task<Done>> Task)[] tasks;
            lock (_lock)
                tasks = phase.IsEnabled && _tasks.TryGetValue(phase.Name, out var known) ? [.. known] : [];
            await Task.WhenAll(tasks.Select(t => RunTask(phase, t.Name, t.Task))).ConfigureAwait(false);
        }
        return Done.Instance;
    }

    private async Task RunTask(ShutdownPhase phase, string name, Func<Task<Done>> task)
    {
        try
        {
            // On a thread of its own, so that one that blocks does not hold up the clock that it runs against.
            await Task.Run(task).WaitAsync(phase.Timeout).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var then = phase.Recovers ? "the shutdown goes on" : "the shutdown ends here";
            _system.Log.Log(LogLevel.WarningLevel, e, e is TimeoutException
                ? $"task '{name}' of phase '{phase.Name}' took longer than {phase.Timeout}; {then}"
                : $"task '{name}' of phase '{phase.Name}' failed: {e.Message}; {then}");
            if (!phase.Recovers)
                throw;
        }
    }

    public class Reason
    {
        protected Reason()
        {
        }
    }

    public class UnknownReason : Reason
    {
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason()
        {
        }
    }

    public class ActorSystemTerminateReason : Reason
    {
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason()
        {
        }
    }

    public class ClrExitReason : Reason
    {
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason()
        {
        }
    }
}
