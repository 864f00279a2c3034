using ActorSock.Files;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Journal;

/// <summary>What becomes of one upload, for a connection that fails or is ended before it hears it.</summary>
/// <remarks>Written by the upload's writer, then by the journal; read by the connection, in whichever of its lives.</remarks>
internal sealed class Verdict
{
    private Outcome? _said;
    private bool _isCommitting, _isQueued;

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        /// <summary>The file is on stable storage under its name.</summary>
        /// <param name="Name">what it is called now, which <see cref="ExistsRule.KeepBoth"/> may have changed</param>
        /// <param name="Bytes">its size</param>
        /// <param name="Digest">that of its content; null when nobody has computed it</param>
        /// <param name="Receipt">the line of the journal</param>
        public sealed record Stored(FileName Name, long Bytes, Md5Digest? Digest, JournalReceipt Receipt) : Outcome
        {
            /// <summary>The other digest, when it was promised.</summary>
            public ContentDigest? Sha256 { get; init; }
        }

        /// <summary>The digest is not the promised one, or what was promised is no digest (null); nothing was stored.</summary>
        public sealed record Differs(ContentDigest Actual, ContentDigest? Promised) : Outcome;

        /// <summary>It was stored before, and the client did not hear it.</summary>
        public sealed record StoredBefore(StoredUpload Upload) : Outcome;

        /// <summary>One part of the file is durable in the staging folder.</summary>
        public sealed record Kept(PartEntry Part) : Outcome;

        /// <summary>The file is deleted, and stays so.</summary>
        /// <param name="Receipt">the line of the journal</param>
        public sealed record Removed(JournalReceipt Receipt) : Outcome;

        /// <summary>The file has another name, and keeps it.</summary>
        /// <param name="Name">that name, which <see cref="ExistsRule.KeepBoth"/> may have changed</param>
        /// <param name="Receipt">the line of the journal</param>
        public sealed record Renamed(FileName Name, JournalReceipt Receipt) : Outcome;

        /// <summary>The client asks for what cannot be; nothing was stored.</summary>
        /// <param name="Refusal">why</param>
        /// <param name="Offset">where the upload goes on, or what it lacks first; null when that is not the question</param>
        public sealed record Refused(Refusal Refusal, long? Offset) : Outcome;

        /// <summary>It could not be stored.</summary>
        public sealed record Failed(Exception Cause) : Outcome;
    }

    /// <summary>Null until it is known.</summary>
    public Outcome? Said
    {
        get => Volatile.Read(ref _said);
        set => Volatile.Write(ref _said, value);
    }

    /// <summary>Whether the journal has it or is about to: <see cref="Said"/> will come, whatever ends meanwhile.</summary>
    public bool IsCommitting
    {
        get => Volatile.Read(ref _isCommitting);
        set => Volatile.Write(ref _isCommitting, value);
    }

    /// <summary>Whether the journal has it for sure: what it gets from now on is committed later.</summary>
    public bool IsQueued
    {
        get => Volatile.Read(ref _isQueued);
        set => Volatile.Write(ref _isQueued, value);
    }
}
