using ActorSock.Wire;

namespace ActorSock.Client;

/// <summary>Says what became of one file that was offered to a server.</summary>
public abstract record UploadOutcome
{
    private protected UploadOutcome() { }

    /// <summary>The server has verified the file and has it on stable storage under its name: the client's
    /// own copy may go.</summary>
    /// <param name="Digest">MD5 of the bytes that were sent.</param>
    public sealed record Stored(Md5Digest Digest) : UploadOutcome;

    /// <summary>The server received other bytes than were sent, and stored nothing.</summary>
    /// <param name="Digest">MD5 of the bytes that were sent.</param>
    public sealed record Differs(Md5Digest Digest) : UploadOutcome;

    /// <summary>The file was sent whole, in a dialect that does not say what became of it.</summary>
    /// <param name="Digest">MD5 of the bytes that were sent.</param>
    public sealed record Sent(Md5Digest Digest) : UploadOutcome;

    /// <summary>The server refused the file and stored nothing.
    /// <see cref="UploadConnection.IsOpen"/> tells whether it takes others.</summary>
    /// <param name="Code">Three digits, see the table in WIRE.md.</param>
    /// <param name="Text">What the server said, or what its code means; safe to print.</param>
    public sealed record Refused(int Code, string Text) : UploadOutcome;

    /// <summary>The connection ended, or nothing more was heard, before the server had answered. Whether the
    /// file was stored is not known; sending it again does no harm.</summary>
    /// <param name="Why">What happened, for a person; safe to print.</param>
    public sealed record Closed(string Why) : UploadOutcome
    {
        /// <summary>Whether it was because the server asks for a key, and none was given: then nothing was stored.</summary>
        public bool AsksForKey { get; init; }
    }
}
