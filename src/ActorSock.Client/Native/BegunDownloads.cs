using System.Collections.Concurrent;

namespace ActorSock.Client.Native;

/// <summary>Knows what downloads of other versions have left in the folders that files are fetched to, and removes it.</summary>
/// <remarks>A folder is looked through once: of many files that go there none costs more than the one before.</remarks>
internal sealed class BegunDownloads
{
    private readonly ConcurrentDictionary<string, Lazy<Dictionary<string, List<string>>>> _folders = new(StringComparer.Ordinal);

    /// <summary>Removes all that was begun of a file but this.</summary>
    /// <param name="folder">Where it is to be.</param>
    /// <param name="stem">What the names of its parts begin with.</param>
    /// <param name="part">What stays, or comes.</param>
    public void RemoveOthers(string folder, string stem, string part)
    {
        var there = There(folder);
        List<string> others;
        lock (there)
        {
            others = there.TryGetValue(stem, out var parts) ? parts.FindAll(other => other != part) : [];
            there[stem] = [part];
        }
        foreach (var other in others) File.Delete(other);
    }

    /// <summary>A file is there: nothing that was begun of it is left.</summary>
    public void Forget(string folder, string stem)
    {
        var there = There(folder);
        lock (there) there.Remove(stem);
    }

    private Dictionary<string, List<string>> There(string folder) =>
        _folders.GetOrAdd(folder, static folder => new Lazy<Dictionary<string, List<string>>>(() => Look(folder))).Value;

    private static Dictionary<string, List<string>> Look(string folder)
    {
        var there = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            var leaf = Path.GetFileName(path);
            if (!FileDownload.IsPart(leaf)) continue;
            var stem = FileDownload.StemOf(leaf).ToString();
            if (there.TryGetValue(stem, out var parts)) parts.Add(path);
            else there[stem] = [path];
        }
        return there;
    }
}
