using ActorSock.Events;

namespace ActorSock.Logging;

/// <summary>
/// Bounds the lines about stored files: each takes longer to write than a small file takes to store, and the journal has them
/// all anyway.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="linesASecondMax">files beyond that in one second are counted and told in one line</param>
/// <param name="time">for the line that tells the last of them</param>
/// <param name="tell">writes how many files more, and their bytes</param>
internal sealed class StoredTally(int linesASecondMax, TimeProvider time, Action<int, long> tell) : IDisposable
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private long _since;
    private int _lines, _files;
    private long _bytes;

    /// <summary>Whether this one gets a line of its own; otherwise it is counted.</summary>
    public bool TakesLine(ServerEvent.Stored stored)
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
            if (_files++ == 0)
                (_timer ??= time.CreateTimer(_ => Flush(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan))
                    .Change(s_second, Timeout.InfiniteTimeSpan);
            _bytes += stored.Bytes;
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
        if (_files > 0)
            tell(_files, _bytes);
        (_files, _bytes) = (0, 0);
    }
}
