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

    /// <summary>Whether the parent is to hear a <see cref="Journal.JournalActor.Verified"/> before the end.</summary>
    public bool TellsVerified { get; init; }
}
