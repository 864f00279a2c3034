using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>What a volume does for uploads that outlive their connections.</summary>
/// <remarks>All members throw <see cref="StorageException"/>; thread-safe.</remarks>
internal interface IStagingFolder
{
    /// <summary>Opens a part file that was made before, for reading and writing; null when there is none.</summary>
    /// <param name="partName">Its name in the staging folder.</param>
    /// <param name="name">The final name.</param>
    /// <param name="direct">Whether it is to pass the page cache, where the file system can do that.</param>
    IPart? OpenPart(string partName, FileName name, bool direct);

    /// <summary>Opens what lies beside a part file, for reading and writing; null when it is not there.</summary>
    /// <param name="name">Its name in the staging folder.</param>
    /// <param name="create">Makes a new, empty one that only its owner can open; one of this name must not exist.</param>
    SafeFileHandle? OpenBeside(string name, bool create);

    /// <summary>The files in the staging folder whose names end so.</summary>
    IReadOnlyList<PartSeen> Staged(string ending);

    /// <summary>Makes the names in the staging folder durable.</summary>
    void SyncStaging();
}
