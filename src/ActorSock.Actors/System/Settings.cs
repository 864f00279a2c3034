using ActorSock.Actors.Configuration;

namespace ActorSock.Actors;

/// <summary>The settings of a system; each key is explained in the engine's <c>reference.conf</c>.</summary>
public class Settings
{
    public Settings(ActorSystem system, Config config)
    {
        System = system;
        Config = config;
        LogLevel = config.GetString("akka.loglevel")!;
        StdoutLogLevel = config.GetString("akka.stdout-loglevel")!;
        Loggers = config.GetStringList("akka.loggers");
        LogDeadLetters = config.GetString("akka.log-dead-letters")!.ToUpperInvariant() switch
        {
            "OFF" or "FALSE" => 0,
            "ON" or "TRUE" => int.MaxValue,
            _ => config.GetInt("akka.log-dead-letters"),
        };
        LogDeadLettersDuringShutdown = config.GetBoolean("akka.log-dead-letters-during-shutdown");
        CoordinatedShutdownRunByActorSystemTerminate = config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate", true);
        CoordinatedShutdownTerminateActorSystem = config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system", true);
        SchedulerClass = config.GetString("akka.scheduler.implementation")!;
        AskTimeout = config.GetTimeSpan("akka.actor.ask-timeout", Timeout.InfiniteTimeSpan);
        DebugEventStream = config.GetBoolean("akka.actor.debug.event-stream");
        SupervisorStrategyClass = config.GetString("akka.actor.guardian-supervisor-strategy")!;
    }

    public ActorSystem System { get; }

    public Config Config { get; }

    public string LogLevel { get; }

    public string StdoutLogLevel { get; }

    public IList<string> Loggers { get; }

    /// <summary>How many dead letters are logged before they are only published.</summary>
    public int LogDeadLetters { get; }

    public bool LogDeadLettersDuringShutdown { get; }

    /// <summary>Whether <see cref="ActorSystem.Terminate"/> goes through the phases of a shutdown first.</summary>
    public bool CoordinatedShutdownRunByActorSystemTerminate { get; }

    /// <summary>Whether a shutdown ends by stopping the actors.</summary>
    public bool CoordinatedShutdownTerminateActorSystem { get; }

    public string SchedulerClass { get; }

    public string SupervisorStrategyClass { get; }

    public TimeSpan AskTimeout { get; }

    public bool DebugEventStream { get; }

    internal SupervisorStrategy GuardianStrategy => SupervisorStrategyClass switch
    {
        "Akka.Actor.DefaultSupervisorStrategy" => SupervisorStrategy.DefaultStrategy,
        "Akka.Actor.StoppingSupervisorStrategy" => SupervisorStrategy.StoppingStrategy,
        var other => throw new ArgumentException($"akka.actor.guardian-supervisor-strategy is '{other}': "
            + "it can be Akka.Actor.DefaultSupervisorStrategy or Akka.Actor.StoppingSupervisorStrategy"),
    };
}
