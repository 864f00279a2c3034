using System.Security.Cryptography;
using ActorSock.Blocks;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Tests.Journal;

/// <summary>Commits in groups: what they share, and what a failure costs whom.</summary>
public sealed partial class JournalActorTests : TestKit
{
    private const int KiB = 1024;

    private static readonly string[] s_settings = ["actorsock.journal.log-bytes=1MiB", "actorsock.journal.checkpoint-interval=1h"];

    private readonly DiskScript _disk = new();

    [Fact]
    public async Task What_waits_when_a_group_ends_shares_one_flush()
    {
        await using var node = await Start(s_settings);
        var held = _disk.Hold(DiskStep.LogSync);
        var first = Commit(node, "first");
        await held.Reached;
        var flushes = _disk.Count(DiskStep.LogSync);

        var waiting = Enumerable.Range(0, 40).Select(i => Commit(node, $"{i}")).ToList();
        held.Release();
        await Settled(41);

        _disk.Count(DiskStep.LogSync).ShouldBe(flushes + 1);
        waiting.Append(first).ShouldAllBe(verdict => verdict.Said is Verdict.Outcome.Stored);
        node.Stored().Count.ShouldBe(41);
        Records(node).Count.ShouldBe(41);
    }

    [Fact]
    public async Task A_group_that_fails_to_publish_one_takes_it_back_in_the_log_before_it_acknowledges_the_others()
    {
        await using var node = await Start(s_settings);
        var held = _disk.Hold(DiskStep.LogSync);
        var first = Commit(node, "first");
        await held.Reached;
        _disk.FailOnce(DiskStep.Store, StorageFault.NameTaken, "b");
        var group = new[] { Commit(node, "a"), Commit(node, "b"), Commit(node, "c") };
        var stored = -1;
        _disk.At(DiskStep.LogSync, () => stored = group.Count(verdict => verdict.Said is Verdict.Outcome.Stored));

        var steps = _disk.Steps.Count;
        held.Release();
        await Settled(4);

        _disk.Steps.Skip(steps).Select(each => $"{each.Step} {each.Name}").ShouldBe([
            "Store first", "LogWrite published",
            "LogWrite log-0", "LogSync log-0", "Store a", "Store b", "Store c", "LogWrite log-0", "LogSync log-0", "LogWrite published"]);
        stored.ShouldBe(0, "at the flush behind it nobody had been told");
        group.Select(verdict => verdict.Said!.GetType().Name).ShouldBe(["Stored", "Failed", "Stored"]);
        first.Said.ShouldBeOfType<Verdict.Outcome.Stored>();
        node.Stored().Keys.ShouldBe(["first", "a", "c"], ignoreOrder: true);
        Records(node).ShouldBe(["first", "a", "c"]);
        node.Events.Of<ServerEvent.Restarted>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_publish_that_fails_in_a_full_log_still_costs_nobody_else()
    {
        await using var node = await Start("actorsock.journal.log-bytes=256KiB", "actorsock.journal.checkpoint-interval=1h");
        var held = _disk.Hold(DiskStep.LogSync);
        Commit(node, "first");
        await held.Reached;
        _disk.FailOnce(DiskStep.Store, StorageFault.NameTaken, "2");

        // The log has 63 pages: one went to the first, and 13 x 4 + 2 x 5 are all the rest.
        var group = Enumerable.Range(0, 15).Select(i => Commit(node, $"{i}", i < 2 ? 19 * KiB : 16 * KiB - 200)).ToList();
        held.Release();
        await Settled(16);

        group.Count(verdict => verdict.Said is Verdict.Outcome.Stored).ShouldBe(14);
        group[2].Said.ShouldBeOfType<Verdict.Outcome.Failed>();
        node.Events.Of<ServerEvent.Restarted>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_flush_that_fails_refuses_its_group_and_the_next_commit_works()
    {
        await using var node = await Start(s_settings);
        var held = _disk.Hold(DiskStep.LogWrite, "log-0");
        var first = Commit(node, "first");
        await held.Reached;
        var group = new[] { Commit(node, "a"), Commit(node, "b") };

        _disk.FailOnce(DiskStep.LogSync, StorageFault.Failed);
        held.Release();
        await Settled(3);
        var next = Commit(node, "next");
        await Settled(1);

        first.Said.ShouldBeOfType<Verdict.Outcome.Failed>();
        group.ShouldAllBe(verdict => verdict.Said is Verdict.Outcome.Stored, "they had not been begun");
        next.Said.ShouldBeOfType<Verdict.Outcome.Stored>();
        node.Events.Of<ServerEvent.Restarted>().Select(e => e.Path).ShouldBe(["/user/server/journal"]);
        Records(node).Except(["first"]).ShouldBe(["a", "b", "next"]); // the first may have got to the disk
    }

    [Theory]
    [InlineData(DiskStep.LogWrite)]
    [InlineData(DiskStep.LogSync)]
    [InlineData(DiskStep.SyncFolder)]
    public async Task Of_a_large_upload_in_a_group_that_failed_no_part_file_is_left(DiskStep step)
    {
        await using var node = await Start(s_settings);
        using var client = await node.Connect();
        var body = Bodies.Of(300_000);

        _disk.FailOnce(step, StorageFault.Failed);
        (await client.Put("refused.bin", body)).ShouldBe("500");
        (await client.Put("next.bin", body)).ShouldBe("203");

        await node.NothingIsLeft();
        node.Stored()["next.bin"].ShouldBe(body);
    }

    [Fact]
    public async Task A_log_that_cannot_be_opened_refuses_headers_and_heals_by_itself()
    {
        await using var node = await Start(s_settings);
        using var client = await node.Connect();
        using var bare = await node.Connect();
        var opened = _disk.Count(DiskStep.OpenLog);
        _disk.Fail(DiskStep.OpenLog, StorageFault.Failed);

        node.Node.System.ActorSelection("/user/server/journal").Tell(Kill.Instance, ActorRefs.NoSender);
        await node.Events.Until<ServerEvent.JournalFailed>();

        (await client.Put("a.bin", [1, 2, 3])).ShouldBe("500");
        await bare.Send("""{"action":"put","filename":"b.bin","filesize":3}""");
        (await bare.Read(3)).ShouldBe("500");
        node.Events.Of<ServerEvent.Refused>().ShouldAllBe(e => e.Rejection == "NotStored" && e.Detail == "told to fail" && e.Upload == null);
        await node.Events.UntilCount<ServerEvent.JournalFailed>(2);

        _disk.Mend();
        await Bodies.Until("the journal is open again", () => node.Node.Parts.Journal.ClosedBecause is null);
        (await client.Put("a.bin", [1, 2, 3])).ShouldBe("203");
        var tries = _disk.Count(DiskStep.OpenLog) - opened - 3; // the last one opened all three files
        node.Events.Of<ServerEvent.JournalFailed>().Count().ShouldBe(tries);
    }

    [Fact]
    public async Task A_commit_on_its_way_to_a_journal_that_is_closed_is_refused()
    {
        await using var node = await Start(s_settings);
        using var client = await node.Connect();
        var (large, small) = (Bodies.Of(300_000), Bodies.Of(300));
        await client.Send(WireClient.Header("large.bin", large.Length), large);
        (await client.Read(2)).ShouldBe("OK");
        using var other = await node.Connect();
        await other.Send(WireClient.Header("small.bin", small.Length), small);
        (await other.Read(2)).ShouldBe("OK");

        _disk.Fail(DiskStep.OpenLog, StorageFault.Failed);
        node.Node.System.ActorSelection("/user/server/journal").Tell(Kill.Instance, ActorRefs.NoSender);
        await node.Events.Until<ServerEvent.JournalFailed>();
        await client.Send(WireClient.Digits(large));
        await other.Send(WireClient.Digits(small));

        (await client.Read(3)).ShouldBe("500");
        (await other.Read(3)).ShouldBe("500");
        await node.NothingIsLeft();
        node.Stored().ShouldBeEmpty();
        _disk.Mend();
    }

    [Fact]
    public async Task While_a_checkpoint_is_slow_and_the_log_full_commits_wait_and_nobody_is_refused()
    {
        await using var node = await Start("actorsock.journal.log-bytes=256KiB", "actorsock.journal.checkpoint-interval=1h");
        var held = _disk.Hold(DiskStep.SyncAll);

        var commits = Enumerable.Range(0, 60).Select(i => Commit(node, $"{i}", 16 * KiB)).ToList();
        await held.Reached;
        await Bodies.Until("commits wait for room in the log", async () => await JournalNote(node) is var note && !note.EndsWith(" 0 waiting"));
        commits.Count(verdict => verdict.Said is Verdict.Outcome.Stored).ShouldBeInRange(1, 40);
        commits.ShouldAllBe(verdict => verdict.Said == null || verdict.Said is Verdict.Outcome.Stored);

        held.Release();
        await Settled(60);
        commits.ShouldAllBe(verdict => verdict.Said is Verdict.Outcome.Stored);
        Records(node).Count.ShouldBe(60);
        node.Events.Of<ServerEvent.Restarted>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_checkpoint_that_fails_begins_the_journal_anew_and_loses_nothing()
    {
        await using var node = await Start(
            "actorsock.journal.log-bytes=256KiB", "actorsock.journal.checkpoint-interval=1h", "actorsock.journal.file-bytes-max=1KiB");
        _disk.FailOnce(DiskStep.SyncAll, StorageFault.Failed);

        var commits = Enumerable.Range(0, 60).Select(i => Commit(node, $"{i}", 16 * KiB)).ToList();
        await Settled(60);
        await node.Events.Until<ServerEvent.Restarted>(e => e.Path == "/user/server/journal");

        var records = Records(node);
        foreach (var (verdict, i) in commits.Select((verdict, i) => (verdict, i)).Where(one => one.verdict.Said is Verdict.Outcome.Stored))
            records.ShouldContain($"{i}");
        records.ShouldBeUnique();
        node.Events.Of<ServerEvent.CommitLost>().ShouldBeEmpty();
        node.Events.Of<ServerEvent.JournalRecovered>().Single().Rewritten.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_sync_that_fails_at_the_end_of_a_node_is_not_believed_by_the_next()
    {
        await using var node = await Start(s_settings);
        _ = Enumerable.Range(0, 3).Select(i => Commit(node, $"{i}")).ToList();
        await Settled(3);

        _disk.FailOnce(DiskStep.SyncAll, StorageFault.Failed);
        await node.Node.Drain("test");
        await using var next = await TestNode.Start(node.Folder, null, s_settings);

        node.Events.Of<ServerEvent.JournalFailed>().Single().Reason.ShouldContain("told to fail");
        next.Events.Of<ServerEvent.JournalRecovered>().Select(e => (e.Commits, e.Rewritten, e.Lost)).ShouldBe([(3, 3, 0)]);
        Records(next).ShouldBe(["0", "1", "2"]);
    }

    [Fact]
    public async Task A_sync_that_fails_while_the_journal_is_opened_is_not_believed_by_the_next_try()
    {
        await using var node = await Start(s_settings);
        var held = _disk.Hold(DiskStep.LogWrite, "published");
        var first = Commit(node, "first");
        await held.Reached;
        _disk.FailOnce(DiskStep.LogWrite, StorageFault.Failed, "published"); // hits the next
        held.Release();
        await Settled(1);

        _disk.FailOnce(DiskStep.SyncAll, StorageFault.Failed);
        var second = Commit(node, "second");
        await Settled(1);
        await node.Events.Until<ServerEvent.JournalFailed>();
        await node.Events.Until<ServerEvent.JournalRecovered>();

        first.Said.ShouldBeOfType<Verdict.Outcome.Stored>();
        second.Said.ShouldBeOfType<Verdict.Outcome.Failed>();
        node.Events.Of<ServerEvent.JournalRecovered>().Single().Rewritten.ShouldBe(2);
        Records(node).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task A_small_upload_that_would_take_what_is_to_stay_free_is_refused()
    {
        await using var node = await Start([.. s_settings, "actorsock.files.free-bytes-min=1PiB"]);
        using var client = await node.Connect();

        (await client.Put("a.bin", [1])).ShouldBe("507");
        (await client.Put("empty.bin", [])).ShouldBe("203");

        node.Events.Of<ServerEvent.Refused>().Single().Detail.ShouldBe("it takes 1 more bytes and the disk has 0 to give, above those that stay free");
        node.Stored().Keys.ShouldBe(["empty.bin"]);
        Records(node).ShouldBe(["empty.bin"]);
    }

    [Fact]
    public async Task A_name_that_the_file_system_does_not_take_is_refused_and_keeps_no_journal_closed_that_failed_meanwhile()
    {
        await using var node = await Start(s_settings);
        using var client = await node.Connect();
        _disk.At(DiskStep.Store, () => throw Errno.ENAMETOOLONG.Refuses("cannot store"), "long", once: true);

        (await client.Put("long", [1])).ShouldBe("403");
        _disk.At(DiskStep.Store, () => _disk.FailOnce(DiskStep.LogWrite, StorageFault.Failed, "log-0"), "long", once: true); // would take it back
        _disk.At(DiskStep.Store, () => throw Errno.ENAMETOOLONG.Refuses("cannot store"), "long");
        (await client.Put("long", [1])).ShouldBe("500");
        (await client.Put("next", [2])).ShouldBe("203");

        node.Stored().Keys.ShouldBe(["next"]);
        Records(node).ShouldBe(["next"]);
    }

    [Fact]
    public async Task A_folder_that_could_not_be_made_durable_is_not_believed_by_the_next_sync()
    {
        await using var node = await Start(s_settings);
        using var client = await node.Connect();
        (await client.Put("small.bin", [1])).ShouldBe("203");

        _disk.FailOnce(DiskStep.SyncFolder, StorageFault.Failed);
        (await client.Put("large.bin", Bodies.Of(300_000))).ShouldBe("500");
        await node.Events.Until<ServerEvent.JournalRecovered>();

        node.Events.Of<ServerEvent.JournalRecovered>().Select(e => (e.Commits, e.Rewritten, e.Lost)).ShouldBe([(2, 1, 0)]);
        Records(node).ShouldBe(["small.bin", "large.bin"]);
    }

    [Fact]
    public async Task A_checkpoint_that_ends_while_the_journal_begins_anew_fails_nothing_more()
    {
        await using var node = await Start("actorsock.journal.log-bytes=256KiB", "actorsock.journal.checkpoint-interval=1h");
        var held = _disk.Hold(DiskStep.SyncAll);
        var commits = Enumerable.Range(0, 20).Select(i => Commit(node, $"{i}", 16 * KiB)).ToList();
        await held.Reached;
        await Settled(20);
        node.Node.Parts.Journal.Disk!.Journal.Dispose(); // as a write that failed leaves it

        var refused = Commit(node, "refused");
        await Settled(1);
        held.Release();
        var next = Commit(node, "next");
        await Settled(1);

        commits.ShouldAllBe(verdict => verdict.Said is Verdict.Outcome.Stored);
        refused.Said.ShouldBeOfType<Verdict.Outcome.Failed>();
        next.Said.ShouldBeOfType<Verdict.Outcome.Stored>();
        node.Events.Of<ServerEvent.Restarted>().Select(e => e.Path).ShouldBe(["/user/server/journal"]);
        Records(node).Except(["refused"]).Count().ShouldBe(21);
    }

    [Fact]
    public async Task A_connection_that_restarts_during_a_commit_acknowledges_it()
    {
        await using var node = await Start(s_settings);
        using var client = await node.Connect();
        var held = _disk.Hold(DiskStep.Store);
        var put = client.Put("a.bin", [1, 2, 3]);
        await held.Reached;

        node.Node.System.ActorSelection("/user/server/connections/c-000001").Tell(Kill.Instance, ActorRefs.NoSender);
        await node.Events.Until<ServerEvent.Restarted>();
        held.Release();

        (await put).ShouldBe("203");
        (await client.Put("b.bin", [4])).ShouldBe("203");
        await node.Events.Until<ServerEvent.Stored>(e => e.File == "b.bin");
        node.Events.Of<ServerEvent.Stored>().Select(e => (e.Upload, e.File)).ShouldBe([("writer-1", "a.bin"), ("writer-2", "b.bin")]);
        node.Events.Of<ServerEvent.Refused>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_that_restarts_during_a_commit_that_fails_refuses_it()
    {
        await using var node = await Start(s_settings);
        using var client = await node.Connect();
        var held = _disk.Hold(DiskStep.PublishPart);
        _disk.FailOnce(DiskStep.PublishPart, StorageFault.NameTaken);
        var put = client.Put("a.bin", Bodies.Of(300_000));
        await held.Reached;

        node.Node.System.ActorSelection("/user/server/connections/c-000001").Tell(Kill.Instance, ActorRefs.NoSender);
        await node.Events.Until<ServerEvent.Restarted>();
        held.Release();

        (await put).ShouldBe("409");
        (await client.Put("b.bin", [4])).ShouldBe("203");
        await node.NothingIsLeft();
    }

    [Theory]
    [InlineData(DiskStep.Store, 100)]
    [InlineData(DiskStep.PublishPart, 300_000)]
    public async Task A_connection_that_a_drain_cuts_during_a_commit_leaves_a_whole_file(DiskStep step, int bytes)
    {
        await using var node = await Start([.. s_settings, "actorsock.drain.limit=50ms"]);
        using var client = await node.Connect();
        var held = _disk.Hold(step);
        var body = Bodies.Of(bytes);
        await client.Send(WireClient.Header("a.bin", body.Length), body, WireClient.Digits(body));
        await held.Reached;

        var drained = node.Node.Drain("test");
        var closed = await node.UntilClosed("c-000001");
        held.Release();
        await drained;

        closed.Reason.ShouldBe("ended during a commit");
        (await client.ReadToEnd()).ShouldBe("OK");
        node.Events.Of<ServerEvent.Refused>().ShouldBeEmpty();
        node.Stored()["a.bin"].ShouldBe(body);
        Records(node).ShouldBe(["a.bin"]);
        node.Parts().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_drain_waits_for_all_commits_under_way()
    {
        await using var node = await Start(s_settings);
        var held = _disk.Hold(DiskStep.LogSync);
        var first = Commit(node, "first");
        await held.Reached;
        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => node.Connect()));
        var puts = clients.Select((client, i) => client.Put($"{i}.bin", Bodies.Of(1000 + i * 20_000, i))).ToList();
        await node.Events.UntilCount<ServerEvent.UploadStarted>(20);

        var drained = node.Node.Drain("test");
        await node.Events.Until<ServerEvent.NodeDraining>();
        held.Release();

        (await Task.WhenAll(puts)).ShouldAllBe(verdict => verdict == "203");
        foreach (var client in clients)
            client.Dispose();
        await drained;
        first.Said.ShouldBeOfType<Verdict.Outcome.Stored>();
        node.Stored().Count.ShouldBe(21);
        Records(node).Count.ShouldBe(21);
    }

    [Fact]
    public async Task A_journal_that_fails_while_the_node_ends_finishes_what_waits()
    {
        await using var node = await Start(s_settings);
        var held = _disk.Hold(DiskStep.LogWrite, "log-0");
        var first = Commit(node, "first");
        await held.Reached;
        var waiting = Enumerable.Range(0, 10).Select(i => Commit(node, $"{i}")).ToList();
        _disk.FailOnce(DiskStep.LogSync, StorageFault.Failed);

        var drained = node.Node.Drain("test");
        await Bodies.Until("lanes have ended", async () => await IsGone(node, "lanes-0"));
        held.Release();
        await drained;

        first.Said.ShouldBeOfType<Verdict.Outcome.Failed>();
        waiting.ShouldAllBe(verdict => verdict.Said is Verdict.Outcome.Stored);
        node.Stored().Keys.Except(["first"]).Count().ShouldBe(10);
    }

    [Fact]
    public async Task The_outcome_names_the_file_its_digest_and_its_line_of_the_journal()
    {
        await using var node = await Start(s_settings);
        var verdicts = Enumerable.Range(0, 5).Select(i => Commit(node, $"a/{i}", 100 + i)).ToList();
        await Settled(5);

        var records = new List<JournalRecord>();
        JournalVerifier.Verify(JournalReader.FolderOf(node.Root), records.Add).Fault.ShouldBeNull();

        verdicts.Select(verdict => verdict.Said.ShouldBeOfType<Verdict.Outcome.Stored>())
            .Select(stored => (stored.Name.Value, stored.Bytes, stored.Digest, stored.Receipt, stored.Sha256))
            .ShouldBe(records.Select(record =>
                (record.Name, record.Size, (Md5Digest?)record.Digest, new JournalReceipt(record.Sequence, record.Hash), (ContentDigest?)null)));
    }

    [Fact]
    public async Task Who_asks_hears_that_a_body_is_verified_before_it_is_stored()
    {
        await using var node = await Start(s_settings);
        var body = RandomNumberGenerator.GetBytes(1000);
        var right = new FileWriterActor.Promise.Digest(Md5Digest.FromBytes(MD5.HashData(body)));
        var wrong = new FileWriterActor.Promise.Digest(Md5Digest.FromBytes(MD5.HashData("another"u8)));

        var verdict = Commit(node, "a", body, right, tellsVerified: true);
        (await ExpectMsgAsync<JournalActor.Verified>()).Verdict.ShouldBeSameAs(verdict);
        (await ExpectMsgAsync<JournalActor.Settled>()).Verdict.ShouldBeSameAs(verdict);
        verdict.Said.ShouldBeOfType<Verdict.Outcome.Stored>();

        Commit(node, "b", body, wrong, tellsVerified: true);
        (await ExpectMsgAsync<JournalActor.Settled>()).Verdict.Said.ShouldBeOfType<Verdict.Outcome.Differs>();
        Commit(node, "c", body, right);
        (await ExpectMsgAsync<JournalActor.Settled>()).Verdict.Said.ShouldBeOfType<Verdict.Outcome.Stored>();
    }

    [Fact]
    public async Task A_body_may_be_promised_by_its_other_digest()
    {
        await using var node = await Start(s_settings);
        var body = RandomNumberGenerator.GetBytes(1000);
        var sha256 = ContentDigest.FromBytes(DigestKind.Sha256, SHA256.HashData(body));
        var other = ContentDigest.FromBytes(DigestKind.Sha256, SHA256.HashData("another"u8));

        var right = Commit(node, "a", body, new FileWriterActor.Promise.Digest(sha256));
        var wrong = Commit(node, "b", body, new FileWriterActor.Promise.Digest(other));
        await Settled(2);

        var stored = right.Said.ShouldBeOfType<Verdict.Outcome.Stored>();
        (stored.Digest, stored.Sha256).ShouldBe((Md5Digest.FromBytes(MD5.HashData(body)), sha256));
        wrong.Said.ShouldBe(new Verdict.Outcome.Differs(sha256, other));
        Records(node).ShouldBe(["a"]);
    }

    private Task<TestNode> Start(params string[] settings) => TestNode.Start(null, _disk.Around, settings);

    /// <summary>Gives a body to the journal, as the writer of a small upload does; the test's actor hears of the outcome.</summary>
    private Verdict Commit(TestNode node, string name, int bytes = 10) =>
        Commit(node, name, RandomNumberGenerator.GetBytes(bytes), FileWriterActor.Promise.None.Instance);

    private Verdict Commit(TestNode node, string name, byte[] bytes, FileWriterActor.Promise promise, bool tellsVerified = false,
        ExistsRule exists = ExistsRule.Replace)
    {
        var (verdict, window, body) = (new Verdict(), new BlockWindow(), node.Node.Parts.Blocks.TryRent(bytes.Length, name)!);
        body.Length = bytes.Length;
        bytes.CopyTo(body.Memory);
        window.Add(body);
        window.TryHold(body);
        node.Node.Parts.Journal.Journal.Tell(
            new Commit.Whole(Commits.Name(name), "test", promise, verdict, TestActor, body, window)
            {
                TellsVerified = tellsVerified, Exists = exists,
            }, TestActor);
        return verdict;
    }

    private async Task Settled(int count)
    {
        for (; count > 0; count--)
            await ExpectMsgAsync<JournalActor.Settled>(TimeSpan.FromSeconds(30));
    }

    /// <summary>The names in the journal, which is whole.</summary>
    private static List<string> Records(TestNode node)
    {
        var names = new List<string>();
        JournalVerifier.Verify(JournalReader.FolderOf(node.Root), record => names.Add(record.Name)).Fault.ShouldBeNull();
        return names;
    }

    private static async Task<string> JournalNote(TestNode node) =>
        (await node.Node.Tree()).Children.Single(child => child.Name == "journal").Note;

    private static async Task<bool> IsGone(TestNode node, string room) =>
        (await node.Node.Tree()).Children.All(child => child.Name != room || child.Type == "busy");
}
