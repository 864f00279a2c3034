using ActorSock.Journal;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Files;

/// <summary>Says to a writer what it is to store.</summary>
/// <param name="Name">the name to be, with the client's folder</param>
/// <param name="Client">who sends it, for the journal</param>
internal sealed record StoreOrder(FileName Name, string Client)
{
    /// <summary>Bytes of the whole file; null when only its end will tell.</summary>
    public long? Size { get; init; }

    /// <summary>What becomes of it when there is a file of its name.</summary>
    public ExistsRule Exists { get; init; }

    /// <summary>The digest that the client promises; null when it promises none. MD5 is computed in any case.</summary>
    public DigestKind? Kind { get; init; }

    /// <summary>Whether the parent is to hear a <see cref="JournalActor.Verified"/> before the end.</summary>
    public bool TellsVerified { get; init; }

    /// <summary>
    /// Why it would be refused as things stand: the name is taken, and the client wants to keep what has it. Null when it may come; the journal
    /// looks again, for others come to the name meanwhile.
    /// </summary>
    /// <exception cref="StorageException">The disk cannot be looked at.</exception>
    public Verdict.Outcome? WhyNot(IFileStore files) => Exists == ExistsRule.Refuse && files.Exists(Name)
        ? new Verdict.Outcome.Refused(new Refusal(Rejection.Exists, ""), Offset: null)
        : null;
}
