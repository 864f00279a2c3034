using ActorSock.Wire;

namespace ActorSock.Journal;

/// <summary>What becomes of one upload, for a connection that fails or is ended before it hears it.</summary>
/// <remarks>Written by the upload's writer, then by the journal; read by the connection, in whichever of its lives.</remarks>
internal sealed class Verdict
{
    private Outcome? _said;
    private bool _isCommitting;

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        /// <summary>The file is on stable storage under its name.</summary>
        public sealed record Stored(Md5Digest Digest, long Bytes) : Outcome;

        /// <summary>The digest is not the promised one, or what was promised is no digest (null); nothing was stored.</summary>
        public sealed record Differs(Md5Digest Actual, Md5Digest? Promised) : Outcome;

        /// <summary>It could not be stored.</summary>
        public sealed record Failed(Exception Cause) : Outcome;
    }

    /// <summary>Null until it is known.</summary>
    public Outcome? Said
    {
        get => Volatile.Read(ref _said);
        set => Volatile.Write(ref _said, value);
    }

    /// <summary>Whether the journal has it: then <see cref="Said"/> will come, whatever ends meanwhile.</summary>
    public bool IsCommitting
    {
        get => Volatile.Read(ref _isCommitting);
        set => Volatile.Write(ref _isCommitting, value);
    }
}
