using System.Runtime.Versioning;
using System.Security.Cryptography;
using ActorSock.Blocks;
using ActorSock.Digests;
using ActorSock.Files;
using ActorSock.Lanes;
using ActorSock.Tests.Files;
using ActorSock.Tests.Settings;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Tests.Uploads;

/// <summary>What the start of a node makes of what it finds in the staging folder.</summary>
public sealed class UploadFolderTests : IDisposable
{
    private const int KiB = 1024, MiB = 1024 * KiB;

    private static readonly UploadKey s_key = new("", "u");
    private static readonly UploadTerms s_terms = new(TestUpload.NameOf("a.bin"), 3 * MiB, null, InParts: false);
    private static readonly byte[] s_body = Bodies.Of(3 * MiB);

    private readonly ScratchRoot _scratch = new("inbox");

    public void Dispose() => _scratch.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public void An_upload_is_opened_behind_what_was_kept_and_the_rest_is_cut(bool portable)
    {
        using (var root = _scratch.Open(portable))
        {
            using var file = root.Uploads.Begin("u1-1", s_key, s_terms);
            file.Write(s_body.AsSpan(0, MiB));
            file.Keep(StateOf(MiB));
            file.Write(s_body.AsSpan(MiB, 512 * KiB));
        }

        using var again = _scratch.Open(portable);
        var found = again.Uploads.Find().ShouldHaveSingleItem();
        (found.Stem, found.Key, found.Terms, found.Bytes).ShouldBe(("u1-1", s_key, s_terms, 3 * MiB / 2));
        var open = again.Uploads.Reopen("u1-1", s_terms).ShouldBeOfType<Reopened.Open>();
        (open.State.BytesCount, open.File.BytesWritten).ShouldBe((MiB, MiB));
        open.File.Write(s_body.AsSpan(MiB));
        var partName = open.File.Seal(StateOf(3 * MiB), Md5(s_body), null);
        again.PublishPart(partName, s_terms.Name);
        File.ReadAllBytes(_scratch.Below("a.bin")).ShouldBe(s_body);
        found = again.Uploads.Find().ShouldHaveSingleItem();
        found.Progress.ShouldBe(new UploadProgress.Stored(new StoredUpload(s_terms.Name, 3 * MiB, Md5(s_body), null, null)));
    }

    [Fact]
    public void A_sealed_upload_that_the_journal_did_not_get_can_be_gone_on_with_at_its_end()
    {
        using var root = _scratch.Open();
        SealAll(root);

        var found = root.Uploads.Find().ShouldHaveSingleItem();

        found.Progress.ShouldBeOfType<UploadProgress.Sealed>();
        var open = root.Uploads.Reopen("u1-1", s_terms).ShouldBeOfType<Reopened.Open>();
        open.State.BytesCount.ShouldBe(3 * MiB);
        open.File.Dispose();
    }

    [Theory]
    [InlineData("another file")]
    [InlineData("same size")]
    [InlineData("nothing")]
    public void A_sealed_upload_that_is_gone_was_not_stored_when_its_name_has(string what)
    {
        using var root = _scratch.Open();
        SealAll(root);
        Directory.GetFiles(_scratch.Staging, "*.part").ToList().ForEach(File.Delete);
        if (what != "nothing")
            File.WriteAllBytes(_scratch.Below("a.bin"), what == "same size" ? new byte[3 * MiB] : [1]);

        root.Uploads.Find().ShouldBeEmpty();

        Directory.GetFiles(_scratch.Staging).ShouldBeEmpty();
    }

    [LinuxFact, SupportedOSPlatform("linux")]
    public void A_stored_file_that_may_not_be_read_keeps_no_node_from_its_start()
    {
        _scratch.LetEverybodyIn();
        AsNobody.Run(() =>
        {
            using var root = _scratch.Open();
            SealAll(root);
            Directory.GetFiles(_scratch.Staging, "*.part").ToList().ForEach(File.Delete);
            File.WriteAllBytes(_scratch.Below("a.bin"), new byte[3 * MiB]);
            File.SetUnixFileMode(_scratch.Below("a.bin"), UnixFileMode.None);

            root.Uploads.Reopen("u1-1", s_terms).ShouldBeOfType<Reopened.Lost>();
            root.Uploads.Find().ShouldBeEmpty();
        });
    }

    [Fact]
    public void A_part_file_that_is_shorter_than_it_should_be_is_nothing()
    {
        using var root = _scratch.Open();
        BeginWith(root, MiB);
        using (var part = File.OpenWrite(Directory.GetFiles(_scratch.Staging, "*.part")[0]))
            part.SetLength(MiB - 1);

        root.Uploads.Reopen("u1-1", s_terms).ShouldBeOfType<Reopened.Lost>();
        root.Uploads.Find().ShouldBeEmpty();

        Directory.GetFiles(_scratch.Staging).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("*.part")]
    [InlineData("*.state")]
    public void One_file_without_the_other_is_nothing(string gone)
    {
        using var root = _scratch.Open();
        BeginWith(root, MiB);
        Directory.GetFiles(_scratch.Staging, gone).ToList().ForEach(File.Delete);

        root.Uploads.Reopen("u1-1", s_terms).ShouldBeOfType<Reopened.Lost>();
        root.Uploads.Find().ShouldBeEmpty();

        Directory.GetFiles(_scratch.Staging).ShouldBeEmpty();
    }

    [Fact]
    public void A_state_of_which_nothing_can_be_read_is_nothing()
    {
        using var root = _scratch.Open();
        BeginWith(root, MiB);
        File.WriteAllBytes(Directory.GetFiles(_scratch.Staging, "*.state")[0], Bodies.Of(30_000));

        root.Uploads.Find().ShouldBeEmpty();

        Directory.GetFiles(_scratch.Staging).ShouldBeEmpty();
    }

    [Fact]
    public void Other_part_files_are_left_to_others_and_these_are_left_by_them()
    {
        using var root = _scratch.Open();
        BeginWith(root, MiB);
        File.WriteAllBytes(Path.Combine(_scratch.Staging, "c-000001-writer-1-abc.part"), [1]);

        root.Uploads.Find().Count.ShouldBe(1);
        root.Recover().Removed.ShouldBe(1);

        Directory.GetFiles(_scratch.Staging).Length.ShouldBe(2);
    }

    [Fact]
    public void Of_two_beginnings_of_one_upload_the_newer_counts_and_the_other_goes()
    {
        using var root = _scratch.Open();
        BeginWith(root, MiB, "u1-9");
        BeginWith(root, 2 * MiB, "u1-a");
        var door = Door(0);

        door.Prepare(root.Uploads).ShouldBe(1);

        var entry = door.Entries[s_key];
        (entry.Stem, entry.Offset, entry.Prefix).ShouldBe(("u1-a", 2 * MiB, ContentDigest.From(Md5(s_body.AsSpan(0, 2 * MiB)))));
        Directory.GetFiles(_scratch.Staging).Length.ShouldBe(2);
        door.NewStem(s_key).ShouldEndWith("-b");
    }

    [Fact]
    public void Parts_that_cannot_be_begun_leave_nothing()
    {
        using var root = _scratch.Open();
        var terms = s_terms with { InParts = true, Size = -1 }; // no disk makes such a file

        Should.Throw<StorageException>(() => root.Uploads.BeginParts("u1-1", s_key, terms));

        Directory.GetFiles(_scratch.Staging).ShouldBeEmpty();
    }

    [Fact]
    public void Parts_that_are_there_stay_also_where_the_memory_for_them_has_become_less()
    {
        using var root = _scratch.Open();
        var terms = s_terms with { InParts = true };
        root.Uploads.BeginParts("u1-1", s_key, terms);
        root.Uploads.KeepPart("u1-1", 0, new KeptPart(new PartEntry(0, 4096, ContentDigest.From(Md5([]))), Md5([])));
        var door = Door(10);

        door.Prepare(root.Uploads).ShouldBe(1);

        door.Entries[s_key].Parts.ShouldNotBeNull().Count.ShouldBe(1);
        door.MemoryOf(s_key.Client).TryTake().ShouldBeFalse();
    }

    [MountFact]
    public void On_a_disk_that_is_full_what_was_written_can_still_be_kept()
    {
        using var disk = new TmpFs(_scratch.Path, "size=1m");
        using var root = _scratch.Open();
        var terms = s_terms with { Size = null };
        using (var file = root.Uploads.Begin("u1-1", s_key, terms))
        {
            file.Write(s_body.AsSpan(0, 256 * KiB));
            file.Keep(StateOf(256 * KiB));
            file.Write(s_body.AsSpan(256 * KiB, 256 * KiB));
            Should.Throw<IOException>(() => File.WriteAllBytes(_scratch.Below("filler"), new byte[MiB]));

            file.Keep(StateOf(512 * KiB));
            Should.Throw<StorageException>(() => file.Write(s_body.AsSpan(512 * KiB, 256 * KiB))).Fault.ShouldBe(StorageFault.DiskFull);
        }
        Should.Throw<StorageException>(() => root.Uploads.Begin("u1-2", new UploadKey("", "v"), terms)).Fault.ShouldBe(StorageFault.DiskFull);
        Directory.GetFiles(_scratch.Staging).Length.ShouldBe(2, "the other left nothing");
        File.Delete(_scratch.Below("filler"));

        var open = root.Uploads.Reopen("u1-1", terms).ShouldBeOfType<Reopened.Open>();

        open.State.BytesCount.ShouldBe(512 * KiB);
        open.File.Dispose();
    }

    [MountFact]
    public void Parts_and_uploads_leave_free_what_must_stay_free()
    {
        using var disk = new TmpFs(_scratch.Path, "size=2m");
        _scratch.Settings = _scratch.Settings with { FreeBytesMin = MiB };
        using var root = _scratch.Open();
        var terms = s_terms with { InParts = true };
        root.Uploads.BeginParts("u1-1", s_key, terms);

        Should.Throw<StorageException>(() => root.Uploads.OpenPart("u1-1", terms, 0, MiB)).Fault.ShouldBe(StorageFault.DiskFull);
        Should.Throw<StorageException>(() => root.Uploads.Begin("u1-2", s_key, s_terms)).Fault.ShouldBe(StorageFault.DiskFull);
        using var endless = root.Uploads.Begin("u1-3", s_key, s_terms with { Size = null });
        Should.Throw<StorageException>(() => endless.Write(new byte[MiB])).Fault.ShouldBe(StorageFault.DiskFull);
        root.Uploads.OpenPart("u1-1", terms, 0, 512 * KiB).Dispose();
    }

    [Fact]
    public void Nothing_is_read_of_a_part_file_that_is_opened_again()
    {
        using var root = _scratch.Open();
        BeginWith(root, 2 * MiB);
        var before = BytesRead();

        root.Uploads.Find().ShouldHaveSingleItem();
        var open = root.Uploads.Reopen("u1-1", s_terms).ShouldBeOfType<Reopened.Open>();
        open.File.Write(s_body.AsSpan(2 * MiB));
        open.File.Seal(StateOf(3 * MiB), Md5(s_body), null);

        (BytesRead() - before).ShouldBeLessThan(MiB);
    }

    /// <summary>What this thread has got from read calls, however they came by it (proc(5), /proc/pid/io).</summary>
    private static long BytesRead() => OperatingSystem.IsLinux()
        ? long.Parse(File.ReadLines("/proc/thread-self/io").First(line => line.StartsWith("rchar:", StringComparison.Ordinal))["rchar:".Length..],
            System.Globalization.CultureInfo.InvariantCulture)
        : 0;

    private void SealAll(FileRoot root)
    {
        using var file = root.Uploads.Begin("u1-1", s_key, s_terms);
        file.Write(s_body);
        file.Seal(StateOf(s_body.Length), Md5(s_body), null);
    }

    private static void BeginWith(FileRoot root, int bytes, string stem = "u1-1")
    {
        using var file = root.Uploads.Begin(stem, s_key, s_terms);
        file.Write(s_body.AsSpan(0, bytes));
        file.Keep(StateOf(bytes));
    }

    private static UploadsDoor Door(int bytesForParts)
    {
        using var loading = new Loading();
        return new UploadsDoor(new Allowance(bytesForParts), loading.Settings.Files, TimeProvider.System);
    }

    private static Md5Digest Md5(ReadOnlySpan<byte> bytes) => Md5Digest.FromBytes(MD5.HashData(bytes));

    private static DigestState StateOf(int bytes)
    {
        var md5 = new Md5Stream();
        md5.Append(s_body.AsSpan(0, bytes));
        return DigestState.Of(md5, null);
    }
}
