using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Files;

/// <summary>What is known of the digests of a file's content.</summary>
/// <param name="Md5">Null when nobody has computed it.</param>
/// <param name="Sha256">Null when nobody has asked for it.</param>
internal readonly record struct FileDigests(Md5Digest? Md5, ContentDigest? Sha256 = null)
{
    /// <summary>Whether there is one at all.</summary>
    public bool AreKnown => Md5 is not null || Sha256 is not null;
}
