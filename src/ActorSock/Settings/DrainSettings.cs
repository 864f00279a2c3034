namespace ActorSock.Settings;

/// <summary>How a node ends: section <c>actorsock.drain</c>.</summary>
public sealed record DrainSettings
{
    /// <summary>How long what is in flight may take after the node was told to stop.</summary>
    [Duration("0s", "1d")]
    public required TimeSpan Limit { get; init; }
}
