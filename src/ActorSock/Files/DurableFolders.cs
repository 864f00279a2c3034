using System.Collections.Concurrent;

namespace ActorSock.Files;

/// <summary>
/// Remembers which folders are known to be durable in their parents, so that most commits need not ask.
/// </summary>
/// <remarks>
/// A folder that another upload, an earlier run or the operator made may still be in memory only; without
/// this each commit would have to sync every folder on its way. Bounded: when full it forgets all and learns
/// anew.
/// </remarks>
internal sealed class DurableFolders
{
    private const int CountMax = 4096;

    private readonly ConcurrentDictionary<string, byte> _known = new(StringComparer.Ordinal);

    public bool Contains(string path) => _known.ContainsKey(path);

    public void Add(string path)
    {
        if (_known.Count >= CountMax)
            _known.Clear();
        _known[path] = 0;
    }

    public void Remove(string path) => _known.TryRemove(path, out _);
}
