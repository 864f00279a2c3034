using ActorSock.Blocks;

namespace ActorSock.Conversations;

/// <summary>What one peer was told and has not taken yet, in order: a few bytes for everybody, more as the node has room for.</summary>
/// <remarks>Of one thread at a time.</remarks>
internal sealed class UntakenBytes(Allowance allowance)
{
    private readonly Queue<Piece> _pieces = [];
    private Share _share = new(allowance, Share.FreeBytes);
    private int _counted;

    private readonly record struct Piece(ReadOnlyMemory<byte> Bytes, int Counted);

    public bool IsEmpty => _pieces.Count == 0;

    /// <summary>What is to be sent first.</summary>
    public ReadOnlyMemory<byte> First => _pieces.Peek().Bytes;

    /// <summary>Sets room aside for so many bytes to come, until <see cref="Settle"/>; false when there is none.</summary>
    public bool TryReserve(int bytes) => _share.TryHave(_counted + bytes);

    /// <summary>Gives back what was set aside and not needed.</summary>
    public void Settle() => _share.KeepOnly(_counted);

    /// <summary>Adds a copy; false when there is no room for it.</summary>
    public bool TryAdd(ReadOnlySpan<byte> bytes)
    {
        if (!_share.TryHave(_counted + bytes.Length))
            return false;
        _counted += bytes.Length;
        _pieces.Enqueue(new Piece(bytes.ToArray(), bytes.Length));
        return true;
    }

    /// <summary>Adds what somebody else holds and accounts for.</summary>
    public void AddHeld(ReadOnlyMemory<byte> bytes) => _pieces.Enqueue(new Piece(bytes, 0));

    /// <summary>Lets go of the first.</summary>
    public void Forget()
    {
        _counted -= _pieces.Dequeue().Counted;
        Settle();
    }

    /// <summary>Lets go of all.</summary>
    public void Clear()
    {
        _pieces.Clear();
        _counted = 0;
        Settle();
    }
}
