namespace ActorSock.Load.Scenarios;

/// <summary>Says what clients do to a node. <c>hocon/load.conf</c> tells what each setting means, and its defaults.</summary>
internal sealed record Scenario
{
    public required string Name { get; init; }

    public required int Connections { get; init; }

    public required SizeDistribution Sizes { get; init; }

    /// <summary>Files a second over all connections, by schedule; null for as fast as possible.</summary>
    public required double? Rate { get; init; }

    /// <summary>Whether the files of a <see cref="Rate"/> come at random rather than evenly.</summary>
    public required bool RandomArrivals { get; init; }

    /// <summary>How long files are begun; null when <see cref="Files"/> or <see cref="Bytes"/> ends it.</summary>
    public required TimeSpan? Duration { get; init; }

    /// <summary>How many files are begun; null for any number.</summary>
    public required long? Files { get; init; }

    /// <summary>How many bytes are begun; null for any number.</summary>
    public required long? Bytes { get; init; }

    public required TimeSpan RampUp { get; init; }

    public required TimeSpan Think { get; init; }

    public required LoadDialect Dialect { get; init; }

    /// <summary>How many files of a connection may be unanswered, in the native dialect.</summary>
    public required int Pipeline { get; init; }

    /// <summary>How long a file may take from its first byte to its acknowledgement.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How many rude connections there are for each 100 polite ones.</summary>
    public required double RudePercent { get; init; }

    public required IReadOnlyList<RudeKind> RudeKinds { get; init; }

    /// <summary>How much higher the 99th percentile may be while others are rude.</summary>
    public required double DisturbanceMax { get; init; }

    /// <summary>A 99th percentile up to this is undisturbed, whatever it was without the rude.</summary>
    public required TimeSpan DisturbanceFloor { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>How many rude connections there are.</summary>
    public int RudeConnections =>
        RudePercent == 0 || RudeKinds.Count == 0 ? 0 : Math.Max(1, (int)Math.Round(Connections * RudePercent / 100));
}
