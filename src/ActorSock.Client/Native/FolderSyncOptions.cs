namespace ActorSock.Client.Native;

/// <summary>Says how a folder is to be made the same on a node.</summary>
public sealed record FolderSyncOptions
{
    /// <summary>Whether files of the node that are not here are deleted. None is when anything here could not be read or sent, and
    /// none below a name that is a link here, or anything else that is left out.</summary>
    public bool Deletes { get; init; }

    /// <summary>Whether it is only told what would be done.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Whether <see cref="FolderSync.Steps"/> tells of each file that is <see cref="SyncAction.Unchanged"/>, too; where there
    /// are very many, that takes its time.</summary>
    public bool TellsUnchanged { get; init; } = true;

    /// <summary>How many files are compared and sent at once.</summary>
    public int FilesAtOnce { get; init; } = 16;

    /// <summary>How the files are stored; what if one is there already is no question here.</summary>
    public PutOptions Put { get; init; } = new();

    /// <summary>Where the uploads of large files are remembered, so that another run goes on with them; null for nowhere.</summary>
    public PendingUploads? Pending { get; init; }

    /// <summary>Where digests are remembered: the user's folder for such things. Null remembers none, and reads every file that
    /// has the same size as the node's.</summary>
    public string? CacheFolder { get; init; } = DefaultCacheFolder;

    /// <summary>Where programs of this user keep what they can do without: <c>$XDG_CACHE_HOME/actorsock</c> or
    /// <c>~/.cache/actorsock</c>; on macOS and Windows what they have for it. Null when there is no home.</summary>
    public static string? DefaultCacheFolder
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            var caches = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg) ? xdg
                : home.Length == 0 ? ""
                : Path.Combine(home, OperatingSystem.IsMacOS() ? "Library/Caches" : ".cache");
            return caches.Length == 0 ? null : Path.Combine(caches, "actorsock");
        }
    }
}
