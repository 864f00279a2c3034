namespace ActorSock.Load.Measures;

/// <summary>Holds what happened in a stretch of time, and can take in what happened in others.</summary>
internal sealed class Interval
{
    private const int KindsMax = 64; // of errors; what peers and systems say is not ours to bound otherwise
    private const string OtherKinds = "other errors";

    private readonly Dictionary<string, long> _errors = [];
    private readonly Dictionary<string, RudeTally> _rude = [];

    /// <summary>Files that were acknowledged.</summary>
    public long Files { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Files that were due and could not be begun before the end, since no connection was free.</summary>
    public long Unsent { get; private set; }

    /// <summary>From when a file was due to its acknowledgement, or to when nobody waited for it any more. Refused files are answered,
    /// and not among them.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>How late this program was itself: from when a file was due and a connection free, to the file's beginning.</summary>
    public LatencyHistogram Lag { get; } = new();

    /// <summary>How long the driving threads were at work, taken together.</summary>
    public TimeSpan Busy { get; private set; }

    /// <summary>How many there are of each kind of error.</summary>
    public IReadOnlyDictionary<string, long> Errors => _errors;

    /// <summary>What became of rude clients, by their kind.</summary>
    public IReadOnlyDictionary<string, RudeTally> Rude => _rude;

    public long ErrorsCount => _errors.Values.Sum();

    public void Acknowledged(long bytes, TimeSpan latency)
    {
        Files++;
        Bytes += bytes;
        Latency.Add(latency);
    }

    /// <summary>Counts a file that was never begun. Its latency would have been longer than this: leaving it out would make
    /// an overload look good.</summary>
    public void NotBegun(TimeSpan waited)
    {
        Unsent++;
        Latency.Add(waited);
    }

    public void Failed(string kind) => Count(_errors, kind, 1);

    /// <summary>Counts a file that failed without an answer, after so long. As with one that was never begun, an answer would have
    /// come later than that.</summary>
    public void Unanswered(string kind, TimeSpan waited)
    {
        Failed(kind);
        Latency.Add(waited);
    }

    public void WasBusy(TimeSpan time) => Busy += time;

    public void RudeTried(string kind) => _rude[kind] = _rude.GetValueOrDefault(kind) with { Tried = _rude.GetValueOrDefault(kind).Tried + 1 };

    public void RudeEnded(string kind) => _rude[kind] = _rude.GetValueOrDefault(kind) with { Ended = _rude.GetValueOrDefault(kind).Ended + 1 };

    public void Add(Interval other)
    {
        Files += other.Files;
        Bytes += other.Bytes;
        Unsent += other.Unsent;
        Busy += other.Busy;
        Latency.Add(other.Latency);
        Lag.Add(other.Lag);
        foreach (var (kind, count) in other._errors) Count(_errors, kind, count);
        foreach (var (kind, tally) in other._rude)
        {
            var mine = _rude.GetValueOrDefault(kind);
            _rude[kind] = new(mine.Tried + tally.Tried, mine.Ended + tally.Ended);
        }
    }

    public void Clear()
    {
        (Files, Bytes, Unsent, Busy) = (0, 0, 0, TimeSpan.Zero);
        Latency.Clear();
        Lag.Clear();
        _errors.Clear();
        _rude.Clear();
    }

    private static void Count(Dictionary<string, long> errors, string kind, long count)
    {
        if (errors.Count >= KindsMax && !errors.ContainsKey(kind)) kind = OtherKinds;
        errors[kind] = errors.GetValueOrDefault(kind) + count;
    }
}

/// <summary>What became of rude clients of one kind.</summary>
/// <param name="Tried">How often one was rude.</param>
/// <param name="Ended">How often the node made an end of it: an answer, or a close.</param>
internal readonly record struct RudeTally(long Tried, long Ended);
