using System.Security.Cryptography;
using ActorSock.Digests;
using ActorSock.Files;
using ActorSock.Lanes;
using ActorSock.Tests.Files;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Tests.Uploads;

/// <summary>Uploads under way on a disk from which the power is taken.</summary>
[Collection(StartsPrograms.Name)]
public sealed class UploadPowerCutTests : IDisposable
{
    private const int KiB = 1024;

    private static readonly byte[] s_body = Bodies.Of(900 * KiB);

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("actorsock-");
    private readonly ScratchRoot _settings = new();

    public void Dispose()
    {
        _scratch.Delete(recursive: true);
        _settings.Dispose();
    }

    [LoopDiskTheory, InlineData(true), InlineData(false)]
    public void What_was_kept_is_there_after_the_power_went(bool withJournal)
    {
        using var disk = LoopDisk.Make(_scratch.FullName, withJournal);
        using var root = Open(disk);
        var uploads = new List<IUploadFile>();
        for (var i = 0; i < 4; i++)
        {
            var file = root.Uploads.Begin($"{i}-{i + 1}", new UploadKey("", $"{i}"), Terms(i, inParts: false));
            uploads.Add(file);
            for (var kept = 0; kept < i; kept++)
            {
                file.Write(s_body.AsSpan(200 * KiB * kept, 200 * KiB));
                file.Keep(StateOf(200 * KiB * (kept + 1)));
            }
            file.Write(s_body.AsSpan(200 * KiB * i, 100 * KiB)); // and is not kept
        }
        root.Uploads.BeginParts("p-9", new UploadKey("", "p"), Terms(9, inParts: true));
        for (var i = 0; i < 2; i++)
        {
            using var place = root.Uploads.OpenPart("p-9", Terms(9, inParts: true), 400 * KiB * i, 200 * KiB);
            place.Write(s_body.AsSpan(400 * KiB * i, 200 * KiB));
            place.Sync();
            root.Uploads.KeepPart("p-9", i, PartOf(i));
        }

        using var after = disk.AfterPowerCut();
        using var rootAfter = Open(after);
        var found = rootAfter.Uploads.Find().ToDictionary(upload => upload.Key.Upload);

        for (var i = 1; i < 4; i++)
        {
            var open = rootAfter.Uploads.Reopen(found[$"{i}"].Stem, Terms(i, inParts: false)).ShouldBeOfType<Reopened.Open>();
            open.State.BytesCount.ShouldBe(200 * KiB * i);
            open.File.Write(s_body.AsSpan(200 * KiB * i));
            var partName = open.File.Seal(StateOf(s_body.Length), Md5(s_body), null);
            rootAfter.PublishPart(partName, Terms(i, inParts: false).Name);
            File.ReadAllBytes(Path.Combine(after.Path, "inbox", $"{i}.bin")).ShouldBe(s_body);
        }
        found["p"].Parts.Kept.ShouldBe([PartOf(0), PartOf(1)]);
        using var joined = rootAfter.Uploads.OpenJoined("p-9", Terms(9, inParts: true));
        for (var i = 0; i < 2; i++)
        {
            var read = new byte[200 * KiB];
            joined.Read(read, 400 * KiB * i).ShouldBe(200 * KiB);
            read.ShouldBe(s_body[(400 * KiB * i)..][..(200 * KiB)]);
        }
        uploads.ForEach(file => file.Dispose());
    }

    private static KeptPart PartOf(int i)
    {
        var md5 = Md5(s_body.AsSpan(400 * KiB * i, 200 * KiB));
        return new KeptPart(new PartEntry(400 * KiB * i, 200 * KiB, ContentDigest.From(md5)), md5);
    }

    private static UploadTerms Terms(int i, bool inParts) => new(TestUpload.NameOf($"{i}.bin"), s_body.Length, null, inParts);

    private FileRoot Open(LoopDisk disk) => FileRoot.Open(
        _settings.Settings with { Root = Path.Combine(disk.Path, "inbox"), DirectBytesMin = 64 * KiB, PreallocateBytes = 256 * KiB },
        TimeProvider.System);

    private static Md5Digest Md5(ReadOnlySpan<byte> bytes) => Md5Digest.FromBytes(MD5.HashData(bytes));

    private static DigestState StateOf(int bytes)
    {
        var md5 = new Md5Stream();
        md5.Append(s_body.AsSpan(0, bytes));
        return DigestState.Of(md5, null);
    }
}
