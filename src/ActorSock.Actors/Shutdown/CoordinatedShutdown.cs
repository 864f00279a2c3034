using ActorSock.Actors.Configuration;
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

    private static readonly string[] s_phases =
    [
        PhaseBeforeServiceUnbind, PhaseServiceUnbind, PhaseServiceRequestsDone, PhaseServiceStop, PhaseBeforeClusterShutdown,
        PhaseClusterShardingShutdownRegion, PhaseClusterLeave, PhaseClusterExiting, PhaseClusterExitingDone, PhaseClusterShutdown,
        PhaseBeforeActorSystemTerminate, PhaseActorSystemTerminate,
    ];

    private readonly LocalActorSystem _system;
    private readonly Config _config;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Task)>> _tasks = [];
    private Task<Done>? _run;

    internal CoordinatedShutdown(LocalActorSystem system)
    {
        _system = system;
        _config = system.Settings.Config.GetConfig("akka.coordinated-shutdown")!;
    }

    public ExtendedActorSystem System => _system;

    /// <summary>Why the shutdown runs; null while it does not.</summary>
    public Reason? ShutdownReason { get; private set; }

    /// <summary>How long all phases may take together.</summary>
    public TimeSpan TotalTimeout => TimeSpan.FromTicks(s_phases.Sum(phase => Timeout(phase).Ticks));

    public static CoordinatedShutdown Get(ActorSystem sys) => ((LocalActorSystem)sys).CoordinatedShutdown;

    public TimeSpan Timeout(string phase) =>
        _config.GetTimeSpan($"phases.{Known(phase)}.timeout", _config.GetTimeSpan("default-phase-timeout"));

    /// <summary>Adds a task; those added while the shutdown runs still run if their phase has not begun.</summary>
    /// <exception cref="ArgumentException">there is no such phase</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        lock (_lock)
        {
            if (!_tasks.TryGetValue(Known(phase), out var tasks))
                _tasks[phase] = tasks = [];
            tasks.Add((taskName, task));
        }
    }

    /// <summary>Runs the phases, from the named one on; a second call gets the task of the first.</summary>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        lock (_lock)
        {
            if (_run is not null)
                return _run;
            ShutdownReason = reason;
            return _run = Task.Run(() => RunPhases(fromPhase));
        }
    }

    private static string Known(string phase) => s_phases.Contains(phase)
        ? phase
        : throw new ArgumentException($"unknown phase '{phase}': the phases are {string.Join(", ", s_phases)}", nameof(phase));

    private async Task<Done> RunPhases(string? fromPhase)
    {
        foreach (var phase in s_phases.SkipWhile(p => fromPhase is not null && p != fromPhase))
        {
            (string Name, Func<Task<Done>> Task)[] tasks;
            lock (_lock)
                tasks = _tasks.TryGetValue(phase, out var known) ? [.. known] : [];
            await Task.WhenAll(tasks.Select(t => RunTask(phase, t.Name, t.Task))).ConfigureAwait(false);
        }
        if (_config.GetBoolean("terminate-actor-system", true))
            await _system.StopActors().ConfigureAwait(false);
        return Done.Instance;
    }

    /// <summary>One task; one that fails or takes too long is logged and does not hold up the rest.</summary>
    private async Task RunTask(string phase, string name, Func<Task<Done>> task)
    {
        try
        {
            await task().WaitAsync(Timeout(phase)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _system.Log.Log(LogLevel.WarningLevel, e, e is TimeoutException
                ? $"task '{name}' of phase '{phase}' took longer than {Timeout(phase)}; the shutdown goes on"
                : $"task '{name}' of phase '{phase}' failed: {e.Message}; the shutdown goes on");
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
