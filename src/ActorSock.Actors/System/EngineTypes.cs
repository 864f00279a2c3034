using System.Diagnostics.CodeAnalysis;
using ActorSock.Actors.Configuration;
using ActorSock.Actors.Event;

namespace ActorSock.Actors;

/// <summary>Types that a configuration names. Akka's names mean the engine's own counterparts.</summary>
internal static class EngineTypes
{
    public static IScheduler CreateScheduler(string name, Config config, ILoggingAdapter log) => name switch
    {
        "Akka.Actor.HashedWheelTimerScheduler" => new TimerScheduler(TimeProvider.System, log),
        _ => (IScheduler)Activator.CreateInstance(Resolve(name), config, log)!,
    };

    public static Props LoggerProps(string name, Settings settings) => name switch
    {
        "Akka.Event.DefaultLogger" => Props.Create(static () => new DefaultLogger()),
        _ => Props.Create(Resolve(name)),
    };

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "a type that only a configuration names must be kept by whoever names it")]
    [UnconditionalSuppressMessage("Trimming", "IL2057", Justification = "as above")]
    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors)]
    private static Type Resolve(string name)
    {
        var own = name.Replace("Akka.TestKit", "ActorSock.Actors.TestKit", StringComparison.Ordinal)
            .Replace("Akka.Actor.", "ActorSock.Actors.", StringComparison.Ordinal);
        return Type.GetType(own) ?? throw new ArgumentException($"there is no type '{name}': a configuration names it as 'Namespace.Type, Assembly'", nameof(name));
    }
}
