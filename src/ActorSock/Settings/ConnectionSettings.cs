namespace ActorSock.Settings;

/// <summary>Limits of one connection, and of all together: section <c>actorsock.connections</c>.</summary>
public sealed record ConnectionSettings
{
    /// <summary>Connections open at once; those beyond are refused.</summary>
    [Count(1, 1_000_000)]
    public required int Max { get; init; }

    /// <summary>From a header's first byte to its last.</summary>
    [Duration("10ms", "1h")]
    public required TimeSpan HeaderDeadline { get; init; }

    /// <summary>How long a peer may be silent before a header, the first one too.</summary>
    [Duration("10ms", "7d")]
    public required TimeSpan IdleLimit { get; init; }

    /// <summary>From the body's last byte to the digest's last digit.</summary>
    [Duration("10ms", "1h")]
    public required TimeSpan DigestDeadline { get; init; }

    /// <summary>How long a body may be slower than <see cref="BodyRateMin"/> before that counts.</summary>
    [Duration("10ms", "1h")]
    public required TimeSpan BodyGrace { get; init; }

    /// <summary>Bytes a second that a body must keep up; 0 demands none.</summary>
    [Size("0B", "1GiB")]
    public required long BodyRateMin { get; init; }

    /// <summary>How long the peer may leave a reply untaken.</summary>
    [Duration("10ms", "1h")]
    public required TimeSpan SendDeadline { get; init; }

    /// <summary>How long a refused peer is still read, so that no reset overtakes the reply.</summary>
    [Duration("0s", "1m")]
    public required TimeSpan Linger { get; init; }

    /// <summary>Restarts of a connection within <see cref="RestartsWindow"/> before it is stopped.</summary>
    [Count(0, 1_000)]
    public required int RestartsMax { get; init; }

    /// <summary>The time in which <see cref="RestartsMax"/> counts.</summary>
    [Duration("10ms", "1d")]
    public required TimeSpan RestartsWindow { get; init; }
}
