using ActorSock.Actors.Configuration;

namespace ActorSock.Actors;

/// <summary>A phase of a shutdown, as it is configured.</summary>
/// <param name="Recovers">whether the shutdown goes on when a task of it fails or is late</param>
/// <param name="IsEnabled">whether its tasks run at all</param>
internal sealed record ShutdownPhase(
    string Name, TimeSpan Timeout, bool Recovers, bool IsEnabled, IList<string> DependsOn)
{
    /// <summary>
    /// All phases, each after those that it depends on, otherwise as they are written; the end of the actors is the last.
    /// </summary>
    /// <exception cref="ArgumentException">they depend on each other in a circle, or on one that there is not</exception>
    public static ShutdownPhase[] Read(Config shutdown)
    {
        var config = shutdown.GetConfig("phases")!;
        var usual = shutdown.GetTimeSpan("default-phase-timeout");
        var byName = config.Keys
            .Select(name => Read(name, config.GetConfig($"\"{name}\"")!, usual))
            .ToDictionary(phase => phase.Name);
        var sorted = new List<ShutdownPhase>();
        foreach (var phase in byName.Values.OrderBy(p => p.Name == CoordinatedShutdown.PhaseActorSystemTerminate))
            Add(phase, []);
        return [.. sorted];

        void Add(ShutdownPhase phase, List<string> via)
        {
            if (sorted.Contains(phase))
                return;
            if (via.Contains(phase.Name))
                throw Wrong($"phases depend on each other in a circle: {string.Join(", ", via)}");
            foreach (var name in phase.DependsOn)
            {
                if (!byName.TryGetValue(name, out var before))
                    throw Wrong($"phase '{phase.Name}' depends on '{name}', and there is no such phase");
                Add(before, [.. via, phase.Name]);
            }
            sorted.Add(phase);
        }

        static ArgumentException Wrong(string what) => new($"akka.coordinated-shutdown: {what}", nameof(shutdown));
    }

    private static ShutdownPhase Read(string name, Config phase, TimeSpan usual) => new(
        name, phase.GetTimeSpan("timeout", usual), phase.GetBoolean("recover", true),
        phase.GetBoolean("enabled", true), phase.GetStringList("depends-on"));
}
