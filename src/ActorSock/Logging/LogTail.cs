using System.Reactive.Linq;
using ActorSock.Files;

namespace ActorSock.Logging;

/// <summary>Reads the files of a log, and goes on with what is written to them: across new files, files that are moved away or
/// cut, and lines that are not yet whole.</summary>
/// <remarks>Only reads. Not thread-safe.</remarks>
public sealed class LogTail : IDisposable
{
    /// <summary>What one look reads, so that a long log is shown while it is read, and takes no memory.</summary>
    private const int LookBytesMax = 1 << 20;

    private readonly LogFamily? _family;
    private readonly Queue<LogFile> _ahead;
    private readonly byte[] _buffer = new byte[128 << 10];
    private readonly LogFile? _from;
    private LogFile? _current;
    private FileStream? _file;
    private LogLineReader _reader = new();
    private long _start;
    private bool _isSeenToEnd, _isReplaced, _wasAtEnd;

    private LogTail(LogFamily? family, LogFile? from, IEnumerable<LogFile> first, long start) =>
        (_family, _from, _ahead, _start) = (family, from, new(first), start);

    /// <summary>Reads files to their end, one after the other.</summary>
    /// <param name="files">which</param>
    /// <param name="wanted">lines that nobody wants may be left out where they can be passed over as a whole</param>
    /// <param name="last">how many of these are wanted at most; null for all</param>
    public static LogTail Read(IEnumerable<LogFile> files, LogFilter wanted, int? last)
    {
        var start = LogStart.Of([.. files], wanted, last);
        return new LogTail(null, null, start.Files, start.Offset);
    }

    /// <summary>Reads what is there of a log, and goes on with what comes.</summary>
    /// <param name="family">the log</param>
    /// <param name="from">the first file of it that counts, whether it is there or not; null for the oldest</param>
    /// <param name="wanted">as of <see cref="Read"/></param>
    /// <param name="last">as of <see cref="Read"/>, of what is there now</param>
    public static LogTail Follow(LogFamily family, LogFile? from, LogFilter wanted, int? last)
    {
        ArgumentNullException.ThrowIfNull(family);
        var start = LogStart.Of([.. family.Files().Where(file => from is null || file.CompareTo(from) >= 0)], wanted, last);
        return new LogTail(family, from, start.Files, start.Offset);
    }

    /// <summary>What has been written since the last look, or as much of it as fits.</summary>
    /// <exception cref="IOException">a file cannot be read</exception>
    /// <exception cref="UnauthorizedAccessException">a file may not be read</exception>
    public LogBatch Look()
    {
        var lines = new List<LogLine>();
        var seen = 0;
        while (seen < LookBytesMax)
        {
            if (_file is null && !TryOpenNext())
                return AtEnd();
            var read = _file!.Read(_buffer);
            if (read > 0)
            {
                _reader.Take(_buffer.AsSpan(0, read), lines);
                seen += read;
                _isSeenToEnd = false;
            }
            else if (!TryGoOn(lines))
            {
                return AtEnd();
            }
        }
        return new LogBatch(lines, IsAtEnd: false);

        // What was there before we came is whole; of what comes, an exception may come behind its line.
        LogBatch AtEnd()
        {
            if (seen == 0 || !_wasAtEnd)
                _reader.Settle(lines);
            _wasAtEnd = true;
            return new LogBatch(lines, IsAtEnd: true);
        }
    }

    /// <summary>Looks again and again. Ends at the end of the files, unless they are followed; disposes of itself.</summary>
    /// <param name="pause">between two looks where there is nothing new</param>
    /// <param name="time">the clock</param>
    public IObservable<LogBatch> Watch(TimeSpan pause, TimeProvider time) => Observable.Create<LogBatch>(async (observer, cancelled) =>
    {
        using var _ = this;
        while (!cancelled.IsCancellationRequested)
        {
            var batch = Look();
            observer.OnNext(batch);
            if (batch.IsAtEnd && _family is null)
                break;
            if (batch.IsAtEnd)
                await Task.Delay(pause, time, cancelled).ConfigureAwait(false);
        }
        observer.OnCompleted();
    });

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    /// <summary>At the end of a file: whether there is more to read, in it or in another.</summary>
    private bool TryGoOn(List<LogLine> lines)
    {
        if (_file!.Length < _file.Position)
        {
            // Cut, most likely to nothing: what is in it now is new.
            _reader.End(lines);
            _file.Position = 0;
            return true;
        }
        _isReplaced = _family is not null && FileIdentity.IsReplaced(_file.SafeFileHandle, _current!.Path);
        if (_family is not null && _ahead.Count == 0 && !_isReplaced && !_family.Files().Any(IsNext))
            return false;
        if (!_isSeenToEnd)
        {
            // There is another one now, so nothing more comes to this; but something may have come since we saw its end.
            _isSeenToEnd = true;
            return true;
        }
        _reader.End(lines);
        _file.Dispose();
        _file = null;
        return true;
    }

    /// <summary>Whether this one, or the first of such, comes behind what was read.</summary>
    private bool IsNext(LogFile file) => _current is null
        ? _from is null || file.CompareTo(_from) >= 0
        : file.CompareTo(_current) > 0 || (_isReplaced && file.CompareTo(_current) == 0);

    private bool TryOpenNext()
    {
        while (_ahead.TryDequeue(out var listed))
            if (TryOpen(listed))
                return true;
        return _family?.Files().FirstOrDefault(IsNext) is { } next && TryOpen(next);
    }

    private bool TryOpen(LogFile next)
    {
        try
        {
            _file = new FileStream(next.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (_family is not null && e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false; // it was removed between two looks
        }
        _reader = new LogLineReader(fromMiddle: _start > 0);
        _file.Position = _start;
        (_start, _current, _isSeenToEnd, _isReplaced) = (0, next, false, false);
        return true;
    }
}
