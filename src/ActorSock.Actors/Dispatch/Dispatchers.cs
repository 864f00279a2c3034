using System.Collections.Concurrent;
using ActorSock.Actors.Configuration;

namespace ActorSock.Actors.Dispatch;

/// <summary>The dispatchers of a system, each made from its configuration when first asked for.</summary>
/// <remarks>
/// Types, by Akka's names: <c>Dispatcher</c> and <c>TaskDispatcher</c> (thread pool; with <c>run-on-caller = on</c>,
/// which Akka does not know and ignores, on the thread that wakes an actor, where it can), <c>ForkJoinDispatcher</c> with a
/// <c>dedicated-thread-pool</c> or <c>fork-join-executor</c> (threads of its own), <c>PinnedDispatcher</c> (a thread for each actor).
/// </remarks>
public sealed class Dispatchers
{
    public static readonly string DefaultDispatcherId = "akka.actor.default-dispatcher";

    private readonly ConcurrentDictionary<string, Lazy<MessageDispatcher>> _byId = new();
    private readonly Config _config;

    internal Dispatchers(Config config) => _config = config;

    public MessageDispatcher DefaultGlobalDispatcher => Lookup(DefaultDispatcherId);

    public bool HasDispatcher(string id) => _byId.TryGetValue(id, out var known) && known.IsValueCreated || _config.HasPath(id);

    /// <exception cref="ArgumentException">there is no such configuration, or it is not one of a dispatcher</exception>
    public MessageDispatcher Lookup(string dispatcherName)
    {
        var id = string.IsNullOrEmpty(dispatcherName) ? DefaultDispatcherId : dispatcherName;
        return _byId.GetOrAdd(id, static (key, self) => new Lazy<MessageDispatcher>(() => self.Create(key)), this).Value;
    }

    /// <summary>Adds a dispatcher that no configuration describes; false when the id is taken.</summary>
    internal bool TryAdd(MessageDispatcher dispatcher) => _byId.TryAdd(dispatcher.Id, new Lazy<MessageDispatcher>(dispatcher));

    internal void Shutdown()
    {
        foreach (var dispatcher in _byId.Values)
            if (dispatcher.IsValueCreated)
                dispatcher.Value.Shutdown();
    }

    private MessageDispatcher Create(string id)
    {
        if (!_config.HasPath(id))
            throw new ArgumentException($"no dispatcher '{id}' in the configuration: add a section of that name with a type", nameof(id));
        var config = _config.GetConfig(id)!.WithFallback(_config.GetConfig(DefaultDispatcherId)!);
        var type = config.GetString("type", "Dispatcher");
        var throughput = config.GetInt("throughput", 30);
        var deadline = config.GetTimeSpan("throughput-deadline-time", TimeSpan.Zero);
        return type switch
        {
            "ForkJoinDispatcher" => Dedicated(id, config, throughput, deadline),
            "Dispatcher" when config.GetString("executor", "") == "fork-join-executor" => Dedicated(id, config, throughput, deadline),
            "Dispatcher" or "TaskDispatcher" when config.GetBoolean("run-on-caller", false) => new CallerDispatcher(id, throughput, deadline),
            "Dispatcher" or "TaskDispatcher" => new ThreadPoolDispatcher(id, throughput, deadline),
            "PinnedDispatcher" => new PinnedDispatcher(id, throughput, deadline),
            _ => throw new ArgumentException($"dispatcher '{id}' has type '{type}': "
                + "it can be Dispatcher, TaskDispatcher, ForkJoinDispatcher or PinnedDispatcher", nameof(id)),
        };
    }

    private static DedicatedThreadsDispatcher Dedicated(string id, Config config, int throughput, TimeSpan deadline)
    {
        var pool = config.HasPath("dedicated-thread-pool") ? "dedicated-thread-pool" : "fork-join-executor.dedicated-thread-pool";
        var count = config.GetInt(pool + ".thread-count", Environment.ProcessorCount);
        if (count < 1)
            throw new ArgumentException($"dispatcher '{id}' has {count} threads: thread-count must be at least 1", nameof(config));
        return new DedicatedThreadsDispatcher(id, throughput, deadline, count, config.GetString(pool + ".threadtype", "background") != "foreground");
    }
}
