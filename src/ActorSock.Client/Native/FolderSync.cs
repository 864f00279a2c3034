using System.Reactive.Subjects;
using ActorSock.Wire.Text;

namespace ActorSock.Client.Native;

/// <summary>Makes a folder of a node the same as one here: compares all files by their digest and sends those that differ.</summary>
/// <remarks>
/// The node looks through its folders while the walk goes on through those here; of what is in each both have one digest, and of a
/// folder that differs the files are listed. Some ten thousand files are held, and the names of what is to be deleted. Digests are
/// remembered, and files that have not changed since are not read again. For one run at a time.
/// </remarks>
/// <param name="client">What talks with the node.</param>
/// <param name="options">Null for the defaults.</param>
public sealed class FolderSync(NodeClient client, FolderSyncOptions? options = null) : IDisposable
{
    private readonly FolderSyncOptions _options = options ?? new FolderSyncOptions();
    private readonly Subject<SyncStep> _steps = new();
    private readonly Lock _gate = new();

    /// <summary>Tells of each file when it is done with, one after the other.</summary>
    public IObservable<SyncStep> Steps => _steps;

    /// <summary>Compares and sends.</summary>
    /// <param name="folder">The folder here.</param>
    /// <param name="to">The folder there; empty for the uppermost.</param>
    /// <param name="cancel">Gives up; what was sent stays.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder here.</exception>
    /// <exception cref="IOException">The node is of an older version, which cannot compare folders.</exception>
    /// <exception cref="NodeLostException">The node could not be reached to the last.</exception>
    /// <exception cref="NodeRefusedException">The node has no room, or is busy, and stayed so.</exception>
    public Task<SyncReport> RunAsync(string folder, string to = "", CancellationToken cancel = default) =>
        RunAsync(folder, to, Task.CompletedTask, cancel);

    /// <summary>Compares and sends, and begins to walk through the folder here at once.</summary>
    /// <param name="folder">The folder here.</param>
    /// <param name="to">The folder there; empty for the uppermost.</param>
    /// <param name="isReady">When the node may be asked; when that fails, so does this.</param>
    /// <param name="cancel">Gives up; what was sent stays.</param>
    internal async Task<SyncReport> RunAsync(string folder, string to, Task isReady, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(to);
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"there is no folder {folder}");
        await using var run = new SyncRun(client, _options, PrefixOf(to), folder, Tell);
        return await run.RunAsync(isReady, cancel);
    }

    /// <summary>What all files in a folder of a node begin with, as the node writes it: WIRE.md, "Names".</summary>
    internal static string PrefixOf(string folder)
    {
        var segments = NormalFormC.Of(folder).Split('/', '\\').Where(segment => segment is not ("" or ".")).ToArray();
        return segments.Length == 0 ? "" : string.Join('/', segments) + "/";
    }

    /// <summary>Ends <see cref="Steps"/>.</summary>
    public void Dispose()
    {
        _steps.OnCompleted();
        _steps.Dispose();
    }

    private void Tell(SyncStep step)
    {
        lock (_gate) _steps.OnNext(step);
    }
}
