namespace ActorSock.Load.Pace;

/// <summary>Says when the files of an open loop are due, whatever becomes of those before.</summary>
/// <remarks>What is overdue is not kept: it is all that the schedule has not given yet. Not thread-safe.</remarks>
internal sealed class ArrivalSchedule
{
    private const ulong Draw = 0xA441;

    private readonly ulong? _seed;
    private readonly double _between; // timestamps between two, on average
    private readonly long _begin;
    private double _next;

    /// <param name="begin">The timestamp at which it begins.</param>
    /// <param name="timestampsPerSecond">How many timestamps a second has.</param>
    /// <param name="rate">Files a second.</param>
    /// <param name="share">Of how many schedules that together have the rate this is one, and which; they take turns.</param>
    /// <param name="seed">For arrivals at random (Poisson); null for even ones.</param>
    public ArrivalSchedule(long begin, long timestampsPerSecond, double rate, (int Of, int Which) share, ulong? seed)
    {
        _begin = begin;
        _between = timestampsPerSecond / rate * share.Of;
        _seed = seed is null ? null : Mix.Of(seed.Value, (ulong)share.Which);
        _next = seed is null ? _between / share.Of * share.Which : Gap();
    }

    /// <summary>How many were taken.</summary>
    public long Taken { get; private set; }

    /// <summary>The timestamp at which the next file is due.</summary>
    public long NextDue => _begin + (long)_next;

    /// <summary>Takes the next file; the one behind it is next.</summary>
    /// <returns>When it was due.</returns>
    public long Take()
    {
        var due = NextDue;
        Taken++;
        _next += Gap();
        return due;
    }

    // The time between two events of a Poisson process is exponential.
    private double Gap() =>
        _seed is null ? _between : -Math.Log(1 - Mix.FractionOf(_seed.Value ^ Draw, (ulong)Taken)) * _between;
}
