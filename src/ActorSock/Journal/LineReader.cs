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

    /// <summary>Bytes of the incomplete line that <see cref="LineOutcome.End"/> was about.</summary>
    public int RestBytes { get; private set; }

    /// <param name="line">The line without its line feed, until the next call.</param>
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
            if (searched > JournalLine.BytesMax)
                return LineOutcome.TooLong;
            if (Fill())
                continue;
            (RestBytes, _start, _end) = (searched, 0, 0);
            return LineOutcome.End;
        }
    }

    /// <summary>The last line of a file, without its line feed; empty when the file does not end with one.</summary>
    public static ReadOnlySpan<byte> LastIn(SafeFileHandle file)
    {
        var size = RandomAccess.GetLength(file);
        var tail = new byte[Math.Min(size, JournalLine.BytesMax + 1)];
        var read = tail.AsSpan(0, RandomAccess.Read(file, tail, size - tail.Length));
        if (!read.EndsWith("\n"u8))
            return default;
        read = read[..^1];
        return read[(read.LastIndexOf((byte)'\n') + 1)..];
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
