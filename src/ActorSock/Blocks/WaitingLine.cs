namespace ActorSock.Blocks;

/// <summary>Keeps waiters in the order of their coming; leaving from the middle costs no search.</summary>
/// <remarks>
/// Not thread-safe. Places are reused, so that waiting allocates nothing once the line has been long.
/// </remarks>
internal sealed class WaitingLine
{
    private sealed class Place
    {
        public IBlockWaiter? Waiter;
        public int SizeClass;
        public BlockTracks.Track? Track;
        public Place? Before;
        public Place? Behind;
    }

    private readonly Dictionary<IBlockWaiter, Place> _places = new(ReferenceEqualityComparer.Instance);
    private Place? _first;
    private Place? _last;
    private Place? _unused;

    public int Count => _places.Count;

    /// <summary>Puts a waiter at the end.</summary>
    /// <exception cref="InvalidOperationException">It stands in the line already.</exception>
    public void Join(IBlockWaiter waiter, int sizeClass, BlockTracks.Track? track)
    {
        var place = _unused ?? new Place();
        if (!_places.TryAdd(waiter, place))
            throw new InvalidOperationException("a waiter can wait for one block at a time");
        _unused = place == _unused ? place.Behind : _unused;
        (place.Waiter, place.SizeClass, place.Track, place.Before, place.Behind) = (waiter, sizeClass, track, _last, null);
        if (_last is null) _first = place;
        else _last.Behind = place;
        _last = place;
    }

    public bool TryPeek(out IBlockWaiter waiter, out int sizeClass, out BlockTracks.Track? track)
    {
        waiter = _first?.Waiter!;
        sizeClass = _first?.SizeClass ?? 0;
        track = _first?.Track;
        return _first is not null;
    }

    /// <summary>Takes a waiter out, wherever it stands; false when it does not stand here.</summary>
    public bool Leave(IBlockWaiter waiter)
    {
        if (!_places.Remove(waiter, out var place))
            return false;
        if (place.Before is null) _first = place.Behind;
        else place.Before.Behind = place.Behind;
        if (place.Behind is null) _last = place.Before;
        else place.Behind.Before = place.Before;
        (place.Waiter, place.Track, place.Before, place.Behind) = (null, null, null, _unused);
        _unused = place;
        return true;
    }

    public void Clear()
    {
        _places.Clear();
        _first = _last = _unused = null;
    }
}
