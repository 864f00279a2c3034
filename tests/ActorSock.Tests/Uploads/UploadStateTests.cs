using System.Security.Cryptography;
using ActorSock.Digests;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Lanes;
using ActorSock.Testing;
using ActorSock.Tests.Files;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Tests.Uploads;

/// <summary>What is kept beside a part file, whole, torn and altered.</summary>
public sealed class UploadStateTests : IDisposable
{
    private static readonly UploadKey s_key = new("client", "6f3a-1");
    private static readonly UploadTerms s_terms = new(TestUpload.NameOf("数据/big.iso"), 1L << 40, DigestKind.Sha256, InParts: false);

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void What_was_kept_last_is_found()
    {
        using (var state = Create(s_terms))
        {
            for (var i = 0; i < 5; i++)
                state.Keep(new UploadProgress.Growing(StateOf(1000 * i)));
        }

        using var found = Open().ShouldNotBeNull();

        (found.Key, found.Terms).ShouldBe((s_key, s_terms));
        var growing = found.Progress.ShouldBeOfType<UploadProgress.Growing>().State;
        (growing.BytesCount, growing.Digest()).ShouldBe((4000, ContentDigest.FromBytes(DigestKind.Sha256, SHA256.HashData(new byte[4000]))));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void Every_sort_of_progress_is_read_as_it_was_written(bool hasSha256, bool hasMd5)
    {
        Md5Digest? md5 = hasMd5 ? Md5Digest.FromBytes(MD5.HashData("a"u8)) : null;
        ContentDigest? sha256 = hasSha256 ? ContentDigest.FromBytes(DigestKind.Sha256, SHA256.HashData("a"u8)) : null;
        JournalReceipt? receipt = hasMd5 ? new JournalReceipt(7, RecordHash.Of("line"u8)) : null;
        var stored = new UploadProgress.Stored(new StoredUpload(s_terms.Name, 5, md5, sha256, receipt));

        Again(stored).ShouldBe(stored);
        Again(new UploadProgress.Sealed(5, null, md5, sha256)).ShouldBe(new UploadProgress.Sealed(5, null, md5, sha256));
        var all = Again(new UploadProgress.Sealed(1000, StateOf(1000), md5, sha256)).ShouldBeOfType<UploadProgress.Sealed>();
        all.State.ShouldNotBeNull().BytesCount.ShouldBe(1000);

        UploadProgress Again(UploadProgress progress)
        {
            using (var state = Create(s_terms))
                state.Keep(progress);
            using var found = Open().ShouldNotBeNull();
            return found.Progress;
        }
    }

    [Fact]
    public void Whichever_writing_is_torn_the_one_before_is_found()
    {
        using (var state = Create(s_terms))
            state.Keep(new UploadProgress.Growing(StateOf(1000)));
        var before = File.ReadAllBytes(_path);
        using (var state = Open().ShouldNotBeNull())
            state.Keep(new UploadProgress.Growing(StateOf(2000)));
        var after = File.ReadAllBytes(_path);

        for (var cut = 0; cut < after.Length; cut += 509)
        {
            File.WriteAllBytes(_path, [.. after[..cut], .. before[cut..]]);
            using var found = Open().ShouldNotBeNull($"torn at {cut}");
            var bytes = found.Progress.ShouldBeOfType<UploadProgress.Growing>().State.BytesCount;
            new[] { 1000L, 2000L }.ShouldContain(bytes, $"torn at {cut}");
        }
    }

    [Fact]
    public void A_torn_part_is_none_and_spoils_no_other()
    {
        using (var state = Create(s_terms with { InParts = true, Kind = null }))
        {
            for (var i = 0; i < 3; i++)
                state.KeepPart(i, PartAt(i));
        }
        var bytes = File.ReadAllBytes(_path);
        bytes[^200] ^= 1; // in the second of three
        File.WriteAllBytes(_path, bytes);

        using var found = Open().ShouldNotBeNull();

        found.ReadParts().ShouldBe([PartAt(0), PartAt(2)]);
        found.PartsCount.ShouldBe(3, "the place of the torn one is not used again");
    }

    [Fact]
    public void A_file_that_ends_too_early_is_none()
    {
        using (Create(s_terms))
        {
        }
        var bytes = File.ReadAllBytes(_path);

        foreach (var length in (int[])[0, 1, 100, 8192, bytes.Length / 2])
        {
            File.WriteAllBytes(_path, bytes[..length]);
            Open().ShouldBeNull($"{length} bytes");
        }
    }

    [Fact]
    public void Whatever_byte_is_altered_it_is_found_as_it_was_or_not_at_all()
    {
        using (var state = Create(s_terms))
            state.Keep(new UploadProgress.Growing(StateOf(1000)));
        var bytes = File.ReadAllBytes(_path);

        ActorSock.Testing.Properties.Hold(
            from at in Gen.Choose(0, bytes.Length - 1)
            from value in Gen.Choose(1, 255)
            select (at, value),
            altered =>
            {
                var copy = bytes.ToArray();
                copy[altered.at] ^= (byte)altered.value;
                File.WriteAllBytes(_path, copy);
                using var found = Open();
                if (found is null)
                    return;
                (found.Key, found.Terms).ShouldBe((s_key, s_terms));
                new[] { 0L, 1000L }.ShouldContain(found.Progress.ShouldBeOfType<UploadProgress.Growing>().State.BytesCount);
            });
    }

    [Fact]
    public void Names_that_are_too_long_to_be_kept_are_known_before()
    {
        var stored = new StoredUpload(s_terms.Name, 1, null, null, null);

        UploadState.HasRoomFor(new UploadProgress.Stored(stored)).ShouldBeTrue();
        UploadState.HasRoomFor(new UploadProgress.Stored(stored with { Name = LongName() })).ShouldBeFalse();
    }

    private static ActorSock.Files.FileName LongName()
    {
        var raw = string.Join('/', Enumerable.Repeat(new string('n', 250), 40));
        ActorSock.Files.FileName.TryConfine(raw, 20_000, out var name, out _).ShouldBeTrue();
        return name;
    }

    private static KeptPart PartAt(int index)
    {
        var md5 = Md5Digest.FromBytes(MD5.HashData([(byte)index]));
        var digest = index == 1 ? ContentDigest.From(md5) : ContentDigest.FromBytes(DigestKind.Sha256, SHA256.HashData([(byte)index]));
        return new KeptPart(new PartEntry(4096 * index, 4096, digest), md5);
    }

    private static DigestState StateOf(int zeros)
    {
        var (md5, sha256) = (new Md5Stream(), new Sha256Stream());
        md5.Append(new byte[zeros]);
        sha256.Append(new byte[zeros]);
        return DigestState.Of(md5, sha256);
    }

    [LinuxFact]
    public void A_sync_that_the_system_refuses_is_told()
    {
        // Takes all that is written, and says EINVAL to fdatasync(2).
        using var state = UploadState.Create(File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite), s_key, s_terms);

        Should.Throw<StorageException>(state.Sync).Message.ShouldStartWith("cannot keep the upload of '数据/big.iso'");
    }

    private UploadState Create(UploadTerms terms) =>
        UploadState.Create(File.OpenHandle(_path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite), s_key, terms);

    private UploadState? Open() => UploadState.Open(File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
}
