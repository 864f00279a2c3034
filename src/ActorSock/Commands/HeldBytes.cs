using ActorSock.Blocks;

namespace ActorSock.Commands;

/// <summary>Bytes that have arrived and were not understood yet: a few for everybody, more as the node has room for.</summary>
internal sealed class HeldBytes(Allowance allowance)
{
    private Share _share = new(allowance, Share.FreeBytes);
    private byte[] _bytes = [];
    private int _from, _to;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_from, _to - _from);

    public bool IsEmpty => _from == _to;

    /// <summary>Adds behind what is there; false when there is no room, and then nothing is added.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        var length = _to - _from + bytes.Length;
        if (length > _bytes.Length || _from > 0)
        {
            var grown = Math.Max(Math.Max(length, Share.FreeBytes), _bytes.Length);
            if (!_share.TryHave(grown))
                return false;
            Move(grown);
        }
        bytes.CopyTo(_bytes.AsSpan(_to));
        _to += bytes.Length;
        return true;
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
        (_bytes, _from, _to) = ([], 0, 0);
    }

    private void Move(int capacity)
    {
        var held = Span;
        var moved = capacity == _bytes.Length ? _bytes : new byte[capacity];
        held.CopyTo(moved);
        (_to, _from, _bytes) = (held.Length, 0, moved);
    }
}
