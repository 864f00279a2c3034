using System.Runtime.InteropServices;
using ActorSock.Tests.Files;

namespace ActorSock.Tests.Journal;

/// <summary>
/// Keeps what names a root had after each step since the last sync, and puts it back as it was after one of them: as a file system
/// with a journal may leave it when the power goes.
/// </summary>
/// <remarks>Files stay the same ones, by further links to them. Sealed part files are durable at once, in whichever state.</remarks>
internal sealed partial class FolderStates : IDisposable
{
    private readonly DirectoryInfo _kept = Directory.CreateTempSubdirectory("actorsock-");
    private readonly List<State> _states = [];
    private readonly List<string> _sealed = [];
    private int _files;

    /// <param name="Folders">all of them, outer ones first</param>
    /// <param name="Files">names below the root, and where the files are kept</param>
    /// <param name="Parts">names of the part files that were in the staging folder</param>
    private sealed record State(string[] Folders, (string Name, string Kept)[] Files, string[] Parts, int SealedCount);

    /// <summary>Whether files can have further links here.</summary>
    public static bool CanBeKept => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    public void Dispose() => _kept.Delete(recursive: true);

    /// <summary>Everything was made durable.</summary>
    public void Begin(ScratchRoot root)
    {
        _states.Clear();
        _sealed.Clear();
        foreach (var part in root.Parts())
            Seal(part);
        Keep(root);
    }

    public void Seal(string partPath)
    {
        Link(partPath, KeptPart(Path.GetFileName(partPath)));
        _sealed.Add(Path.GetFileName(partPath));
    }

    /// <summary>A step was taken.</summary>
    public void Keep(ScratchRoot root)
    {
        var folders = Directory.EnumerateDirectories(root.Path, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root.Path, path)).Where(name => !name.StartsWith(".actorsock", StringComparison.Ordinal));
        _states.Add(new State([.. folders.Order(StringComparer.Ordinal)], [.. root.Visible().Select(KeepOne)],
            [.. root.Parts().Select(path => Path.GetFileName(path)!)], _sealed.Count));

        (string, string) KeepOne(string name)
        {
            var kept = Path.Combine(_kept.FullName, $"{++_files}");
            Link(root.Below(name), kept);
            return (name, kept);
        }
    }

    /// <returns>Which step it was, and of how many.</returns>
    public string GoBack(Random random, ScratchRoot root)
    {
        var chosen = random.Next(_states.Count);
        var state = _states[chosen];
        foreach (var path in Directory.EnumerateFileSystemEntries(root.Path).Where(path => Path.GetFileName(path) != ".actorsock"))
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
        }
        foreach (var folder in state.Folders)
            Directory.CreateDirectory(root.Below(folder));
        foreach (var (name, kept) in state.Files)
            Link(kept, root.Below(name));
        foreach (var part in root.Parts())
            File.Delete(part);
        foreach (var part in state.Parts.Concat(_sealed.Skip(state.SealedCount)))
            Link(KeptPart(part), Path.Combine(root.Staging, part));
        return $"{chosen} of {_states.Count - 1}";
    }

    private string KeptPart(string name) => Path.Combine(_kept.FullName, name);

    private static void Link(string file, string name)
    {
        if (link(file, name) != 0)
            throw new IOException($"{name}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string file, string name);
}
