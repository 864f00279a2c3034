namespace ActorSock.Files;

/// <summary>Keeps the smallest of many names, by their bytes, in memory for twice as many.</summary>
/// <param name="countMax">so many are kept</param>
internal sealed class SmallestNames(int countMax)
{
    private readonly List<byte[]> _names = [];
    private byte[]? _limit; // the largest that is kept, once there were more

    /// <summary>Whether some were left out.</summary>
    public bool IsCut => _limit is not null;

    public static int Compare(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => one.SequenceCompareTo(other);

    /// <summary>Whether a name would be left out as things stand.</summary>
    public bool IsTooLarge(ReadOnlySpan<byte> name) => _limit is not null && Compare(name, _limit) > 0;

    public void Add(ReadOnlySpan<byte> name)
    {
        _names.Add(name.ToArray());
        if (_names.Count >= 2L * countMax)
            Cut();
    }

    /// <summary>Those that are kept, the smallest first.</summary>
    public List<byte[]> Sorted()
    {
        Cut();
        return _names;
    }

    private void Cut()
    {
        _names.Sort(static (one, other) => Compare(one, other));
        if (_names.Count <= countMax)
            return;
        _names.RemoveRange(countMax, _names.Count - countMax);
        _limit = _names[^1];
    }
}
