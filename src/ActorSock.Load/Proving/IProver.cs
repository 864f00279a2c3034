namespace ActorSock.Load.Proving;

/// <summary>Asks back what was acknowledged.</summary>
internal interface IProver
{
    /// <summary>Looks for all that was acknowledged, and for what must not be there.</summary>
    /// <param name="rudeConnections">How many rude connections there were.</param>
    /// <param name="progress">Is told how many files were looked for.</param>
    /// <param name="cancel">Cuts it short: the proof says what was left out.</param>
    Task<Proof> ProveAsync(int rudeConnections, Action<long> progress, CancellationToken cancel);
}
