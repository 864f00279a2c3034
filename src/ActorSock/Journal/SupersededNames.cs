using ActorSock.Files;

namespace ActorSock.Journal;

/// <summary>Tells which of several commits left something under its name in the end.</summary>
/// <remarks>
/// To be asked from the last commit to the first. A name that a later commit stored under is not looked after:
/// writing the earlier file again would destroy the later one. The same where a later commit made a folder of
/// the name, or a file of one of its folders, which it could only because somebody had taken the earlier
/// file away.
/// </remarks>
internal sealed class SupersededNames(StringComparer comparer)
{
    private readonly HashSet<string> _files = new(comparer);
    private readonly HashSet<string> _folders = new(comparer);

    /// <summary>Whether a later commit stands in the way of this name; from now on this one does as well.</summary>
    public bool Add(FileName name)
    {
        var superseded = !_files.Add(name.Value) || _folders.Contains(name.Value);
        foreach (var folder in FoldersOf(name.Value))
        {
            superseded |= _files.Contains(folder);
            _folders.Add(folder);
        }
        return superseded;
    }

    private static IEnumerable<string> FoldersOf(string name)
    {
        for (var at = name.IndexOf('/'); at >= 0; at = name.IndexOf('/', at + 1))
            yield return name[..at];
    }
}
