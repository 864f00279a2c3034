using System.Collections.Concurrent;

namespace ActorSock.Load.Measures;

/// <summary>Remembers which files were acknowledged, in next to no memory: a page whose files all were is one word.</summary>
/// <remarks>Thread-safe. Where files fail all the time it takes a bit for each file.</remarks>
internal sealed class AckLedger
{
    private const int FilesPerPage = 1 << 14;

    private readonly ConcurrentDictionary<long, Page> _pages = new();
    private long _count;

    /// <summary>How many were acknowledged.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <exception cref="InvalidOperationException">The file was acknowledged before: the driver has a bug.</exception>
    public void Add(long number)
    {
        var page = _pages.GetOrAdd(number / FilesPerPage, static _ => new Page());
        if (!page.Add((int)(number % FilesPerPage)))
            throw new InvalidOperationException($"file {number} is acknowledged twice");
        Interlocked.Increment(ref _count);
    }

    public bool Has(long number) =>
        _pages.TryGetValue(number / FilesPerPage, out var page) && page.Has((int)(number % FilesPerPage));

    /// <summary>All numbers, the least first. Nobody may add meanwhile.</summary>
    public IEnumerable<long> Numbers() =>
        from index in _pages.Keys.Order()
        from place in Enumerable.Range(0, FilesPerPage)
        where _pages[index].Has(place)
        select index * FilesPerPage + place;

    private sealed class Page
    {
        private ulong[]? _bits = new ulong[FilesPerPage / 64]; // null: all of them
        private int _count;

        public bool Add(int place)
        {
            lock (this)
            {
                if (_bits is null || (_bits[place / 64] & (1UL << place)) != 0) return false;
                _bits[place / 64] |= 1UL << place;
                if (++_count == FilesPerPage) _bits = null;
                return true;
            }
        }

        public bool Has(int place)
        {
            lock (this)
                return _bits is null || (_bits[place / 64] & (1UL << place)) != 0;
        }
    }
}
