namespace ActorSock.Settings;

/// <summary>What all listeners have in common: section <c>actorsock.listeners</c>.</summary>
public sealed record ListenerSettings
{
    /// <summary>How long a listener that failed waits before its first restart.</summary>
    [Duration("10ms", "1m")]
    public required TimeSpan RetryMin { get; init; }

    /// <summary>How long it waits at most, after many restarts.</summary>
    [Duration("10ms", "1h")]
    public required TimeSpan RetryMax { get; init; }

    /// <summary>How long accepting rests when the machine is out of descriptors or memory.</summary>
    [Duration("1ms", "1m")]
    public required TimeSpan AcceptPause { get; init; }
}
