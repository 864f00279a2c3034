using Microsoft.Win32.SafeHandles;

namespace ActorSock.Journal;

/// <summary>What <see cref="LineReader"/> found.</summary>
internal enum LineOutcome
{
    /// <summary>A whole line.</summary>
    Line,

    /// <summary>The file ends here, perhaps in the middle of a line; a later call looks again.</summary>
    End,

    /// <summary>No line feed within what a line may have.</summary>
    TooLong,
}

/// <summary>Reads a file line by line while somebody may be appending to it.</summary>
/// <remarks>
/// Nothing of an incomplete line is kept over <see cref="LineOutcome.End"/>: a node that starts cuts such a line
/// off, and others come in its place.
/// </remarks>
internal sealed class LineReader(SafeFileHandle file, long offset = 0)
{
    private byte[] _buffer = new byte[64 << 10];
    private int _start, _end;

    private long _next = offset;

    /// <summary>Where in the file the line begins that the last call was about, whole or not.</summary>
    public long LineOffset { get; private set; } = offset;

    /// <param name="line">The line without its line feed, or what is there of it; until the next call.</param>
    public LineOutcome Read(out ReadOnlySpan<byte> line)
    {
        line = default;
        LineOffset = _next;
        for (var searched = 0; ;)
        {
            var feed = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                line = _buffer.AsSpan(_start, searched + feed);
                _next += line.Length + 1;
                _start += line.Length + 1;
                return LineOutcome.Line;
            }
            searched = _end - _start;
            line = _buffer.AsSpan(_start, searched);
            if (searched > JournalLine.BytesMax)
                return LineOutcome.TooLong;
            if (Fill())
                continue;
            line = _buffer.AsSpan(_start, searched);
            (_start, _end) = (0, 0);
            return LineOutcome.End;
        }
    }

    /// <summary>The last whole line of a file, without its line feed; empty when there is none.</summary>
    /// <param name="file">The file.</param>
    /// <param name="restBytes">What stands behind it.</param>
    public static ReadOnlySpan<byte> LastIn(SafeFileHandle file, out int restBytes)
    {
        var size = RandomAccess.GetLength(file);
        var tail = new byte[Math.Min(size, 2 * JournalLine.BytesMax)];
        var read = tail.AsSpan(0, RandomAccess.Read(file, tail, size - tail.Length));
        var end = read.LastIndexOf((byte)'\n');
        restBytes = read.Length - end - 1;
        return end < 0 ? default : read[(read[..end].LastIndexOf((byte)'\n') + 1)..end];
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        var read = RandomAccess.Read(file, _buffer.AsSpan(_end), _next + _end);
        _end += read;
        return read > 0;
    }
}
