namespace ActorSock.Settings;

/// <summary>The door for the operator's commands: section <c>actorsock.admin</c>.</summary>
public sealed record AdminSettings
{
    /// <summary>Where a running node answers commands such as <c>actorsock tree</c>; null for off.</summary>
    [Endpoint]
    public required Endpoint? Endpoint { get; init; }
}
