using System.Security.Cryptography;
using ActorSock.Events;
using ActorSock.Journal;
using ActorSock.Testing;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Tests.Uploads;

/// <summary>Uploads that break off and are gone on with, on the parts of a whole node.</summary>
public sealed class ResumedUploadTests
{
    private const int KiB = 1024, MiB = 1024 * KiB;

    private static readonly byte[] s_body = Bodies.Of(3 * MiB + 777);

    private static ContentDigest Md5(ReadOnlySpan<byte> bytes) => ContentDigest.FromBytes(DigestKind.Md5, MD5.HashData(bytes));

    private static ContentDigest Sha256(ReadOnlySpan<byte> bytes) => ContentDigest.FromBytes(DigestKind.Sha256, SHA256.HashData(bytes));

    [Theory]
    [InlineData(MiB, null)]
    [InlineData(MiB, DigestKind.Sha256)]
    [InlineData(MiB + 5, null)] // not a page: the rest goes through the cache
    [InlineData(0, null)]
    public async Task What_had_come_when_a_connection_broke_does_not_come_again(int sent, DigestKind? kind)
    {
        await using var node = await TestNode.Start();
        var first = await TestUpload.Whole(node, "u", "a.bin", s_body.Length, kind: kind).Opened();
        await first.Give(s_body.AsMemory(0, sent));
        await first.Break();

        var there = await TestUpload.There(node, "u", "a.bin", s_body.Length, kind);

        (there.Offset, there.Prefix, there.Parts).ShouldBe(
            (sent, kind == DigestKind.Sha256 ? Sha256(s_body.AsSpan(0, sent)) : Md5(s_body.AsSpan(0, sent)), null));
        var second = await TestUpload.Whole(node, "u", "a.bin", s_body.Length, sent, kind).Opened();
        await second.Give(s_body.AsMemory(sent));
        var stored = (await second.Finish(kind == DigestKind.Sha256 ? Sha256(s_body) : Md5(s_body)))
            .ShouldBeOfType<Verdict.Outcome.Stored>();
        stored.Digest.ShouldBe(Md5(s_body).AsMd5);
        stored.Sha256.ShouldBe(kind == DigestKind.Sha256 ? Sha256(s_body) : null);
        node.Stored()["a.bin"].ShouldBe(s_body);
        node.Parts().ShouldHaveSingleItem().ShouldEndWith(".state");
    }

    [Fact]
    public async Task A_node_that_starts_again_goes_on_where_it_was()
    {
        var folder = Directory.CreateTempSubdirectory("as-").FullName;
        try
        {
            await using (var node = await TestNode.Start(folder, store: null))
            {
                var first = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
                await first.Give(s_body.AsMemory(0, 2 * MiB));
                await first.Break();
            }
            await using (var node = await TestNode.Start(folder, store: null))
            {
                (await TestUpload.There(node, "u", "a.bin")).Offset.ShouldBe(2 * MiB);
                var second = await TestUpload.Whole(node, "u", "a.bin", s_body.Length, 2 * MiB).Opened();
                await second.Give(s_body.AsMemory(2 * MiB));
                (await second.Finish(Md5(s_body))).ShouldBeOfType<Verdict.Outcome.Stored>();
                node.Stored()["a.bin"].ShouldBe(s_body);
            }
            await using (var node = await TestNode.Start(folder, store: null))
            {
                var stored = (await TestUpload.Ask(node, "u", "a.bin")).ShouldBeOfType<UploadsActor.Answer.Stored>().Upload;
                (stored.Name.Value, stored.Size, stored.Md5).ShouldBe(("a.bin", s_body.Length, Md5(s_body).AsMd5));
                stored.Receipt.ShouldNotBeNull().Sequence.ShouldBe(1);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Of_an_unknown_size_what_has_come_is_kept_too()
    {
        await using var node = await TestNode.Start();
        var first = await TestUpload.Whole(node, "u", "a.bin", size: null).Opened();
        await first.Give(s_body.AsMemory(0, MiB));
        await first.Break();

        var second = await TestUpload.Whole(node, "u", "a.bin", size: null, offset: MiB).Opened();
        await second.Give(s_body.AsMemory(MiB));

        (await second.Finish(Md5(s_body))).ShouldBeOfType<Verdict.Outcome.Stored>();
        node.Stored()["a.bin"].ShouldBe(s_body);
    }

    [Fact]
    public async Task The_newer_of_two_sessions_wins_and_goes_on_where_the_older_was()
    {
        await using var node = await TestNode.Start();
        var older = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await older.Give(s_body.AsMemory(0, MiB));
        await older.Taken();

        var there = await TestUpload.There(node, "u", "a.bin");

        (await older.Refused()).ShouldBe(Rejection.TakenOver);
        there.Offset.ShouldBe(MiB);
        var told = await node.Events.Until<ServerEvent.UploadTakenOver>();
        (told.Client, told.Upload, told.File, told.Bytes).ShouldBe((null, "u", "a.bin", 0), "it was not kept before");
        var newer = await TestUpload.Whole(node, "u", "a.bin", s_body.Length, MiB).Opened();
        await newer.Give(s_body.AsMemory(MiB));
        (await newer.Finish(Md5(s_body))).ShouldBeOfType<Verdict.Outcome.Stored>();
    }

    [Fact]
    public async Task A_session_that_crashed_leaves_what_was_written()
    {
        await using var node = await TestNode.Start();
        var older = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await older.Give(s_body.AsMemory(0, MiB));
        await older.Taken();
        older.Crash();

        (await TestUpload.There(node, "u", "a.bin")).Offset.ShouldBe(MiB);
    }

    [Fact]
    public async Task Of_many_who_come_at_once_one_has_it_and_the_others_are_told()
    {
        await using var node = await TestNode.Start();
        var all = Enumerable.Range(0, 20).Select(_ => TestUpload.Whole(node, "u", "a.bin", s_body.Length)).ToList();
        var refused = all.Select(upload => upload.RefusedSooner()).ToList();

        while (refused.Count > 1)
        {
            var told = await Task.WhenAny(refused);
            (await told).ShouldBe(Rejection.TakenOver);
            all.RemoveAt(refused.IndexOf(told));
            refused.Remove(told);
        }

        await all[0].IsOpen;
        await all[0].Give(s_body);
        (await all[0].Promise(Md5(s_body), refused[0])).ShouldBeOfType<Verdict.Outcome.Stored>();
        node.Stored()["a.bin"].ShouldBe(s_body);
    }

    [Fact]
    public async Task Another_client_with_the_same_word_has_another_upload()
    {
        await using var node = await TestNode.Start();
        var mine = await TestUpload.Whole(node, "u", "a.bin", s_body.Length, client: "me").Opened();
        await mine.Give(s_body.AsMemory(0, MiB));
        await mine.Break();

        var theirs = (await TestUpload.Ask(node, "u", "a.bin", client: "them")).ShouldBeOfType<UploadsActor.Answer.There>();

        theirs.Offset.ShouldBe(0);
        (await TestUpload.Ask(node, "u", "a.bin", client: "me")).ShouldBeOfType<UploadsActor.Answer.There>().Offset.ShouldBe(MiB);
    }

    [Fact]
    public async Task Offsets_that_do_not_fit_are_refused_with_the_one_that_does()
    {
        await using var node = await TestNode.Start();
        var first = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await first.Give(s_body.AsMemory(0, MiB));
        await first.Break();

        (await Outcome(MiB + 1)).ShouldBe((Rejection.OffsetBeyond, MiB));
        (await Outcome(MiB - 1)).ShouldBe((Rejection.OffsetUnknown, MiB));
        (await Outcome(5, "unknown")).ShouldBe((Rejection.OffsetBeyond, 0));

        async Task<(Rejection, long?)> Outcome(long offset, string upload = "u")
        {
            var refused = (await TestUpload.Whole(node, upload, "a.bin", s_body.Length, offset).Settled())
                .ShouldBeOfType<Verdict.Outcome.Refused>();
            return (refused.Refusal.Rejection, refused.Offset);
        }
    }

    [Fact]
    public async Task From_its_beginning_an_upload_may_come_anew_and_the_old_files_go()
    {
        await using var node = await TestNode.Start();
        var first = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await first.Give(Bodies.Of(MiB, seed: 9));
        await first.Break();

        var second = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await second.Give(s_body);

        (await second.Finish(Md5(s_body))).ShouldBeOfType<Verdict.Outcome.Stored>();
        node.Stored()["a.bin"].ShouldBe(s_body);
        await Eventually(() => node.Parts().Length == 1);
    }

    [Fact]
    public async Task Who_says_another_name_size_or_digest_means_another_upload()
    {
        await using var node = await TestNode.Start();
        var first = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await first.Give(s_body.AsMemory(0, MiB));
        await first.Break();

        (await TestUpload.Whole(node, "u", "b.bin", s_body.Length, MiB).Refused()).ShouldBe(Rejection.UploadDiffers);
        (await TestUpload.Whole(node, "u", "a.bin", s_body.Length + 1, MiB).Refused()).ShouldBe(Rejection.UploadDiffers);
        var other = (await TestUpload.Whole(node, "u", "a.bin", s_body.Length, MiB, DigestKind.Sha256).Settled())
            .ShouldBeOfType<Verdict.Outcome.Refused>().Refusal;
        (other.Rejection, other.Detail).ShouldBe((Rejection.UploadDiffers, "it was begun with md5"));
        (await TestUpload.Ask(node, "u", "b.bin")).ShouldBeOfType<UploadsActor.Answer.Refused>().Refusal.Rejection.ShouldBe(Rejection.UploadDiffers);

        (await TestUpload.There(node, "u", "a.bin", s_body.Length, DigestKind.Md5)).Offset.ShouldBe(MiB);
    }

    [Fact]
    public async Task An_upload_whose_digest_differs_is_forgotten()
    {
        await using var node = await TestNode.Start();
        var upload = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await upload.Give(s_body);

        var differs = (await upload.Finish(Md5("something else"u8))).ShouldBeOfType<Verdict.Outcome.Differs>();

        differs.Actual.ShouldBe(Md5(s_body));
        (await TestUpload.There(node, "u", "a.bin")).Offset.ShouldBe(0);
        node.Stored().ShouldBeEmpty();
        await Eventually(() => node.Parts().Length == 0);
    }

    [Fact]
    public async Task Who_did_not_hear_that_it_was_stored_is_told_so_with_the_receipt()
    {
        await using var node = await TestNode.Start();
        var upload = await TestUpload.Whole(node, "u", "a.bin", s_body.Length, tellsVerified: true).Opened();
        await upload.Give(s_body);
        var stored = (await upload.Finish(Md5(s_body))).ShouldBeOfType<Verdict.Outcome.Stored>();

        var before = (await TestUpload.Ask(node, "u", "a.bin")).ShouldBeOfType<UploadsActor.Answer.Stored>().Upload;

        (before.Name, before.Size, before.Md5, before.Receipt).ShouldBe((stored.Name, stored.Bytes, stored.Digest, stored.Receipt));
    }

    internal static Task Eventually(Func<bool> condition) => Task.Run(async () =>
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
            await Task.Delay(10, limit.Token);
    });
}
