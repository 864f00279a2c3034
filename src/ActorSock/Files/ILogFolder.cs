namespace ActorSock.Files;

/// <summary>Opens the files of the commit log, which lie in <c>ROOT/.actorsock/log</c>.</summary>
internal interface ILogFolder
{
    /// <summary>Opens a file of the log; a missing one is created, empty and with a durable name.</summary>
    /// <param name="name">Its name in the folder.</param>
    /// <param name="direct">Past the page cache, where the file system can do that.</param>
    /// <exception cref="StorageException">It cannot be opened.</exception>
    ILogFile OpenLogFile(string name, bool direct);
}

/// <summary>A file of fixed length that is written in place. One thread at a time.</summary>
/// <remarks>
/// Of a file opened for direct I/O only whole pages of 4 KiB are read and written, at offsets and from memory
/// that begin on such a page.
/// </remarks>
internal interface ILogFile : IDisposable
{
    /// <summary>Its length.</summary>
    long Bytes { get; }

    /// <summary>
    /// Gives it this length, with the disk space behind it taken as far as the file system can promise that;
    /// keeps what is in it up to there. Durable on return.
    /// </summary>
    /// <exception cref="StorageException">The disk has not so much.</exception>
    void Resize(long bytes);

    /// <summary>Reads so many bytes, fewer at the end of the file; how many is returned.</summary>
    /// <exception cref="StorageException">The disk reports an error.</exception>
    int Read(Span<byte> bytes, long offset);

    /// <summary>Writes all the bytes; not durable before <see cref="Sync"/>.</summary>
    /// <exception cref="StorageException">The disk refuses.</exception>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Whether somebody has removed it: what is written to it then is found by nobody.</summary>
    bool IsRemoved { get; }

    /// <summary>
    /// Whether <see cref="LeaveMemoryMark"/> was called for it, by whatever process, and the system has had it in memory ever since.
    /// True where the system cannot tell.
    /// </summary>
    bool HasMemoryMark { get; }

    /// <summary>
    /// Leaves a mark that the system keeps with the file in memory, and on no disk: it is gone when the file system was mounted anew.
    /// </summary>
    void LeaveMemoryMark();

    /// <summary>Makes the bytes written durable.</summary>
    /// <exception cref="StorageException">The disk refuses: what was written since the last time may be lost.</exception>
    void Sync();
}
