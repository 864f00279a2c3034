using ActorSock.Benchmarks.Uploads;

namespace ActorSock.Benchmarks.Native;

/// <summary>The files of a scenario in a folder, for clients that read files: names for the same few contents.</summary>
internal sealed class SourceFolder : IDisposable
{
    public SourceFolder(Scenario work, SourceFiles sources)
    {
        Path = Directory.CreateDirectory(System.IO.Path.GetDirectoryName(sources.PathOf(0)) + "-files").FullName;
        Files = [.. Enumerable.Range(0, work.FileCount).Select(work.NameOf)];
        for (var number = 0; number < Files.Count; number++)
            LibC.Link(sources.PathOf(number), PathOf(Files[number]));
    }

    public string Path { get; }

    /// <summary>What the folder is called.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The names of all files, by their numbers.</summary>
    public IReadOnlyList<string> Files { get; }

    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
