namespace ActorSock.Logging;

/// <summary>
/// Bounds the lines of one kind that clients can cause: each takes longer to write than its cause took, and whoever causes many
/// would push out all that was written before.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="linesASecondMax">what is beyond that in one second is counted and told in one line</param>
/// <param name="time">for the line that tells the last of them</param>
/// <param name="tell">writes how many more, and their bytes</param>
internal sealed class LineTally(int linesASecondMax, TimeProvider time, Action<int, long> tell) : IDisposable
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private long _since;
    private int _lines, _count;
    private long _bytes;

    /// <summary>Whether this one gets a line of its own; otherwise it is counted.</summary>
    public bool TakesLine(long bytes)
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_since) >= s_second)
            {
                TellCounted();
                (_since, _lines) = (time.GetTimestamp(), 0);
            }
            if (_lines < linesASecondMax)
            {
                _lines++;
                return true;
            }
            if (_count++ == 0)
                (_timer ??= time.CreateTimer(_ => Flush(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan))
                    .Change(s_second, Timeout.InfiniteTimeSpan);
            _bytes += bytes;
            return false;
        }
    }

    /// <summary>Tells what was counted.</summary>
    public void Flush()
    {
        lock (_lock)
            TellCounted();
    }

    public void Dispose()
    {
        _timer?.Dispose();
        Flush();
    }

    private void TellCounted()
    {
        if (_count > 0)
            tell(_count, _bytes);
        (_count, _bytes) = (0, 0);
    }
}
