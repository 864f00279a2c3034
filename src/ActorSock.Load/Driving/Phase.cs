namespace ActorSock.Load.Driving;

/// <summary>A stretch of a run in which files come in one way.</summary>
/// <param name="Begin">The timestamp at which it begins; a little in the future, so that all drivers are there.</param>
/// <param name="Rate">Files a second over all drivers; null for as fast as possible.</param>
/// <param name="WithRude">Whether the rude are there.</param>
internal sealed record Phase(long Begin, double? Rate, bool WithRude)
{
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unsettled;
    private long _end = long.MaxValue;

    /// <summary>The timestamp at which no more files are begun. May be brought forward.</summary>
    public long End
    {
        get => Interlocked.Read(ref _end);
        set => Interlocked.Exchange(ref _end, value);
    }

    /// <summary>How many drivers have not yet settled.</summary>
    public int Drivers
    {
        init => _unsettled = value;
    }

    /// <summary>Ends when no driver begins another file and all files are answered.</summary>
    public Task Settled => _settled.Task;

    /// <summary>One driver begins no more files and has none under way.</summary>
    public void Settle()
    {
        if (Interlocked.Decrement(ref _unsettled) == 0) _settled.SetResult();
    }
}
