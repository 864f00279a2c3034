namespace ActorSock.Client.Native;

/// <summary>Says how often and after which pause something is tried again: after a lost connection, and after the refusals
/// 408, 500, 503 and 507. Others are never tried again.</summary>
public sealed record RetryOptions
{
    /// <summary>How often in all, at least 1. Where a file got on since, by bytes that the node has kept or that have
    /// arrived here, counting begins anew.</summary>
    public int AttemptsMax { get; init; } = 8;

    /// <summary>The pause behind the first failure; it doubles with each.</summary>
    public TimeSpan DelayFirst { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause.</summary>
    public TimeSpan DelayMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>No second attempt.</summary>
    public static RetryOptions None { get; } = new() { AttemptsMax = 1 };

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(AttemptsMax, 1, nameof(AttemptsMax));
        ArgumentOutOfRangeException.ThrowIfLessThan(DelayFirst, TimeSpan.Zero, nameof(DelayFirst));
        ArgumentOutOfRangeException.ThrowIfLessThan(DelayMax, DelayFirst, nameof(DelayMax));
    }

    /// <summary>The pause behind so many failures: of up to twice the one before, never less than half of it, so that those who
    /// failed together do not come back together.</summary>
    internal TimeSpan DelayAfter(int failures)
    {
        var whole = DelayFirst * Math.Pow(2, Math.Min(failures - 1, 30));
        return (whole < DelayMax ? whole : DelayMax) * (0.5 + Random.Shared.NextDouble() / 2);
    }
}
