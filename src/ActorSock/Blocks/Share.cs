namespace ActorSock.Blocks;

/// <summary>What one holder has of an allowance: a few bytes are free for everybody, those beyond are taken from it.</summary>
/// <remarks>A field that is not readonly, of one thread at a time. Who ends says <see cref="KeepOnly"/> 0.</remarks>
internal struct Share(Allowance allowance, int freeBytes)
{
    /// <summary>What is free where nothing else is said: a page.</summary>
    public const int FreeBytes = 4 << 10;

    private int _taken;

    /// <summary>Whether the holder may have so many bytes altogether; if so they are set aside.</summary>
    public bool TryHave(int bytes)
    {
        var more = bytes - freeBytes - _taken;
        if (more <= 0)
            return true;
        if (!allowance.TryTake(more))
            return false;
        _taken += more;
        return true;
    }

    /// <summary>Gives back what was set aside for more than so many bytes.</summary>
    public void KeepOnly(int bytes)
    {
        var less = _taken - Math.Max(0, bytes - freeBytes);
        if (less <= 0)
            return;
        allowance.Return(less);
        _taken -= less;
    }
}
