using ActorSock.Blocks;
using ActorSock.Wire.Text;

namespace ActorSock.Commands;

/// <summary>Bytes that have arrived and were not understood yet: a few for everybody, more as the node has room for.</summary>
internal sealed class HeldBytes(Allowance allowance)
{
    /// <summary>What everybody may have: the longest line and its end. A longer one is seen to be too long by then.</summary>
    public const int FreeBytes = CommandText.LineBytesMax + 1;

    private Share _share = new(allowance, FreeBytes);
    private byte[] _bytes = [];
    private int _from, _to, _max = FreeBytes;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_from, _to - _from);

    public bool IsEmpty => _from == _to;

    /// <summary>How many more there is room for.</summary>
    public int Room => _max - (_to - _from);

    /// <summary>Makes room for so many altogether, until they were consumed; false when the node has none.</summary>
    public bool TryReserve(int bytes)
    {
        if (bytes > _max && !_share.TryHave(bytes))
            return false;
        _max = Math.Max(bytes, _max);
        return true;
    }

    /// <summary>Adds behind what is there; there has to be room for it.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, Room);
        if (_bytes.Length < _max || _to + bytes.Length > _bytes.Length)
            Move(_max);
        bytes.CopyTo(_bytes.AsSpan(_to));
        _to += bytes.Length;
    }

    /// <summary>Lets go of the first so many.</summary>
    public void Consume(int count)
    {
        _from += count;
        if (IsEmpty)
            Clear();
    }

    /// <summary>Lets go of all.</summary>
    public void Clear()
    {
        _share.KeepOnly(0);
        (_bytes, _from, _to, _max) = ([], 0, 0, FreeBytes);
    }

    private void Move(int capacity)
    {
        var held = Span;
        var moved = capacity == _bytes.Length ? _bytes : new byte[capacity];
        held.CopyTo(moved);
        (_to, _from, _bytes) = (held.Length, 0, moved);
    }
}
