namespace ActorSock.EngineTests;

/// <summary>
/// What a <see cref="Puppet"/> is over all its instances: its name, who hears of it, and what it does in
/// its hooks.
/// </summary>
internal sealed class Role(string name, IActorRef witness)
{
    private int _instances;

    public string Name => name;

    public IActorRef Witness => witness;

    public SupervisorStrategy Strategy { get; init; } = SupervisorStrategy.DefaultStrategy;

    /// <summary>
    /// True for one that overrides PreRestart, so that its children live through its restart.
    /// </summary>
    public bool KeepsChildren { get; init; }

    public Action<Puppet> InConstructor { get; init; } = static _ => { };

    public Action<Puppet> InPreStart { get; init; } = static _ => { };

    public Action<Puppet> InPostStop { get; init; } = static _ => { };

    public Action<Puppet> InPreRestart { get; init; } = static _ => { };

    public Action<Puppet> InPostRestart { get; init; } = static _ => { };

    public Props Props => Props.Create(() => new Puppet(this));

    public int NextInstance() => Interlocked.Increment(ref _instances);
}
