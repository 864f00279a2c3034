namespace ActorSock.Client.Native;

/// <summary>Says what was done with a file.</summary>
public enum SyncAction
{
    /// <summary>It was sent: it was not there, or was another.</summary>
    Sent,

    /// <summary>It was there, and is the same.</summary>
    Unchanged,

    /// <summary>It was deleted from the node, because it is not here.</summary>
    Deleted,

    /// <summary>It is a link, a pipe, a device: nothing that can be sent.</summary>
    Skipped,

    /// <summary>It could not be read, or the node refused it; the others go on.</summary>
    Failed,
}

/// <summary>Tells of one file.</summary>
/// <param name="Action">What was done; with <see cref="FolderSyncOptions.IsDryRun"/> what would be.</param>
/// <param name="Name">What it is called on the node.</param>
/// <param name="SizeBytes">How long it is.</param>
/// <param name="Problem">Why it was skipped, or failed; else null.</param>
public sealed record SyncStep(SyncAction Action, string Name, long SizeBytes, string? Problem);

/// <summary>Tells what was done in all.</summary>
public sealed record SyncReport
{
    /// <summary>How many files were sent.</summary>
    public required int Sent { get; init; }

    /// <summary>How many bytes these had.</summary>
    public required long SentBytes { get; init; }

    /// <summary>How many files were the same.</summary>
    public required int Unchanged { get; init; }

    /// <summary>How many files were deleted from the node.</summary>
    public required int Deleted { get; init; }

    /// <summary>How many things here were no files.</summary>
    public required int Skipped { get; init; }

    /// <summary>How many files could not be read, or were refused.</summary>
    public required int Failed { get; init; }

    /// <summary>How many files of the node are not here and were not deleted all the same: because something failed,
    /// because what is here under their name, or that of their folder, is no file and no folder, or because they came here
    /// meanwhile.</summary>
    public int Spared { get; init; }

    /// <summary>How many files were read to compare their digest.</summary>
    public required int Digested { get; init; }

    /// <summary>Why the digests could not be remembered; null when they were.</summary>
    public string? CacheProblem { get; init; }

    /// <summary>Whether the node has now what is here.</summary>
    public bool IsComplete => Failed == 0;
}
