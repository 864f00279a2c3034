using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Journal;

/// <summary>What a line of the journal is to say, apart from its place in the chain.</summary>
/// <param name="Time">When it was committed.</param>
/// <param name="Client">Who asked for it.</param>
/// <param name="Name">The name of the file.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Md5">Its digest; null when nobody has computed it.</param>
internal readonly record struct JournalNote(DateTimeOffset Time, string Client, string Name, long Size, Md5Digest? Md5)
{
    /// <summary>The other digest, when it is known.</summary>
    public ContentDigest? Sha256 { get; init; }

    /// <summary>What was done with the file.</summary>
    public JournalDeed Did { get; init; }

    /// <summary>Its new name, when it was renamed.</summary>
    public string? To { get; init; }
}
