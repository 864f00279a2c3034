namespace ActorSock.Cli.Commands.Storing;

/// <summary>Works out how fast a transfer is: over the last seconds, as what matters is how it goes on.</summary>
/// <remarks>What was there before it began counts for nothing.</remarks>
internal sealed class TransferRate(TimeProvider clock)
{
    private static readonly TimeSpan s_span = TimeSpan.FromSeconds(8);

    private readonly Queue<(long Time, long Bytes)> _samples = new();
    private readonly Lock _gate = new();
    private (long Time, long Bytes) _last;

    /// <summary>So many bytes are done now.</summary>
    public void Tell(long bytes)
    {
        lock (_gate) Take(bytes);
    }

    /// <summary>It goes on from here: what came before is no measure.</summary>
    public void StartAt(long bytes)
    {
        lock (_gate)
        {
            _samples.Clear();
            Take(bytes);
        }
    }

    private void Take(long bytes)
    {
        var now = clock.GetTimestamp();
        // It began again somewhere else.
        if (_samples.Count > 0 && bytes < _last.Bytes) _samples.Clear();
        _samples.Enqueue(_last = (now, bytes));
        while (_samples.Count > 2 && clock.GetElapsedTime(_samples.Peek().Time, now) > s_span) _samples.Dequeue();
    }

    /// <summary>Bytes in a second; null as long as nobody can know.</summary>
    public double? BytesPerSecond
    {
        get
        {
            lock (_gate)
            {
                if (_samples.Count < 2) return null;
                var (time, bytes) = _samples.Peek();
                var seconds = clock.GetElapsedTime(time, _last.Time).TotalSeconds;
                return seconds > 0 ? (_last.Bytes - bytes) / seconds : null;
            }
        }
    }

    /// <summary>How long the rest will take; null when nobody can know.</summary>
    public TimeSpan? Left(long totalBytes) =>
        BytesPerSecond is > 0 and var rate && (totalBytes - _last.Bytes) / rate is < 1e9 and var seconds
            ? TimeSpan.FromSeconds(Math.Max(seconds, 0))
            : null;
}
