namespace ActorSock.Files;

/// <summary>Looks through one folder. Blocking calls, one caller at a time.</summary>
internal interface IFolderReader : IDisposable
{
    /// <summary>Bytes of the longest name in a folder: 255 characters of NTFS have three each; others have 255 bytes.</summary>
    public const int NameBytesMax = 765;

    /// <summary>
    /// Goes to the next file or folder, in no particular order; what is neither, a link for one, is passed over.
    /// </summary>
    /// <param name="name">Its name in the folder, mostly in UTF-8, until the next call.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    /// <exception cref="StorageException">The folder cannot be read.</exception>
    bool TryNext(out ReadOnlySpan<byte> name, out bool isFolder);

    /// <summary>What lies under a name in the folder; null when that is no file, or it is gone.</summary>
    /// <exception cref="StorageException">It cannot be looked at.</exception>
    StoredFile? Stat(ReadOnlySpan<byte> name);

    /// <summary>
    /// What the system says of a file, as far as that tells whether it is the same as before; null where it does not, and when
    /// that is no file, or it is gone.
    /// </summary>
    /// <exception cref="StorageException">It cannot be looked at.</exception>
    FileFacts? Facts(ReadOnlySpan<byte> name) => null;
}
