namespace ActorSock.Settings;

/// <summary>How clients prove who they are: section <c>actorsock.access</c>.</summary>
public sealed record AccessSettings
{
    /// <summary>The file with the clients' names and keys.</summary>
    [Path]
    public required string Keys { get; init; }

    /// <summary>From accept to the last byte of the answer to a challenge.</summary>
    [Duration("10ms", "1h")]
    public required TimeSpan Deadline { get; init; }
}
