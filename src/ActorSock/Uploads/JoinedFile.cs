using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Uploads;

/// <summary>Reads the file that parts were written to, and makes it whole.</summary>
internal sealed class JoinedFile(UploadFolder folder, string stem, IPart part, UploadState state, long size) : IJoinedFile
{
    public int Read(Span<byte> bytes, long offset) => part.Read(bytes, offset);

    public string Seal(Md5Digest? md5, ContentDigest? sha256)
    {
        part.Truncate(size); // what a step of space ahead may have taken behind the end
        part.Seal(new FileStamp(folder.Now, new FileDigests(md5, sha256)));
        state.Keep(new UploadProgress.Sealed(size, null, md5, sha256));
        state.Sync(); // before the journal may rename the part file
        FaultPoints.Reach(FaultPoint.AfterUploadSeal);
        return UploadFolder.PartOf(stem);
    }

    public void Dispose()
    {
        part.Dispose();
        state.Dispose();
    }
}
