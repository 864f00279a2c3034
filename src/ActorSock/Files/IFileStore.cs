using ActorSock.Uploads;
using ActorSock.Wire;

namespace ActorSock.Files;

/// <summary>
/// Takes files: what the actors know of the disk, and the seam where tests put a failing one.
/// </summary>
internal interface IFileStore : ILogFolder, IDisposable
{
    /// <summary>The uploads that outlive their connections.</summary>
    IUploadFolder Uploads { get; }

    /// <summary>Tells this root, while this node holds it, from all others; it stands in a file of the node's own folder, too.</summary>
    string Id { get; }

    /// <summary>Bytes that a new file could take up now.</summary>
    long FreeBytes { get; }

    /// <summary>
    /// Opens a part file for one upload; nothing is visible under the final name before
    /// <see cref="PublishPart"/>.
    /// </summary>
    /// <param name="uploadId">Begins the part file's name: ASCII letters, digits, '-', '_' and '.'.</param>
    /// <param name="name">The final name.</param>
    /// <param name="size">Announced bytes, which cost nothing until they come; null when only the end will tell.</param>
    /// <exception cref="StorageException">
    /// No room, or something on the way to the final name is in the way already.
    /// </exception>
    IIncomingFile Create(string uploadId, FileName name, long? size);

    /// <summary>Throws what <see cref="Create"/> would throw now, and makes nothing.</summary>
    /// <exception cref="StorageException">
    /// No room, or something on the way to the final name is in the way already.
    /// </exception>
    void Probe(FileName name, long size);

    /// <summary>
    /// Throws when something lies under the name, or on the way to it, that publishing cannot replace, or should not: a link, or whatever
    /// else somebody else has put there. Asks little about a folder that was found good before.
    /// </summary>
    /// <exception cref="StorageException">Why it cannot be published.</exception>
    void ThrowIfTaken(FileName name);

    /// <summary>
    /// Makes a whole file visible at once under its final name, replacing what file was there and creating
    /// folders. Nothing of it is durable before <see cref="SyncAll"/>.
    /// </summary>
    /// <param name="name">The final name.</param>
    /// <param name="bytes">All of it.</param>
    /// <param name="stamp">What travels with it; the caller vouches for the digests.</param>
    /// <exception cref="StorageException">The disk is full, something is in the way; nothing is left behind.</exception>
    void Store(FileName name, ReadOnlySpan<byte> bytes, in FileStamp stamp = default);

    /// <summary>
    /// Renames a part file whose bytes are durable to its final name, replacing what file was there and
    /// creating folders. The name is not durable before <see cref="SyncAll"/>.
    /// </summary>
    /// <exception cref="StorageException">It is not in the staging folder, or something is in the way.</exception>
    void PublishPart(string partName, FileName name);

    /// <summary>
    /// Makes all names in the folder of this one durable, and the folders on the way, as far as the system can
    /// do that: for file systems without a journal, where a rename that is not durable may lose both names.
    /// </summary>
    /// <exception cref="StorageException">As <see cref="SyncAll"/>, and nothing else: a folder that cannot be opened is no reason.</exception>
    void SyncFolder(FileName name);

    /// <summary>
    /// Removes a sealed part file that is not to be published. Never throws: what cannot be removed is found at the
    /// next start.
    /// </summary>
    void DropPart(string partName);

    /// <summary>Whether a part file of this name is in the staging folder.</summary>
    bool HasPart(string partName);

    /// <summary>Makes durable all that was stored and published before the call, names included.</summary>
    /// <exception cref="StorageException">
    /// It failed, and what is in the page cache cannot be trusted any more: a second call may succeed and
    /// prove nothing.
    /// </exception>
    void SyncAll();

    /// <summary>
    /// Whether a regular file of this size, and of this digest unless it is null, lies under the final name.
    /// The next <see cref="SyncAll"/> covers a file that was found so.
    /// </summary>
    /// <exception cref="StorageException">What lies on the way is no folder, or nothing can be opened.</exception>
    bool Check(FileName name, long size, Md5Digest? digest);

    /// <summary>What lies under a name; null when that is no file, or there is none. Links are not followed.</summary>
    /// <exception cref="StorageException">It cannot be looked at.</exception>
    StoredFile? Stat(FileName name);

    /// <summary>The same with its MD5: where that does not travel with the file it is read, and from then on it does.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    StoredFile? Digest(FileName name);

    /// <summary>Opens a file to read it; null when there is none. Links are not followed.</summary>
    /// <exception cref="StorageException">It cannot be opened.</exception>
    IStoredFile? Open(FileName name);

    /// <summary>
    /// Names files, a page at a time, in the order of the bytes of their names. Only names that a client could have given are
    /// among them, and nothing of the node's own. No snapshot: what comes and goes meanwhile may be in it or not. A page may have
    /// fewer entries than there are, and none at all: <see cref="FilePage.After"/> says where to go on.
    /// </summary>
    /// <exception cref="StorageException">A folder cannot be read.</exception>
    FilePage List(in FileQuery query);

    /// <summary>
    /// Names folders with files, a page at a time, as <see cref="List"/> does files, and says what is in each.
    /// </summary>
    /// <param name="query">Which.</param>
    /// <param name="begun">What the page before has left, <see cref="FolderPage.Begun"/>: nobody else may use it again.</param>
    /// <exception cref="StorageException">A folder cannot be read.</exception>
    FolderPage Folders(in FolderQuery query, FolderSum? begun);

    /// <summary>Whether anything lies under a name: a file, a folder, a link.</summary>
    /// <exception cref="StorageException">It cannot be looked at.</exception>
    bool Exists(FileName name);

    /// <summary>Removes a file at once; folders stay. Not durable before <see cref="SyncAll"/>.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="StorageException">A folder has this name, or the system refuses.</exception>
    bool Remove(FileName name);

    /// <summary>Removes a folder of this name in which there is nothing but folders.</summary>
    /// <returns>Whether it was there and is not any more.</returns>
    /// <exception cref="StorageException">The system refuses to look, or to remove it.</exception>
    bool RemoveEmptyFolder(FileName name);

    /// <summary>
    /// Renames a file at once, replacing what file was there and creating folders. Not durable before
    /// <see cref="SyncAll"/>.
    /// </summary>
    /// <exception cref="StorageException">There is no such file, or something is in the way; nothing has changed.</exception>
    void Rename(FileName name, FileName to);

    /// <summary>Tells which names are one file here: some file systems ignore case.</summary>
    StringComparer NameComparer { get; }
}

/// <summary>One upload on its way to the disk. Blocking calls, one caller at a time.</summary>
/// <remarks>
/// After a <see cref="StorageException"/> only abandoning is left. Dispose without seal abandons.
/// </remarks>
internal interface IIncomingFile : IDisposable
{
    FileName Name { get; }

    long BytesWritten { get; }

    /// <summary>Appends.</summary>
    /// <exception cref="StorageException">The disk is full, or refuses.</exception>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Makes the bytes durable, and the part file's name in the staging folder. From then on it is the caller's
    /// to publish or drop, by that name; nothing more can be done with this object.
    /// </summary>
    /// <param name="digests">Those of all that was written; they travel with the file where that is possible.</param>
    /// <returns>The name of the part file.</returns>
    /// <exception cref="StorageException">Anything failed on the way.</exception>
    string Seal(FileDigests digests = default);

    /// <summary>Gives up: removes the part file, or keeps it where the rule says so. Never throws.</summary>
    void Abandon();
}
