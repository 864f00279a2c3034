namespace ActorSock.Benchmarks.Uploads;

/// <summary>The folders of one run, gone at its end.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly string _base;

    public Scratch(string parent)
    {
        _base = Path.Combine(parent, $"as-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(_base);
        // Away from the block groups where an earlier run has just deleted its files. Without it a run is only slower.
        LibC.SpreadFolders(_base);
    }

    // ext4 chooses the block group by the folder's name: a name of an earlier run would lead to what that one has deleted.
    public string Folder(string name) =>
        Directory.CreateDirectory(Path.Combine(_base, $"{name}-{Environment.ProcessId}")).FullName;

    public void Dispose() => Directory.Delete(_base, recursive: true);
}
