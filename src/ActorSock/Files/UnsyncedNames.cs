namespace ActorSock.Files;

/// <summary>
/// Remembers which files were stored since the last sync, where the system cannot sync all of them in one
/// call that tells of every failure.
/// </summary>
/// <remarks>Thread-safe. Bounded by what lies between two checkpoints of the commit log.</remarks>
internal sealed class UnsyncedNames
{
    private readonly Lock _lock = new();
    private HashSet<FileName> _names = [];

    public IReadOnlyCollection<FileName> All
    {
        get
        {
            lock (_lock)
                return [.. _names];
        }
    }

    public void Add(FileName name)
    {
        lock (_lock)
            _names.Add(name);
    }

    public IReadOnlyCollection<FileName> TakeAll()
    {
        lock (_lock)
        {
            var taken = _names;
            _names = [];
            return taken;
        }
    }
}
