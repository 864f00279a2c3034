using ActorSock.Files;
using ActorSock.Lanes;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Uploads;

/// <summary>Keeps uploads that outlive their connections: in the staging folder a part file, and a state beside it.</summary>
/// <remarks>
/// Blocking calls; thread-safe. Each beginning of an upload has a stem of its own, so that who is left over from one before has
/// other files. All members throw <see cref="StorageException"/>.
/// </remarks>
internal interface IUploadFolder
{
    /// <summary>What is there; stems of which nothing can be made are removed. For the start of a node.</summary>
    IReadOnlyList<FoundUpload> Find();

    /// <summary>Makes both files of an upload that comes from its beginning to its end.</summary>
    IUploadFile Begin(string stem, UploadKey key, UploadTerms terms);

    /// <summary>Opens an upload to go on with it; what is behind the last state is dropped.</summary>
    Reopened Reopen(string stem, UploadTerms terms);

    /// <summary>Makes both files of an upload that comes in parts.</summary>
    void BeginParts(string stem, UploadKey key, UploadTerms terms);

    /// <summary>Opens the place of one part.</summary>
    IPartPlace OpenPart(string stem, UploadTerms terms, long offset, long bytes);

    /// <summary>Opens the file that all parts have been written to.</summary>
    IJoinedFile OpenJoined(string stem, UploadTerms terms);

    /// <summary>Keeps one more part, whose bytes are durable.</summary>
    void KeepPart(string stem, int index, KeptPart part);

    /// <summary>Says that the upload was stored; it is not forgotten with the part file.</summary>
    void Remember(string stem, StoredUpload stored);

    /// <summary>Removes both files. Never throws: what cannot be removed is found at the next start.</summary>
    void Drop(string stem);
}

/// <summary>What was found of an upload.</summary>
/// <param name="Stem">begins the names of its files</param>
/// <param name="Key">which it is</param>
/// <param name="Terms">what it was begun with</param>
/// <param name="Progress">how far it has come</param>
/// <param name="Bytes">those of its part file</param>
/// <param name="Touched">when somebody was last at it</param>
/// <param name="Parts">those that are kept, and how many places they take; of an upload in parts alone</param>
internal sealed record FoundUpload(
    string Stem, UploadKey Key, UploadTerms Terms, UploadProgress Progress, long Bytes, DateTimeOffset Touched,
    (IReadOnlyList<KeptPart> Kept, int Places) Parts);

/// <summary>What came of opening an upload again.</summary>
internal abstract record Reopened
{
    private Reopened()
    {
    }

    /// <summary>It goes on.</summary>
    /// <param name="File">open behind what is there</param>
    /// <param name="State">the digests of that</param>
    public sealed record Open(IUploadFile File, DigestState State) : Reopened;

    /// <summary>It was stored, and nobody could be told.</summary>
    public sealed record Stored(StoredUpload Upload) : Reopened;

    /// <summary>Nothing of it can be gone on with.</summary>
    public sealed record Lost : Reopened;
}

/// <summary>The part file of an upload that outlives its connection. Blocking calls, one caller at a time.</summary>
/// <remarks>After a <see cref="StorageException"/> only disposing is left, which keeps what was kept before.</remarks>
internal interface IUploadFile : IDisposable
{
    /// <summary>Up to where was written.</summary>
    long BytesWritten { get; }

    /// <summary>Appends.</summary>
    /// <exception cref="StorageException">The disk is full, or refuses.</exception>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Makes what was written durable, and keeps the state of its digests beside it.</summary>
    /// <param name="state">of what was written, or of less</param>
    /// <exception cref="StorageException">The disk refuses.</exception>
    void Keep(DigestState state);

    /// <summary>Makes all of it durable, and says beside it that it was verified.</summary>
    /// <param name="state">the digests of all of it</param>
    /// <param name="md5">the same, as what it is</param>
    /// <param name="sha256">the other one, when it was promised</param>
    /// <returns>The name of the part file, which is the caller's to publish.</returns>
    /// <exception cref="StorageException">The disk refuses.</exception>
    string Seal(DigestState state, Md5Digest md5, ContentDigest? sha256);

    /// <summary>Removes it. Never throws.</summary>
    void Abandon();
}

/// <summary>The place of one part in a file. Blocking calls, one caller at a time; others write to other places.</summary>
internal interface IPartPlace : IDisposable
{
    /// <summary>Appends to what was written there.</summary>
    /// <exception cref="StorageException">The disk is full, or refuses.</exception>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>How many bytes were written.</summary>
    long BytesWritten { get; }

    /// <summary>Makes the bytes durable.</summary>
    /// <exception cref="StorageException">The disk refuses.</exception>
    void Sync();
}

/// <summary>A file whose parts are all there. Blocking calls, one caller at a time.</summary>
internal interface IJoinedFile : IDisposable
{
    /// <summary>Reads as many bytes as there are from an offset on.</summary>
    /// <exception cref="StorageException">The disk reports an error.</exception>
    int Read(Span<byte> bytes, long offset);

    /// <summary>Makes it whole: nothing of it is missing, and all of it was verified.</summary>
    /// <param name="md5">its digest; null when nobody has computed it</param>
    /// <param name="sha256">the other one, when it was promised</param>
    /// <returns>The name of the part file, which is the caller's to publish.</returns>
    /// <exception cref="StorageException">The disk refuses.</exception>
    string Seal(Md5Digest? md5, ContentDigest? sha256);
}
