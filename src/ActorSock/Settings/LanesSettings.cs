namespace ActorSock.Settings;

/// <summary>The digest lanes: section <c>actorsock.lanes</c>.</summary>
public sealed record LanesSettings
{
    /// <summary>Threads that digest; 0 is one for each core.</summary>
    [Count(0, 256)]
    public required int Threads { get; init; }

    /// <summary>How many there are on this machine.</summary>
    internal int ThreadsHere => Threads == 0 ? Environment.ProcessorCount : Threads;
}
