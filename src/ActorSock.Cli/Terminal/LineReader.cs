using System.Text;

namespace ActorSock.Cli.Terminal;

/// <summary>Reads lines of UTF-8 from a stream whose reads cannot be cancelled.</summary>
internal sealed class LineReader(Stream input)
{
    /// <summary>Far more than anybody types; a stream without line feeds must not fill the memory.</summary>
    private const int LineBytesMax = 1 << 20;

    private byte[] _buffer = new byte[64 << 10];
    private int _start; // of what has not been given out
    private int _end;
    private bool _isAtEnd;
    private Task? _filling;

    /// <summary>The next line without its line feed, or carriage return and line feed; null at the end.</summary>
    /// <exception cref="IOException">A line is too long, or the stream cannot be read.</exception>
    public async ValueTask<string?> ReadAsync(CancellationToken cancel)
    {
        var searched = 0;
        while (true)
        {
            // What was begun before a cancellation is still going on.
            if (_filling is not null)
            {
                await _filling.WaitAsync(cancel);
                _filling = null;
            }
            var feed = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (feed >= 0) return Take(searched + feed, skipped: 1);
            searched = _end - _start;
            if (_isAtEnd) return searched == 0 ? null : Take(searched, skipped: 0);
            _filling = Task.Factory.StartNew(
                Fill, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    private string Take(int bytes, int skipped)
    {
        var line = _buffer.AsSpan(_start, bytes);
        _start += bytes + skipped;
        return Encoding.UTF8.GetString(line is [.. var inner, (byte)'\r'] ? inner : line);
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end > LineBytesMax)
            throw new IOException($"a line of the input has more than {LineBytesMax} bytes: break it up");
        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var count = input.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        _isAtEnd = count == 0;
    }
}
