using ActorSock.Wire;

namespace ActorSock.Files;

/// <summary>Does for a root what differs between operating systems.</summary>
/// <remarks>All members throw <see cref="StorageException"/>; thread-safe.</remarks>
internal interface IVolume : ILogFolder, IStagingFolder, IDisposable
{
    /// <summary>Bytes that an ordinary user may still take up.</summary>
    long FreeBytes { get; }

    /// <summary>
    /// Throws when something lies under the name, or on the way to it, that publishing cannot replace.
    /// </summary>
    void Probe(FileName name);

    /// <inheritdoc cref="IFileStore.ThrowIfTaken"/>
    void ThrowIfTaken(FileName name);

    /// <summary>
    /// Makes a new, empty part file that only its owner can open; one of this name must not exist.
    /// </summary>
    /// <param name="partName">Its name in the staging folder.</param>
    /// <param name="name">The final name.</param>
    /// <param name="direct">Whether it is to pass the page cache, where the file system can do that.</param>
    IPart CreatePart(string partName, FileName name, bool direct);

    /// <summary>The part files that lie in the staging folder.</summary>
    IReadOnlyList<PartSeen> Parts();

    /// <summary>Whether the staging folder has a part file of this name.</summary>
    bool HasPart(string partName);

    /// <summary>Removes a part file that nobody has open; one that is gone already is no error.</summary>
    void RemovePart(string partName);

    /// <inheritdoc cref="IFileStore.Store"/>
    void Store(FileName name, ReadOnlySpan<byte> bytes, in FileStamp stamp = default);

    /// <inheritdoc cref="IFileStore.PublishPart"/>
    void PublishPart(string partName, FileName name);

    /// <inheritdoc cref="IFileStore.SyncFolder"/>
    void SyncFolder(FileName name);

    /// <inheritdoc cref="IFileStore.SyncAll"/>
    void SyncAll();

    /// <inheritdoc cref="IFileStore.Check"/>
    bool Check(FileName name, long size, Md5Digest? digest);

    /// <inheritdoc cref="IFileStore.Stat"/>
    StoredFile? Stat(FileName name);

    /// <inheritdoc cref="IFileStore.Digest"/>
    /// <param name="name">The final name.</param>
    /// <param name="now">A file that was changed just before is not marked: it may be changed again at the same time.</param>
    StoredFile? Digest(FileName name, DateTimeOffset now);

    /// <inheritdoc cref="IFileStore.Open"/>
    IStoredFile? Open(FileName name);

    /// <summary>Opens a folder below the root to look through it; null when there is none.</summary>
    /// <param name="path">Its path with <c>/</c> at the end; empty for the root.</param>
    IFolderReader? OpenFolder(string path);

    /// <inheritdoc cref="IFileStore.Exists"/>
    bool Exists(FileName name);

    /// <inheritdoc cref="IFileStore.Remove"/>
    bool Remove(FileName name);

    /// <inheritdoc cref="IFileStore.RemoveEmptyFolder"/>
    bool RemoveEmptyFolder(FileName name);

    /// <inheritdoc cref="IFileStore.Rename"/>
    void Rename(FileName name, FileName to);

    /// <inheritdoc cref="IFileStore.NameComparer"/>
    StringComparer NameComparer { get; }
}

/// <summary>One part file in the staging folder. Disposing closes it and leaves it there.</summary>
internal interface IPart : IDisposable
{
    /// <summary>Writes all the bytes at the offset.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Reads as many bytes as there are from an offset on; only a part file that was opened again can be read.</summary>
    int Read(Span<byte> bytes, long offset);

    /// <summary>Its bytes, holes included.</summary>
    long Length { get; }

    /// <summary>Makes the bytes durable, and nothing else.</summary>
    void SyncBytes();

    /// <summary>
    /// Takes disk space ahead of the bytes, without growing the file; does nothing where that cannot be
    /// done.
    /// </summary>
    void Preallocate(long offset, long length);

    /// <summary>
    /// Cuts the file, and what was preallocated behind it, to this length; one that is shorter grows by a hole.
    /// </summary>
    void Truncate(long length);

    /// <summary>
    /// Makes the bytes durable, the name in the staging folder too, and the file as readable as the umask says.
    /// </summary>
    /// <param name="stamp">What travels with it.</param>
    void Seal(in FileStamp stamp = default);

    /// <summary>Closes and removes the part file.</summary>
    void Remove();
}
