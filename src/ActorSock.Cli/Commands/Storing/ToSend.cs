using ActorSock.Client.Native;

namespace ActorSock.Cli.Commands.Storing;

/// <summary>One thing that <c>put</c> is to send.</summary>
/// <param name="Path">Where it is here; <c>-</c> is the standard input.</param>
/// <param name="Name">Its name on the node.</param>
/// <param name="Problem">Why it cannot be sent; null when it can.</param>
/// <param name="IsEmptyFolder">Whether it is a folder in which there is nothing to send.</param>
internal sealed record ToSend(string Path, string Name, string? Problem = null, bool IsEmptyFolder = false)
{
    public const string Input = "-";

    public bool IsInput => Path == Input;

    /// <summary>What a file or folder is called on the node when nobody says it.</summary>
    public static string NameOf(string path) =>
        System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(
            path.EndsWith('.') ? System.IO.Path.GetFullPath(path) : path));

    /// <summary>Finds what is in the folders among the paths that were named.</summary>
    /// <param name="paths">They.</param>
    /// <param name="name">What the only one is to be called on the node; null for its name here.</param>
    /// <param name="node">Which node they are for; null when it does not say.</param>
    public static async IAsyncEnumerable<ToSend> Of(IReadOnlyList<string> paths, string? name, string? node)
    {
        foreach (var path in paths)
        {
            var called = name ?? NameOf(path);
            var problem = name is null ? LocalWalk.WhyNot(called) : null;
            if (problem is not null || path == Input || !Directory.Exists(path))
            {
                yield return new ToSend(path, called, problem);
                continue;
            }
            foreach (var folder in LocalWalk.Folders(path, () => node))
            {
                var at = $"{called}/{folder.Name}".TrimStart('/');
                if (folder.IsEmpty || folder.Problem is not null)
                    yield return new ToSend(folder.Path, at, folder.Problem, folder.IsEmpty);
                foreach (var file in folder.Files)
                    yield return new ToSend(folder.PathOf(file), at + file.Name, WhyNot(file));
            }
        }
        await Task.CompletedTask;
    }

    private static string? WhyNot(LocalFile file) =>
        file.Problem ?? (file.Stamp is null ? file.WhyLeftOut : null);
}
