namespace ActorSock.Settings;

/// <summary>Limits of native conversations: section <c>actorsock.native</c>.</summary>
public sealed record NativeSettings
{
    /// <summary>Requests of one connection that may be under way at once.</summary>
    [Count(1, 10_000)]
    public required int RequestsMax { get; init; }

    /// <summary>Entries of the longest list.</summary>
    [Count(1, 100_000)]
    public required int ListEntriesMax { get; init; }
}
