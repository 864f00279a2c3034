namespace ActorSock.Settings;

/// <summary>Where events are written: section <c>actorsock.logging</c>.</summary>
public sealed record LoggingSettings
{
    /// <summary>The file with Serilog's own configuration; relative to the working folder. Null when the
    /// default one is not there: then logs go to standard error alone.</summary>
    [Path]
    public required string? Serilog { get; init; }

    /// <summary>Lines a second about stored files; what is stored beyond that is told in one line.</summary>
    [Count(0, 1_000_000)]
    public required int StoredLinesMax { get; init; }

    /// <summary>The same about requests that were refused.</summary>
    [Count(0, 1_000_000)]
    public required int RefusedLinesMax { get; init; }
}
