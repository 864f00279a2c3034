using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Files;

/// <summary>A file as it was found under its name.</summary>
/// <param name="Size">Its bytes.</param>
/// <param name="Modified">When its content was last changed; UTC, to 100 ns.</param>
/// <param name="Digests">
/// Those that travel with it, as long as size and time are what they were when they were computed.
/// </param>
internal readonly record struct StoredFile(long Size, DateTimeOffset Modified, FileDigests Digests)
{
    /// <summary>Which one it is in its file system, whatever it is called; 0 where that is not known.</summary>
    public ulong Inode { get; init; }

    public Md5Digest? Md5 => Digests.Md5;

    public ContentDigest? Sha256 => Digests.Sha256;

    /// <summary>Whether another look found the same file, and nobody has changed it in between.</summary>
    public bool IsSameAs(in StoredFile other) => Size == other.Size && Modified == other.Modified && Inode == other.Inode;
}

/// <summary>One version of a file, open for reading, also while another takes its name.</summary>
/// <remarks>Blocking calls; several threads may read at once.</remarks>
internal interface IStoredFile : IDisposable
{
    /// <summary>As it was when it was opened.</summary>
    StoredFile Found { get; }

    /// <summary>Reads as many bytes as there are from an offset on, 0 behind the end.</summary>
    /// <exception cref="StorageException">The disk reports an error.</exception>
    int Read(Span<byte> bytes, long offset);
}
