using System.Security.Cryptography;
using ActorSock.Journal;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Tests.Uploads;

/// <summary>Parts whose writers do not let go, because the disk does not answer, and those who come to their places.</summary>
public sealed class PartTakeoverTests
{
    private const int MiB = 1024 * 1024;

    private static readonly byte[] s_body = Bodies.Of(3 * MiB + 777);

    private readonly DiskScript _disk = new();

    [Fact]
    public async Task Who_waits_for_a_stuck_place_holds_up_no_other_part()
    {
        await using var node = await Start();
        using var stuck = _disk.Hold(DiskStep.WritePart);
        var older = await StuckAt(node, stuck);

        var again = await Waiting(node, Part(node, 0));
        await Put(node, 1);
        await Put(node, 2);

        stuck.Release();
        (await older.Refused()).ShouldBe(Rejection.TakenOver);
        await Put(await again.Opened(), 0);
    }

    [Fact]
    public async Task Of_those_who_wait_for_one_place_only_the_newest_gets_it()
    {
        await using var node = await Start();
        using var stuck = _disk.Hold(DiskStep.WritePart);
        var older = await StuckAt(node, stuck);

        var waiting = await Waiting(node, Part(node, 0));
        var newest = Part(node, 0);

        (await waiting.Refused()).ShouldBe(Rejection.TakenOver);
        stuck.Release();
        (await older.Refused()).ShouldBe(Rejection.TakenOver);
        await Put(await newest.Opened(), 0);
    }

    [Fact]
    public async Task A_join_that_waits_for_parts_is_taken_over_by_a_newer_part()
    {
        await using var node = await Start();
        using var stuck = _disk.Hold(DiskStep.WritePart);
        var older = await StuckAt(node, stuck);

        var join = await Waiting(node, TestUpload.Join(node, "u", "a.bin", null));
        var newer = Part(node, 1);

        (await join.Refused()).ShouldBe(Rejection.TakenOver);
        await Put(await newer.Opened(), 1);
        stuck.Release();
        (await older.Refused()).ShouldBe(Rejection.TakenOver);
    }

    [Fact]
    public async Task A_place_that_is_taken_from_who_is_stuck_costs_those_beside_it_nothing()
    {
        await using var node = await Start("actorsock.files.takeover-limit=50ms");
        using var stuck = _disk.Hold(DiskStep.WritePart);
        var older = await StuckAt(node, stuck);
        var beside = await Part(node, 1).Opened();
        var again = Part(node, 0);
        await ResumedUploadTests.Eventually(() => Entry(node).Stuck.Count == 1);

        Entry(node).Claims.ShouldHaveSingleItem().Offset.ShouldBe(MiB, "it was asked by nobody to go");
        await Put(beside, 1);
        stuck.Release();
        (await older.Refused()).ShouldBe(Rejection.TakenOver);
        await Put(await again.Opened(), 0);
    }

    [Fact]
    public async Task Who_makes_the_files_for_too_long_has_lost_them_and_they_go()
    {
        await using var node = await Start("actorsock.files.takeover-limit=50ms");
        using var stuck = _disk.Hold(DiskStep.BeginUpload);
        var first = Part(node, 0);
        await stuck.Reached;

        await Put(node, 1);
        stuck.Release();

        (await first.Refused()).ShouldBe(Rejection.TakenOver);
        await first.Ended;
        (await TestUpload.There(node, "u", "a.bin")).Parts.ShouldNotBeNull().ShouldHaveSingleItem().OffsetBytes.ShouldBe(MiB);
        node.Parts().Length.ShouldBe(2);
    }

    [Fact]
    public async Task Who_has_lost_a_place_keeps_nothing_there()
    {
        await using var node = await Start("actorsock.files.takeover-limit=50ms");
        var older = await Part(node, 0).Opened();
        await older.Give(Bodies.Of(MiB, seed: 5));
        using var stuck = _disk.Hold(DiskStep.SyncPart);
        var finish = older.Finish();
        await stuck.Reached;
        var again = Part(node, 0);
        await ResumedUploadTests.Eventually(() => Entry(node).Stuck.Count == 1);

        stuck.Release();

        (await finish).ShouldBeOfType<Verdict.Outcome.Refused>().Refusal.Rejection.ShouldBe(Rejection.TakenOver);
        await Put(await again.Opened(), 0);
    }

    [Fact]
    public async Task A_stuck_join_costs_no_part_and_another_follows_it()
    {
        await using var node = await Start("actorsock.files.takeover-limit=50ms");
        for (var i = 0; i < 4; i++)
            await Put(node, i);
        using var stuck = _disk.Hold(DiskStep.SealUpload);
        var older = TestUpload.Join(node, "u", "a.bin", null);
        await stuck.Reached;

        (await TestUpload.There(node, "u", "a.bin")).Parts.ShouldNotBeNull().Count.ShouldBe(4);
        await Put(node, 2);
        var newer = await Waiting(node, TestUpload.Join(node, "u", "a.bin", null));
        stuck.Release();

        (await older.Refused()).ShouldBe(Rejection.TakenOver);
        (await newer.Settled()).ShouldBeOfType<Verdict.Outcome.Stored>();
        node.Stored()["a.bin"].ShouldBe(s_body);
    }

    private Task<TestNode> Start(params string[] settings) => TestNode.Start(null, _disk.Around, settings);

    private static UploadEntry Entry(TestNode node) => node.Node.Parts.Uploads.Entries[new("", "u")];

    private static async Task<TestUpload> StuckAt(TestNode node, HeldStep stuck)
    {
        var older = await Part(node, 0).Opened();
        await older.Give(Bodies.Of(MiB, seed: 5));
        await stuck.Reached;
        return older;
    }

    private static async Task<TestUpload> Waiting(TestNode node, TestUpload who)
    {
        await ResumedUploadTests.Eventually(() => Entry(node).Waiting.Count == 1);
        return who;
    }

    private static TestUpload Part(TestNode node, int index) =>
        TestUpload.Part(node, "u", "a.bin", s_body.Length, index * MiB, BytesOf(index).Length);

    private static async Task Put(TestNode node, int index) => await Put(await Part(node, index).Opened(), index);

    private static async Task Put(TestUpload opened, int index)
    {
        await opened.Give(BytesOf(index));
        var digest = ContentDigest.FromBytes(DigestKind.Md5, MD5.HashData(BytesOf(index).Span));
        (await opened.Finish(digest)).ShouldBe(new Verdict.Outcome.Kept(new PartEntry(index * MiB, BytesOf(index).Length, digest)));
    }

    private static ReadOnlyMemory<byte> BytesOf(int index) => s_body.AsMemory(index * MiB, Math.Min(MiB, s_body.Length - (index * MiB)));
}
