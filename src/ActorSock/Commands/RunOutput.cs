namespace ActorSock.Commands;

/// <summary>What a program has written to its two outputs, up to a limit for both together.</summary>
internal sealed class RunOutput(long bytesMax)
{
    // Pieces, so that what is held is what was written, and no array that has doubled.
    private const int FirstPieceBytes = 4 << 10, PieceBytes = 64 << 10;

    private readonly Stream _output = new(), _error = new();

    /// <summary>Whether there was more than fits.</summary>
    public bool IsCut { get; private set; }

    public long OutputBytes => _output.Bytes;

    public long ErrorBytes => _error.Bytes;

    /// <summary>Memory that both take.</summary>
    public int HeldBytes => _output.HeldBytes + _error.HeldBytes;

    /// <summary>All of standard output, then all of standard error.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Pieces => [.. _output.Pieces, .. _error.Pieces];

    /// <summary>Takes what was written; what is over the limit is lost.</summary>
    public void Append(ReadOnlySpan<byte> bytes, bool isError)
    {
        var room = bytesMax - OutputBytes - ErrorBytes;
        if (bytes.Length > room)
        {
            IsCut = true;
            bytes = bytes[..(int)room];
        }
        (isError ? _error : _output).Append(bytes);
    }

    private sealed class Stream
    {
        private readonly List<byte[]> _full = [];
        private byte[] _last = [];
        private int _used;

        public long Bytes { get; private set; }

        public int HeldBytes { get; private set; }

        public IEnumerable<ReadOnlyMemory<byte>> Pieces =>
            [.. _full.Select(piece => (ReadOnlyMemory<byte>)piece), .. _used == 0 ? [] : (ReadOnlyMemory<byte>[])[_last.AsMemory(0, _used)]];

        public void Append(ReadOnlySpan<byte> bytes)
        {
            Bytes += bytes.Length;
            while (!bytes.IsEmpty)
            {
                if (_used == _last.Length)
                    Grow();
                var taken = Math.Min(bytes.Length, _last.Length - _used);
                bytes[..taken].CopyTo(_last.AsSpan(_used));
                _used += taken;
                bytes = bytes[taken..];
            }
        }

        private void Grow()
        {
            if (_used > 0)
                _full.Add(_last);
            _last = new byte[_full.Count == 0 ? FirstPieceBytes : PieceBytes];
            _used = 0;
            HeldBytes += _last.Length;
        }
    }
}
