namespace ActorSock.Files;

/// <summary>
/// Remembers which files were stored since the last sync, where the system cannot sync all of them in one
/// call.
/// </summary>
/// <remarks>Thread-safe. Bounded by what lies between two checkpoints of the commit log.</remarks>
internal sealed class UnsyncedNames
{
    private readonly Lock _lock = new();
    private HashSet<string> _names = new(StringComparer.Ordinal);

    public void Add(string name)
    {
        lock (_lock)
            _names.Add(name);
    }

    public IReadOnlyCollection<string> TakeAll()
    {
        lock (_lock)
        {
            var taken = _names;
            _names = new HashSet<string>(StringComparer.Ordinal);
            return taken;
        }
    }
}
