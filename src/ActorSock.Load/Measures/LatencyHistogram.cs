using System.Numerics;

namespace ActorSock.Load.Measures;

/// <summary>Counts durations so finely that any percentile is known to 1/64 of itself, in 9 KiB however many there are.</summary>
/// <remarks>
/// In the manner of HdrHistogram: microseconds up to 127 have a bucket each, and each doubling above has 64 of equal width.
/// Not thread-safe.
/// </remarks>
internal sealed class LatencyHistogram
{
    private const int LinearCount = 128;                 // values that are their own bucket
    private const int BucketsPerDoubling = LinearCount / 2;
    private const int BitsMax = 40;                      // 2^40 us are 12 days
    private const int BitsLinear = 7;
    private const int BucketsCount = LinearCount + (BitsMax - BitsLinear) * BucketsPerDoubling;

    private readonly int[] _counts = new int[BucketsCount];
    private long _maxMicroseconds;
    private double _sumMicroseconds;

    /// <summary>How many durations were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, exactly.</summary>
    public TimeSpan Max => TimeSpan.FromMicroseconds(_maxMicroseconds);

    /// <summary>The mean, exactly; zero of none.</summary>
    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(_sumMicroseconds / Count);

    public void Add(TimeSpan duration)
    {
        var microseconds = Math.Clamp((long)duration.TotalMicroseconds, 0, (1L << BitsMax) - 1);
        _counts[BucketOf(microseconds)]++;
        Count++;
        _sumMicroseconds += microseconds;
        _maxMicroseconds = Math.Max(_maxMicroseconds, microseconds);
    }

    /// <summary>Counts everything that the other one has counted, too.</summary>
    public void Add(LatencyHistogram other)
    {
        if (other.Count == 0) return;
        for (var i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        Count += other.Count;
        _sumMicroseconds += other._sumMicroseconds;
        _maxMicroseconds = Math.Max(_maxMicroseconds, other._maxMicroseconds);
    }

    /// <summary>The duration that so many percent did not exceed: never less than the true one, and at most 1/64 more.</summary>
    /// <param name="percent">More than 0, at most 100.</param>
    /// <returns>Zero of none.</returns>
    public TimeSpan Percentile(double percent)
    {
        if (Count == 0) return TimeSpan.Zero;
        var rank = Math.Clamp((long)Math.Ceiling(percent / 100 * Count), 1, Count);
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
                return TimeSpan.FromMicroseconds(Math.Min(LargestIn(bucket), _maxMicroseconds));
        }
        return Max;
    }

    /// <summary>The buckets that are not empty: the largest duration of each, and how many are in it.</summary>
    public IEnumerable<(TimeSpan UpTo, long Count)> Buckets()
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++)
            if (_counts[bucket] > 0)
                yield return (TimeSpan.FromMicroseconds(Math.Min(LargestIn(bucket), _maxMicroseconds)), _counts[bucket]);
    }

    public void Clear()
    {
        Array.Clear(_counts);
        (Count, _maxMicroseconds, _sumMicroseconds) = (0, 0, 0);
    }

    private static int BucketOf(long value)
    {
        if (value < LinearCount) return (int)value;
        var shift = BitOperations.Log2((ulong)value) - (BitsLinear - 1);
        return LinearCount + (shift - 1) * BucketsPerDoubling + (int)(value >> shift) - BucketsPerDoubling;
    }

    private static long LargestIn(int bucket)
    {
        if (bucket < LinearCount) return bucket;
        var (doubling, place) = Math.DivRem(bucket - LinearCount, BucketsPerDoubling);
        return ((long)(BucketsPerDoubling + place + 1) << (doubling + 1)) - 1;
    }
}
