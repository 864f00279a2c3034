using System.Security.Cryptography;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Tests.Uploads;

/// <summary>Disks that are full, stuck or gone while uploads are kept; and what is thrown away.</summary>
public sealed class UploadFailureTests
{
    private const int KiB = 1024, MiB = 1024 * KiB;

    private static readonly byte[] s_body = Bodies.Of(3 * MiB + 777);

    private readonly DiskScript _disk = new();

    private static ContentDigest Md5(ReadOnlySpan<byte> bytes) => ContentDigest.FromBytes(DigestKind.Md5, MD5.HashData(bytes));

    [Fact]
    public async Task What_has_come_is_kept_again_and_again()
    {
        await using var node = await Start("actorsock.files.checkpoint-bytes=1MiB");
        var upload = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();

        await upload.Give(s_body.AsMemory(0, 3 * MiB));
        await ResumedUploadTests.Eventually(() => Entry(node).Offset >= 2 * MiB);

        // What a killed process leaves: the files as they are, and nobody who would have closed them.
        var copy = Directory.CreateTempSubdirectory("as-").FullName;
        CopyStaging(node, copy);
        await upload.Break();
        await using (var after = await TestNode.Start(copy, store: null))
        {
            var there = await TestUpload.There(after, "u", "a.bin", s_body.Length);
            there.Offset.ShouldBeGreaterThanOrEqualTo(2 * MiB);
            there.Prefix.ShouldBe(Md5(s_body.AsSpan(0, (int)there.Offset)));
            var second = await TestUpload.Whole(after, "u", "a.bin", s_body.Length, there.Offset).Opened();
            await second.Give(s_body.AsMemory((int)there.Offset));
            (await second.Finish(Md5(s_body))).ShouldBeOfType<Verdict.Outcome.Stored>();
            after.Stored()["a.bin"].ShouldBe(s_body);
        }
        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public async Task A_slow_upload_is_kept_by_time()
    {
        await using var node = await Start("actorsock.files.checkpoint-interval=10ms");
        var upload = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();

        for (var sent = 0; Entry(node).Offset == 0 && sent < s_body.Length; sent += 8 * KiB)
        {
            await upload.Give(s_body.AsMemory(sent, 8 * KiB));
            await upload.Taken();
        }

        Entry(node).Offset.ShouldBeGreaterThan(0);
        await upload.Break();
    }

    [Theory]
    [InlineData(DiskStep.KeepUpload)]
    [InlineData(DiskStep.WriteUpload)]
    public async Task A_disk_that_is_full_in_the_middle_costs_nothing_that_was_kept(DiskStep step)
    {
        await using var node = await Start("actorsock.files.checkpoint-bytes=1MiB");
        var upload = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await upload.Give(s_body.AsMemory(0, MiB));
        await ResumedUploadTests.Eventually(() => Entry(node).Offset == MiB);
        _disk.FailOnce(step, StorageFault.DiskFull);

        await upload.Give(s_body.AsMemory(MiB, MiB));
        await upload.Ended;

        upload.Failure.ShouldBeOfType<StorageException>().Fault.ShouldBe(StorageFault.DiskFull);
        (await TestUpload.There(node, "u", "a.bin")).Offset.ShouldBe(MiB);
        var second = await TestUpload.Whole(node, "u", "a.bin", s_body.Length, MiB).Opened();
        await second.Give(s_body.AsMemory(MiB));
        (await second.Finish(Md5(s_body))).ShouldBeOfType<Verdict.Outcome.Stored>();
    }

    [Fact]
    public async Task A_disk_that_is_full_at_the_break_keeps_what_was_kept_before()
    {
        await using var node = await Start();
        var upload = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await upload.Give(s_body.AsMemory(0, MiB));
        await upload.Taken();
        _disk.FailOnce(DiskStep.KeepUpload, StorageFault.DiskFull);

        await upload.Break();

        (await TestUpload.There(node, "u", "a.bin")).Offset.ShouldBe(0);
        node.Events.All.OfType<ServerEvent.ActorStopped>().ShouldContain(stopped => stopped.Path.StartsWith("/user/server/uploads/"));
    }

    [Fact]
    public async Task An_upload_that_cannot_begin_leaves_nothing()
    {
        await using var node = await Start();
        _disk.FailOnce(DiskStep.BeginUpload, StorageFault.DiskFull);

        var upload = TestUpload.Whole(node, "u", "a.bin", s_body.Length);
        await upload.Ended;

        upload.Failure.ShouldBeOfType<StorageException>();
        await ResumedUploadTests.Eventually(() => node.Node.Parts.Uploads.Entries.IsEmpty);
        node.Parts().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(DiskStep.WriteUpload)]
    [InlineData(DiskStep.KeepUpload)]
    [InlineData(DiskStep.SealUpload)]
    public async Task Who_is_stuck_in_a_disk_call_loses_the_upload_and_can_do_no_harm_to_it(DiskStep step)
    {
        await using var node = await Start("actorsock.files.takeover-limit=50ms", "actorsock.files.checkpoint-bytes=4KiB");
        var older = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        var stuck = _disk.Hold(step);
        await older.Give(Bodies.Of(s_body.Length, seed: 5));
        var settled = step == DiskStep.SealUpload ? older.Finish() : older.Settled();
        await stuck.Reached;

        (await TestUpload.There(node, "u", "a.bin")).Offset.ShouldBe(0);
        var newer = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await newer.Give(s_body.AsMemory(0, 2 * MiB));
        stuck.Release();

        (await settled).ShouldBeOfType<Verdict.Outcome.Refused>().Refusal.Rejection.ShouldBe(Rejection.TakenOver);
        await newer.Give(s_body.AsMemory(2 * MiB));
        (await newer.Finish(Md5(s_body))).ShouldBeOfType<Verdict.Outcome.Stored>().Receipt.Sequence.ShouldBe(1);
        node.Stored()["a.bin"].ShouldBe(s_body);
        await ResumedUploadTests.Eventually(() => node.Parts().Length == 1);
    }

    [Fact]
    public async Task Who_is_stuck_while_the_connection_is_gone_loses_it_too()
    {
        await using var node = await Start("actorsock.files.takeover-limit=50ms");
        var older = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await older.Give(s_body.AsMemory(0, MiB));
        await older.Taken();
        var stuck = _disk.Hold(DiskStep.KeepUpload);
        await older.Break();
        await stuck.Reached;

        (await TestUpload.There(node, "u", "a.bin")).Offset.ShouldBe(0);

        stuck.Release();
        await ResumedUploadTests.Eventually(() => node.Parts().Length == 0);
    }

    [Fact]
    public async Task Who_is_stuck_while_it_opens_an_upload_and_cannot_leaves_nothing()
    {
        await using var node = await Start("actorsock.files.takeover-limit=50ms");
        var broken = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await broken.Give(s_body.AsMemory(0, MiB));
        await broken.Break();
        using var stuck = _disk.Hold(DiskStep.ReopenUpload);
        _disk.FailOnce(DiskStep.ReopenUpload, StorageFault.Failed);
        var older = TestUpload.Whole(node, "u", "a.bin", s_body.Length, MiB);
        await stuck.Reached;

        (await TestUpload.There(node, "u", "a.bin")).Offset.ShouldBe(0);
        stuck.Release();
        await older.Ended;

        node.Parts().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_writer_of_a_part_that_is_stuck_holds_up_its_own_place_alone()
    {
        await using var node = await Start("actorsock.files.takeover-limit=50ms");
        var older = await TestUpload.Part(node, "u", "a.bin", s_body.Length, 0, MiB).Opened();
        var stuck = _disk.Hold(DiskStep.WritePart);
        await older.Give(Bodies.Of(MiB, seed: 5));
        await stuck.Reached;

        (await TestUpload.There(node, "u", "a.bin")).Parts.ShouldBe([]);
        var beside = await TestUpload.Part(node, "u", "a.bin", s_body.Length, MiB, MiB).Opened();
        await beside.Give(s_body.AsMemory(MiB, MiB));
        (await beside.Finish()).ShouldBeOfType<Verdict.Outcome.Kept>();
        var again = TestUpload.Part(node, "u", "a.bin", s_body.Length, 0, MiB);
        stuck.Release();

        (await older.Refused()).ShouldBe(Rejection.TakenOver);
        await again.Opened();
        await again.Give(s_body.AsMemory(0, MiB));
        (await again.Finish(Md5(s_body.AsSpan(0, MiB)))).ShouldBeOfType<Verdict.Outcome.Kept>();
    }

    [Fact]
    public async Task Who_asks_while_the_journal_has_it_hears_what_becomes_of_it()
    {
        await using var node = await Start("actorsock.files.takeover-limit=50ms");
        var upload = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await upload.Give(s_body);
        var stuck = _disk.Hold(DiskStep.PublishPart);
        var finish = upload.Finish(Md5(s_body));
        await stuck.Reached;

        var ask = TestUpload.Ask(node, "u", "a.bin");
        stuck.Release();

        (await ask).ShouldBeOfType<UploadsActor.Answer.Stored>();
        (await finish).ShouldBeOfType<Verdict.Outcome.Stored>();
    }

    [Fact]
    public async Task What_the_journal_refuses_is_kept_and_can_be_tried_again()
    {
        await using var node = await Start();
        var upload = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await upload.Give(s_body);
        _disk.FailOnce(DiskStep.PublishPart, StorageFault.Failed);
        (await upload.Finish(Md5(s_body))).ShouldBeOfType<Verdict.Outcome.Failed>();

        var there = await TestUpload.There(node, "u", "a.bin");
        there.Offset.ShouldBe(s_body.Length);
        there.Prefix.ShouldBe(Md5(s_body));
        var again = await TestUpload.Whole(node, "u", "a.bin", s_body.Length, s_body.Length).Opened();

        (await again.Finish(Md5(s_body))).ShouldBeOfType<Verdict.Outcome.Stored>();
        node.Stored()["a.bin"].ShouldBe(s_body);
    }

    [Fact]
    public async Task What_may_not_be_stored_because_there_is_such_a_file_is_kept_and_stored_under_another_rule()
    {
        await using var node = await Start();
        var second = await TestUpload.Whole(node, "v", "a.bin", s_body.Length, exists: ExistsRule.Refuse).Opened();
        await Store(node, "u", "a.bin");
        await second.Give(s_body);

        (await second.Finish()).ShouldBeOfType<Verdict.Outcome.Refused>().Refusal.Rejection.ShouldBe(Rejection.Exists);
        (await TestUpload.There(node, "v", "a.bin")).Offset.ShouldBe(s_body.Length);
        var third = await TestUpload.Whole(node, "v", "a.bin", s_body.Length, s_body.Length, exists: ExistsRule.KeepBoth).Opened();
        (await third.Finish(Md5(s_body))).ShouldBeOfType<Verdict.Outcome.Stored>().Name.Value.ShouldBe("a (2).bin");

        (await TestUpload.Ask(node, "v", "a.bin")).ShouldBeOfType<UploadsActor.Answer.Stored>().Upload.Name.Value.ShouldBe("a (2).bin");
        node.Stored()["a (2).bin"].ShouldBe(s_body);
        await ResumedUploadTests.Eventually(() => node.Parts().Length == 2);
    }

    [Fact]
    public async Task Parts_that_may_not_be_joined_because_there_is_such_a_file_are_kept_and_joined_under_another_rule()
    {
        await using var node = await Start();
        var part = await TestUpload.Part(node, "v", "a.bin", s_body.Length, 0, s_body.Length).Opened();
        await part.Give(s_body);
        (await part.Finish()).ShouldBeOfType<Verdict.Outcome.Kept>();
        using var late = _disk.Hold(DiskStep.SealUpload);
        var join = TestUpload.Join(node, "v", "a.bin", null, ExistsRule.Refuse);
        await late.Reached;
        await Store(node, "u", "a.bin");
        late.Release();

        (await join.Refused()).ShouldBe(Rejection.Exists);
        (await TestUpload.Join(node, "v", "a.bin", null, ExistsRule.Refuse).Refused()).ShouldBe(Rejection.Exists);
        (await TestUpload.There(node, "v", "a.bin")).Parts.ShouldNotBeNull().Count.ShouldBe(1);
        (await TestUpload.Join(node, "v", "a.bin", Md5(s_body), ExistsRule.KeepBoth).Settled())
            .ShouldBeOfType<Verdict.Outcome.Stored>().Name.Value.ShouldBe("a (2).bin");
        node.Stored()["a (2).bin"].ShouldBe(s_body);
    }

    private static async Task Store(TestNode node, string upload, string name)
    {
        var first = await TestUpload.Whole(node, upload, name, s_body.Length).Opened();
        await first.Give(s_body);
        (await first.Finish()).ShouldBeOfType<Verdict.Outcome.Stored>();
    }

    [Fact]
    public async Task A_part_file_that_somebody_has_taken_away_is_begun_anew()
    {
        await using var node = await Start();
        var upload = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await upload.Give(s_body.AsMemory(0, MiB));
        await upload.Break();
        (await TestUpload.There(node, "u", "a.bin")).Offset.ShouldBe(MiB);
        node.Parts().ToList().ForEach(File.Delete);

        var refused = (await TestUpload.Whole(node, "u", "a.bin", s_body.Length, MiB).Settled()).ShouldBeOfType<Verdict.Outcome.Refused>();

        (refused.Refusal.Rejection, refused.Offset).ShouldBe((Rejection.OffsetBeyond, 0));
        (await TestUpload.There(node, "u", "a.bin")).Offset.ShouldBe(0);
        await (await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened()).Break();
    }

    [Fact]
    public async Task What_nobody_goes_on_with_expires_and_so_does_what_was_stored()
    {
        await using var node = await Start("actorsock.files.keep-uploads=200ms");
        var broken = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await broken.Give(s_body.AsMemory(0, MiB));
        await broken.Break();
        var stored = await TestUpload.Whole(node, "v", "b.bin", s_body.Length).Opened();
        await stored.Give(s_body);
        (await stored.Finish()).ShouldBeOfType<Verdict.Outcome.Stored>();
        var part = await TestUpload.Part(node, "w", "c.bin", s_body.Length, 0, MiB).Opened();
        await part.Give(s_body.AsMemory(0, MiB));
        (await part.Finish()).ShouldBeOfType<Verdict.Outcome.Kept>();

        await ResumedUploadTests.Eventually(() => node.Parts().Length == 0);

        node.Node.Parts.Uploads.Entries.ShouldBeEmpty();
        node.Stored().Keys.ShouldBe(["b.bin"]);
        await node.Events.Until<ServerEvent.UploadExpired>(expired => expired.Upload == "u");
        await node.Events.Until<ServerEvent.UploadExpired>(expired => expired.Upload == "w");
        node.Events.Of<ServerEvent.UploadExpired>().Select(expired => (expired.Upload, expired.File, expired.Bytes, expired.Reason)).ShouldBe(
            [("u", "a.bin", MiB, "older than actorsock.files.keep-uploads"), ("w", "c.bin", MiB, "older than actorsock.files.keep-uploads")],
            ignoreOrder: true);
    }

    [Fact]
    public async Task An_upload_that_somebody_is_at_does_not_expire()
    {
        await using var node = await Start("actorsock.files.keep-uploads=50ms");
        var upload = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        var other = await TestUpload.Whole(node, "v", "b.bin", s_body.Length).Opened();
        await other.Break();
        await ResumedUploadTests.Eventually(() => node.Node.Parts.Uploads.Entries.Count == 1);

        await upload.Give(s_body);

        (await upload.Finish(Md5(s_body))).ShouldBeOfType<Verdict.Outcome.Stored>();
    }

    [Fact]
    public async Task Where_none_are_kept_nothing_is_left_of_a_broken_one()
    {
        await using var node = await Start("actorsock.files.keep-uploads=0s");
        var upload = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await upload.Give(s_body.AsMemory(0, MiB));
        await upload.Break();

        await ResumedUploadTests.Eventually(() => node.Parts().Length == 0);
        (await TestUpload.There(node, "u", "a.bin")).Offset.ShouldBe(0);
    }

    [Theory]
    [InlineData("actorsock.files.keep-uploads=0s", 0)]
    [InlineData("actorsock.files.kept-uploads-max=2", 2)]
    [InlineData("actorsock.files.kept-bytes-max=1MiB", 1)]
    public async Task A_node_that_starts_with_less_removes_what_is_too_much(string setting, int left)
    {
        var folder = Directory.CreateTempSubdirectory("as-").FullName;
        await using (var before = await TestNode.Start(folder, store: null))
        {
            foreach (var upload in (string[])["1", "2", "3"])
            {
                var broken = await TestUpload.Whole(before, upload, "a.bin", s_body.Length).Opened();
                await broken.Give(s_body.AsMemory(0, MiB));
                await broken.Break();
                await ResumedUploadTests.Eventually(() => before.Node.Parts.Uploads.Entries[new("", upload)].IsIdle);
            }
        }

        await using (var node = await TestNode.Start(folder, store: null, setting))
        {
            await ResumedUploadTests.Eventually(() => node.Parts().Length == 2 * left);
            node.Node.Parts.Uploads.Entries.Keys.Select(key => key.Upload).Order().ShouldBe(((string[])["1", "2", "3"])[^left..]);
            await node.Events.UntilCount<ServerEvent.UploadExpired>(3 - left);
            node.Events.Of<ServerEvent.UploadExpired>().Select(expired => expired.Upload).Order().ShouldBe(((string[])["1", "2", "3"])[..^left]);
        }
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("actorsock.files.kept-uploads-max=2")]
    [InlineData("actorsock.files.kept-bytes-max=2MiB")]
    public async Task What_one_client_leaves_behind_is_bounded_and_the_oldest_goes(string setting)
    {
        await using var node = await Start(setting);
        foreach (var (upload, client) in ((string, string)[])[("1", "me"), ("2", "me"), ("1", "them"), ("3", "me")])
        {
            var broken = await TestUpload.Whole(node, upload, "a.bin", s_body.Length, client: client).Opened();
            await broken.Give(s_body.AsMemory(0, MiB));
            await broken.Break();
            await ResumedUploadTests.Eventually(() => !node.Node.Parts.Uploads.Entries.TryGetValue(new UploadKey(client, upload), out var entry) || entry.IsIdle);
        }

        var left = node.Node.Parts.Uploads.Entries.Keys.ToList();

        left.ShouldBe([new("me", "2"), new("them", "1"), new("me", "3")], ignoreOrder: true);
        await ResumedUploadTests.Eventually(() => node.Parts().Length == 6);
    }

    [Fact]
    public async Task After_a_failure_of_the_one_who_knows_them_all_uploads_go_on()
    {
        await using var node = await Start();
        var under = await TestUpload.Whole(node, "u", "a.bin", s_body.Length).Opened();
        await under.Give(s_body.AsMemory(0, MiB));
        await under.Taken();
        var broken = await TestUpload.Whole(node, "v", "b.bin", s_body.Length).Opened();
        await broken.Give(s_body.AsMemory(0, MiB));
        await broken.Break();

        node.Node.Parts.Uploads.Actor.Tell(new UploadsActor.Command.Kept(null!, 0, default), ActorRefs.NoSender);
        var restarted = await node.Events.Until<ServerEvent.Restarted>();

        restarted.Path.ShouldBe("/user/server/uploads");
        (await TestUpload.There(node, "v", "b.bin")).Offset.ShouldBe(MiB);
        (await TestUpload.There(node, "u", "a.bin")).Offset.ShouldBe(MiB, "it knows who is at it, and takes it over");
        (await under.Refused()).ShouldBe(Rejection.TakenOver);
    }

    [Fact]
    public async Task A_claim_that_makes_it_fail_is_refused()
    {
        await using var node = await Start();
        var claim = new UploadsActor.Command.Claim(new UploadKey("", "u"), UploadUse.Whole, Order: null!, 0, 0);

        var answer = await node.Node.Parts.Uploads.Actor.Ask<UploadsActor.Grant>(claim, TimeSpan.FromSeconds(30));

        answer.ShouldBeOfType<UploadsActor.Grant.Refused>().Refusal.Rejection.ShouldBe(Rejection.Crashed);
    }

    [Fact]
    public async Task A_join_reads_with_few_blocks_and_gives_them_back()
    {
        await using var node = await Start("actorsock.memory.blocks-max=64KiB", "actorsock.memory.block-bytes=16KiB");
        for (var at = 0; at < s_body.Length; at += MiB)
        {
            var bytes = s_body.AsMemory(at, Math.Min(MiB, s_body.Length - at));
            var part = await TestUpload.Part(node, "u", "a.bin", s_body.Length, at, bytes.Length).Opened();
            for (var given = 0; given < bytes.Length; given += 16 * KiB)
            {
                await part.Give(bytes.Slice(given, Math.Min(16 * KiB, bytes.Length - given)));
                await part.Taken();
            }
            (await part.Finish()).ShouldBeOfType<Verdict.Outcome.Kept>();
        }

        (await TestUpload.Join(node, "u", "a.bin", Md5(s_body)).Settled()).ShouldBeOfType<Verdict.Outcome.Stored>();

        node.Stored()["a.bin"].ShouldBe(s_body);
        node.Node.Parts.Blocks.BlocksOut.ShouldBe(0);
    }

    private Task<TestNode> Start(params string[] settings) => TestNode.Start(null, _disk.Around, settings);

    private static UploadEntry Entry(TestNode node) => node.Node.Parts.Uploads.Entries[new UploadKey("", "u")];

    private static void CopyStaging(TestNode node, string folder)
    {
        var staging = Path.Combine(folder, "inbox", ".actorsock", "staging");
        Directory.CreateDirectory(staging);
        // The states first: what they say was durable before.
        foreach (var path in node.Parts().OrderByDescending(path => path.EndsWith(".state", StringComparison.Ordinal)))
            File.Copy(path, Path.Combine(staging, Path.GetFileName(path)));
    }
}
