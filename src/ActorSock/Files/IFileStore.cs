namespace ActorSock.Files;

/// <summary>
/// Takes files: what the actors know of the disk, and the seam where tests put a failing one.
/// </summary>
internal interface IFileStore : IDisposable
{
    /// <summary>Bytes that a new file could take up now.</summary>
    long FreeBytes { get; }

    /// <summary>
    /// Opens a part file for one upload; nothing is visible under the final name before
    /// <see cref="IIncomingFile.Publish"/>.
    /// </summary>
    /// <param name="uploadId">Begins the part file's name: ASCII letters, digits, '-', '_' and '.'.</param>
    /// <param name="name">The final name.</param>
    /// <param name="size">Announced bytes; costs nothing until they come.</param>
    /// <exception cref="StorageException">
    /// No room, or something on the way to the final name is in the way already.
    /// </exception>
    IIncomingFile Create(string uploadId, FileName name, long size);
}

/// <summary>One upload on its way to the disk. Blocking calls, one caller at a time.</summary>
/// <remarks>
/// After a <see cref="StorageException"/> only abandoning is left. Dispose without publish abandons.
/// </remarks>
internal interface IIncomingFile : IDisposable
{
    FileName Name { get; }

    long BytesWritten { get; }

    /// <summary>Appends.</summary>
    /// <exception cref="StorageException">The disk is full, or refuses.</exception>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Makes the bytes durable, then visible under the final name (replacing what file was there), then the
    /// name durable. When it returns, all of that has happened; when it throws, the file is not to be
    /// acknowledged.
    /// </summary>
    /// <exception cref="StorageException">Anything failed on the way.</exception>
    void Publish();

    /// <summary>Gives up: removes the part file, or keeps it where the rule says so. Never throws.</summary>
    void Abandon();
}
