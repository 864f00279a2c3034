using ActorSock.Lanes;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Uploads;

/// <summary>How far an upload has come, as it is kept beside its part file.</summary>
internal abstract record UploadProgress
{
    private UploadProgress()
    {
    }

    /// <summary>So many bytes are durable; of one in parts, those of the parts that are kept beside it.</summary>
    /// <param name="State">the digests of what is there</param>
    public sealed record Growing(DigestState State) : UploadProgress;

    /// <summary>All of it is durable and was verified: if the part file is gone, the journal has given it its name.</summary>
    /// <param name="Size">its bytes</param>
    /// <param name="State">the digests to go on from if it is not; null of one in parts</param>
    /// <param name="Md5">its digest; null when nobody has computed it</param>
    /// <param name="Sha256">the other one, when it was promised</param>
    public sealed record Sealed(long Size, DigestState? State, Md5Digest? Md5, ContentDigest? Sha256) : UploadProgress;

    /// <summary>It was stored.</summary>
    public sealed record Stored(StoredUpload Upload) : UploadProgress;
}
