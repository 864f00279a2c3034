using ActorSock.Files;
using ActorSock.Lanes;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Testing.Doubles;

/// <summary>Asks before each step of an upload on the disk, as <see cref="AsksBeforeEach"/> does of all others.</summary>
/// <param name="real">does the step</param>
/// <param name="ask">gets the step, and the name of the file; of what has none, the stem</param>
internal sealed class AskingUploads(IUploadFolder real, Action<DiskStep, string> ask) : IUploadFolder
{
    public IReadOnlyList<FoundUpload> Find() => real.Find();

    public IUploadFile Begin(string stem, UploadKey key, UploadTerms terms)
    {
        ask(DiskStep.BeginUpload, terms.Name.Value);
        return new Upload(real.Begin(stem, key, terms), terms.Name.Value, ask);
    }

    public Reopened Reopen(string stem, UploadTerms terms)
    {
        ask(DiskStep.ReopenUpload, terms.Name.Value);
        return real.Reopen(stem, terms) switch
        {
            Reopened.Open open => open with { File = new Upload(open.File, terms.Name.Value, ask) },
            var other => other,
        };
    }

    public void BeginParts(string stem, UploadKey key, UploadTerms terms)
    {
        ask(DiskStep.BeginUpload, terms.Name.Value);
        real.BeginParts(stem, key, terms);
    }

    public IPartPlace OpenPart(string stem, UploadTerms terms, long offset, long bytes) =>
        new Place(real.OpenPart(stem, terms, offset, bytes), terms.Name.Value, ask);

    public IJoinedFile OpenJoined(string stem, UploadTerms terms) =>
        new Joined(real.OpenJoined(stem, terms), terms.Name.Value, ask);

    public void KeepPart(string stem, int index, KeptPart part)
    {
        ask(DiskStep.KeepPart, stem);
        real.KeepPart(stem, index, part);
    }

    public void Remember(string stem, StoredUpload stored) => real.Remember(stem, stored);

    public void Drop(string stem)
    {
        ask(DiskStep.DropUpload, stem);
        real.Drop(stem);
    }

    private sealed class Upload(IUploadFile real, string name, Action<DiskStep, string> ask) : IUploadFile
    {
        public long BytesWritten => real.BytesWritten;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            ask(DiskStep.WriteUpload, name);
            real.Write(bytes);
        }

        public void Keep(DigestState state)
        {
            ask(DiskStep.KeepUpload, name);
            real.Keep(state);
        }

        public string Seal(DigestState state, Md5Digest md5, ContentDigest? sha256)
        {
            ask(DiskStep.SealUpload, name);
            return real.Seal(state, md5, sha256);
        }

        public void Abandon() => real.Abandon();

        public void Dispose() => real.Dispose();
    }

    private sealed class Place(IPartPlace real, string name, Action<DiskStep, string> ask) : IPartPlace
    {
        public long BytesWritten => real.BytesWritten;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            ask(DiskStep.WritePart, name);
            real.Write(bytes);
        }

        public void Sync()
        {
            ask(DiskStep.SyncPart, name);
            real.Sync();
        }

        public void Dispose() => real.Dispose();
    }

    private sealed class Joined(IJoinedFile real, string name, Action<DiskStep, string> ask) : IJoinedFile
    {
        public int Read(Span<byte> bytes, long offset) => real.Read(bytes, offset);

        public string Seal(Md5Digest? md5, ContentDigest? sha256)
        {
            ask(DiskStep.SealUpload, name);
            return real.Seal(md5, sha256);
        }

        public void Dispose() => real.Dispose();
    }
}
