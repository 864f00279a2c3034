using System.Security.Cryptography;
using ActorSock.Journal;
using ActorSock.Testing;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Tests.Uploads;

/// <summary>Uploads that come in parts and are joined, on the parts of a whole node.</summary>
public sealed class PartsTests
{
    private const int KiB = 1024, MiB = 1024 * KiB;

    private static readonly byte[] s_body = Bodies.Of(3 * MiB + 777);

    private static ContentDigest Md5(ReadOnlySpan<byte> bytes) => ContentDigest.FromBytes(DigestKind.Md5, MD5.HashData(bytes));

    private static ContentDigest Sha256(ReadOnlySpan<byte> bytes) => ContentDigest.FromBytes(DigestKind.Sha256, SHA256.HashData(bytes));

    [Theory]
    [InlineData(null)]
    [InlineData(DigestKind.Md5)]
    [InlineData(DigestKind.Sha256)]
    public async Task Parts_that_come_beside_one_another_become_one_file(DigestKind? promised)
    {
        await using var node = await TestNode.Start();
        var parts = Enumerable.Range(0, 4).Reverse().Select(i => Begin(node, i * MiB)).ToList();

        foreach (var part in parts)
            await part.Upload.Opened();
        foreach (var part in parts)
            await part.Upload.Give(part.Bytes);
        foreach (var part in parts)
            (await part.Upload.Finish(Md5(part.Bytes.Span))).ShouldBe(new Verdict.Outcome.Kept(EntryOf(part)));
        var there = await TestUpload.There(node, "u", "a.bin", s_body.Length);
        there.Parts.ShouldBe(parts.Select(EntryOf).OrderBy(part => part.OffsetBytes));
        there.Offset.ShouldBe(s_body.Length);
        var join = TestUpload.Join(node, "u", "a.bin", promised is null ? null : promised == DigestKind.Md5 ? Md5(s_body) : Sha256(s_body));

        var stored = (await join.Settled()).ShouldBeOfType<Verdict.Outcome.Stored>();

        (stored.Bytes, stored.Digest, stored.Sha256).ShouldBe((
            s_body.Length, promised is null ? null : Md5(s_body).AsMd5, promised == DigestKind.Sha256 ? Sha256(s_body) : null));
        node.Stored()["a.bin"].ShouldBe(s_body);
        (await TestUpload.Join(node, "u", "a.bin", null).Settled()).ShouldBeOfType<Verdict.Outcome.StoredBefore>();
    }

    [Fact]
    public async Task A_join_says_what_is_missing_first()
    {
        await using var node = await TestNode.Start();
        await Put(node, 0);
        await Put(node, 2 * MiB);

        var refused = (await TestUpload.Join(node, "u", "a.bin", Md5(s_body)).Settled()).ShouldBeOfType<Verdict.Outcome.Refused>();

        (refused.Refusal.Rejection, refused.Offset).ShouldBe((Rejection.PartsMissing, MiB));
        (await TestUpload.There(node, "u", "a.bin")).Offset.ShouldBe(MiB);
    }

    [Fact]
    public async Task A_join_of_nothing_says_that_everything_is_missing()
    {
        await using var node = await TestNode.Start();

        var refused = (await TestUpload.Join(node, "u", "a.bin", null).Settled()).ShouldBeOfType<Verdict.Outcome.Refused>();

        (refused.Refusal.Rejection, refused.Offset).ShouldBe((Rejection.PartsMissing, 0));
        node.Parts().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_whole_that_differs_is_forgotten_with_its_parts()
    {
        await using var node = await TestNode.Start();
        for (var i = 0; i < 4; i++)
            await Put(node, i * MiB);

        var differs = (await TestUpload.Join(node, "u", "a.bin", Md5("else"u8)).Settled()).ShouldBeOfType<Verdict.Outcome.Differs>();

        differs.Actual.ShouldBe(Md5(s_body));
        node.Stored().ShouldBeEmpty();
        (await TestUpload.There(node, "u", "a.bin")).Parts.ShouldBeNull();
        await ResumedUploadTests.Eventually(() => node.Parts().Length == 0);
    }

    [Fact]
    public async Task A_part_that_differs_is_none_and_may_come_again()
    {
        await using var node = await TestNode.Start();
        var part = Begin(node, 0);
        await part.Upload.Opened();
        await part.Upload.Give(Bodies.Of(MiB, seed: 3));
        (await part.Upload.Finish(Md5(part.Bytes.Span))).ShouldBeOfType<Verdict.Outcome.Differs>();

        (await TestUpload.There(node, "u", "a.bin")).Parts.ShouldBe([]);
        await Put(node, 0);

        (await TestUpload.There(node, "u", "a.bin")).Parts.ShouldNotBeNull().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_part_that_comes_twice_counts_once_and_cannot_spoil_the_first()
    {
        await using var node = await TestNode.Start();
        for (var i = 0; i < 4; i++)
            await Put(node, i * MiB);
        await Put(node, MiB);

        var other = Begin(node, MiB);
        await other.Upload.Opened();
        await other.Upload.Give(Bodies.Of(MiB, seed: 3));
        (await other.Upload.Finish()).ShouldBeOfType<Verdict.Outcome.Refused>().Refusal.Rejection.ShouldBe(Rejection.UploadDiffers);

        (await TestUpload.Join(node, "u", "a.bin", Md5(s_body)).Settled()).ShouldBeOfType<Verdict.Outcome.Stored>();
        node.Stored()["a.bin"].ShouldBe(s_body);
    }

    [Theory]
    [InlineData(4 * KiB, MiB)]
    [InlineData(4 * KiB, 4 * KiB)]
    [InlineData(MiB - 4 * KiB, 8 * KiB)]
    [InlineData(0, 4 * KiB)]
    public async Task A_part_that_overlaps_one_that_is_there_is_refused(long offset, long bytes)
    {
        await using var node = await TestNode.Start();
        await Put(node, 0);

        var refused = await TestUpload.Part(node, "u", "a.bin", s_body.Length, offset, bytes).Refused();

        refused.ShouldBe(Rejection.UploadDiffers);
    }

    [Fact]
    public async Task An_upload_that_has_all_the_parts_it_may_have_takes_one_of_these_again_but_no_other()
    {
        const int unit = NativeRequest.PartBytesUnit;
        const long size = (NativeRequest.PartsMax + 1L) * unit;
        await using var node = await TestNode.Start();
        var first = await TestUpload.Part(node, "u", "a.bin", size, 0, unit).Opened();
        await first.Give(s_body.AsMemory(0, unit));
        (await first.Finish()).ShouldBeOfType<Verdict.Outcome.Kept>();
        var others = Enumerable.Range(1, NativeRequest.PartsMax - 1).Select(i => new KeptPart(new PartEntry((long)i * unit, unit, Md5([])), default));
        node.Node.Parts.Uploads.Entries[new UploadKey("", "u")].Parts!.Fill([.. others], NativeRequest.PartsMax);

        var again = await TestUpload.Part(node, "u", "a.bin", size, 0, unit).Opened();
        await again.Give(s_body.AsMemory(0, unit));

        (await again.Finish()).ShouldBeOfType<Verdict.Outcome.Kept>();
        (await TestUpload.Part(node, "u", "a.bin", size, size - unit, unit).Refused()).ShouldBe(Rejection.UploadDiffers);
    }

    [Fact]
    public async Task Of_two_who_send_the_same_part_at_once_the_newer_one_may()
    {
        await using var node = await TestNode.Start();
        var (older, other) = (Begin(node, 0), Begin(node, MiB));
        await older.Upload.Opened();
        await other.Upload.Opened();
        await older.Upload.Give(older.Bytes[..(512 * KiB)]);

        var newer = Begin(node, 0);

        (await older.Upload.Refused()).ShouldBe(Rejection.TakenOver);
        await newer.Upload.Opened();
        await newer.Upload.Give(newer.Bytes);
        (await newer.Upload.Finish()).ShouldBeOfType<Verdict.Outcome.Kept>();
        await other.Upload.Give(other.Bytes);
        (await other.Upload.Finish()).ShouldBeOfType<Verdict.Outcome.Kept>();
    }

    [Fact]
    public async Task Who_resumes_takes_over_all_parts()
    {
        await using var node = await TestNode.Start();
        var under = new[] { Begin(node, 0), Begin(node, MiB), Begin(node, 2 * MiB) };
        foreach (var part in under)
            await part.Upload.Opened();

        (await TestUpload.There(node, "u", "a.bin")).Parts.ShouldBe([]);

        foreach (var part in under)
            (await part.Upload.Refused()).ShouldBe(Rejection.TakenOver);
    }

    [Fact]
    public async Task Parts_outlive_the_node()
    {
        var folder = Directory.CreateTempSubdirectory("as-").FullName;
        try
        {
            await using (var node = await TestNode.Start(folder, store: null))
            {
                await Put(node, 0);
                await Put(node, 2 * MiB);
            }
            await using (var node = await TestNode.Start(folder, store: null))
            {
                (await TestUpload.There(node, "u", "a.bin", s_body.Length)).Parts.ShouldNotBeNull()
                    .Select(part => part.OffsetBytes).ShouldBe([0, 2 * MiB]);
                await Put(node, MiB);
                await Put(node, 3 * MiB);
                (await TestUpload.Join(node, "u", "a.bin", Md5(s_body)).Settled()).ShouldBeOfType<Verdict.Outcome.Stored>();
                node.Stored()["a.bin"].ShouldBe(s_body);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_whole_and_its_parts_are_two_ways_that_do_not_meet()
    {
        await using var node = await TestNode.Start();
        await Put(node, 0);

        (await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Refused()).ShouldBe(Rejection.UploadDiffers);

        var whole = await TestUpload.Whole(node, "w", "a.bin", s_body.Length).Opened();
        (await TestUpload.Part(node, "w", "a.bin", s_body.Length, 0, MiB).Refused()).ShouldBe(Rejection.UploadDiffers);
        await whole.Break();
    }

    private static async Task Put(TestNode node, int offset)
    {
        var part = Begin(node, offset);
        await part.Upload.Opened();
        await part.Upload.Give(part.Bytes);
        (await part.Upload.Finish(Md5(part.Bytes.Span))).ShouldBe(new Verdict.Outcome.Kept(EntryOf(part)));
    }

    private static (TestUpload Upload, int Offset, ReadOnlyMemory<byte> Bytes) Begin(TestNode node, int offset)
    {
        var bytes = s_body.AsMemory(offset, Math.Min(MiB, s_body.Length - offset));
        return (TestUpload.Part(node, "u", "a.bin", s_body.Length, offset, bytes.Length), offset, bytes);
    }

    private static PartEntry EntryOf((TestUpload Upload, int Offset, ReadOnlyMemory<byte> Bytes) part) =>
        new(part.Offset, part.Bytes.Length, Md5(part.Bytes.Span));
}
