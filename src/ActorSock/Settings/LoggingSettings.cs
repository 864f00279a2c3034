namespace ActorSock.Settings;

/// <summary>Where events are written: section <c>actorsock.logging</c>.</summary>
public sealed record LoggingSettings
{
    /// <summary>The file with Serilog's own configuration; relative to the working folder. Null when the
    /// default one is not there: then logs go to standard error alone.</summary>
    [Path]
    public required string? Serilog { get; init; }
}
