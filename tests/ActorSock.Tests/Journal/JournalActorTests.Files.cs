using System.Security.Cryptography;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;
using ActorSock.Tests.Files;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Tests.Journal;

/// <summary>Commits that depend on what is there, and those that take something away.</summary>
public sealed partial class JournalActorTests
{
    [Fact]
    public async Task A_deleted_file_is_gone_and_the_journal_says_so()
    {
        await using var node = await Start(s_settings);
        var body = RandomNumberGenerator.GetBytes(100);
        await Done(node, Put(node, "a/b", body));

        var removed = await Done(node, Tell(node, verdict => new Commit.Removal(Commits.Name("a/b"), "c", verdict, TestActor)));

        File.Exists(Path.Combine(node.Root, "a/b")).ShouldBeFalse();
        var record = All(node).Last();
        (record.Did, record.Name, record.Size, record.Client).ShouldBe((JournalDeed.Deleted, "a/b", 100, "c"));
        record.Digest.ShouldBe(OperatingSystem.IsLinux() ? Md5Digest.FromBytes(MD5.HashData(body)) : null);
        removed.ShouldBe(new Verdict.Outcome.Removed(new JournalReceipt(record.Sequence, record.Hash)));
    }

    [Fact]
    public async Task A_renamed_file_has_its_other_name_and_the_journal_says_so()
    {
        await using var node = await Start(s_settings);
        await Done(node, Put(node, "a", [1, 2, 3]));
        await Done(node, Put(node, "b/c", [4]));

        var renamed = await Done(node, Rename(node, "a", "b/c"));

        (await File.ReadAllBytesAsync(Path.Combine(node.Root, "b/c"))).ShouldBe([1, 2, 3]);
        File.Exists(Path.Combine(node.Root, "a")).ShouldBeFalse();
        var record = All(node).Last();
        (record.Did, record.Name, record.To, record.Size).ShouldBe((JournalDeed.Renamed, "a", "b/c", 3));
        renamed.ShouldBe(new Verdict.Outcome.Renamed(Commits.Name("b/c"), new JournalReceipt(record.Sequence, record.Hash)));
        _disk.Steps.Where(each => each.Step == DiskStep.SyncFolder).Select(each => each.Name).ShouldBe(["b/c", "a"]);
    }

    [Fact]
    public async Task What_is_not_there_or_no_file_cannot_be_deleted_or_renamed()
    {
        await using var node = await Start(s_settings);
        await Done(node, Put(node, "a/b", [1]));

        RejectionOf(await Done(node, Remove(node, "c"))).ShouldBe(Rejection.NameUnknown);
        RejectionOf(await Done(node, Rename(node, "c", "d"))).ShouldBe(Rejection.NameUnknown);
        RejectionOf(await Done(node, Rename(node, "a/b/c", "d"))).ShouldBe(Rejection.NameUnknown);
        FaultOf(await Done(node, Remove(node, "a"))).ShouldBe(StorageFault.NameTaken);
        FaultOf(await Done(node, Rename(node, "a", "d"))).ShouldBe(StorageFault.NameTaken);
        FaultOf(await Done(node, Rename(node, "a/b", "a"))).ShouldBe(StorageFault.NameTaken);
        Records(node).ShouldBe(["a/b"]);
        node.Stored().Keys.ShouldBe(["a/b"]);
    }

    [Fact]
    public async Task A_file_that_has_changed_since_it_was_looked_at_is_not_deleted()
    {
        await using var node = await Start(s_settings);
        var path = Path.Combine(node.Root, "a");
        await Done(node, Put(node, "a", [1, 2, 3]));
        var seen = node.Node.Parts.Files.Digest(Commits.Name("a"));
        await File.WriteAllBytesAsync(path, [4, 5, 6]);

        RejectionOf(await Done(node, Remove(node, "a", seen))).ShouldBe(Rejection.Changed);
        RejectionOf(await Done(node, Rename(node, "a", "b", onlyIf: seen))).ShouldBe(Rejection.Changed);
        File.Exists(path).ShouldBeTrue();

        seen = node.Node.Parts.Files.Digest(Commits.Name("a"));
        (await Done(node, Remove(node, "a", seen))).ShouldBeOfType<Verdict.Outcome.Removed>();
        File.Exists(path).ShouldBeFalse();
    }

    [LinuxFact]
    public async Task A_file_whose_place_was_taken_by_one_of_the_same_content_is_deleted_as_well()
    {
        await using var node = await Start(s_settings);
        await Done(node, Put(node, "a", [1, 2, 3]));
        var seen = node.Node.Parts.Files.Digest(Commits.Name("a"));
        await Done(node, Put(node, "a", [1, 2, 3]));

        (await Done(node, Remove(node, "a", seen))).ShouldBeOfType<Verdict.Outcome.Removed>();
    }

    [Fact]
    public async Task Who_wants_no_file_replaced_is_refused_also_by_one_of_the_same_group()
    {
        await using var node = await Start(s_settings);
        await Done(node, Put(node, "a", [1]));
        var held = _disk.Hold(DiskStep.LogSync);
        var first = Commit(node, "first");
        await held.Reached;
        var flushes = _disk.Count(DiskStep.LogSync);

        var there = Put(node, "a", [2], ExistsRule.Refuse);
        var fresh = Put(node, "b", [3], ExistsRule.Refuse);
        var second = Put(node, "b", [4], ExistsRule.Refuse);
        held.Release();
        await Settled(4);

        first.Said.ShouldBeOfType<Verdict.Outcome.Stored>();
        (RejectionOf(there.Said!), RejectionOf(second.Said!)).ShouldBe((Rejection.Exists, Rejection.Exists));
        fresh.Said.ShouldBeOfType<Verdict.Outcome.Stored>();
        (await File.ReadAllBytesAsync(Path.Combine(node.Root, "b"))).ShouldBe([3]);
        _disk.Count(DiskStep.LogSync).ShouldBe(flushes + 1, "they were one group");
    }

    [Fact]
    public async Task Nobody_is_told_of_a_file_that_could_not_be_published_after_all()
    {
        await using var node = await Start(s_settings);
        var held = _disk.Hold(DiskStep.LogSync);
        Commit(node, "first");
        await held.Reached;
        _disk.FailOnce(DiskStep.Store, StorageFault.Failed, "a");

        var failing = Put(node, "a", [1], ExistsRule.Refuse);
        var second = Put(node, "a", [2], ExistsRule.Refuse);
        held.Release();
        await Settled(3);

        failing.Said.ShouldBeOfType<Verdict.Outcome.Failed>();
        second.Said.ShouldBeOfType<Verdict.Outcome.Stored>();
        (await File.ReadAllBytesAsync(Path.Combine(node.Root, "a"))).ShouldBe([2]);
    }

    [Fact]
    public async Task What_cannot_be_published_never_gets_into_the_log()
    {
        await using var node = await Start(s_settings);
        await Done(node, Put(node, "folder/x", [1]));
        await Done(node, Put(node, "file", [2]));
        await Done(node, Put(node, "moves", [3]));
        var flushes = _disk.Count(DiskStep.LogSync);

        Func<Verdict>[] impossible =
        [
            () => Put(node, "folder", [4]), () => Put(node, "file/x", [4]), () => Put(node, "file/x/y", [4], ExistsRule.Refuse),
            () => Put(node, "file/x", [4], ExistsRule.KeepBoth), () => Rename(node, "moves", "folder"), () => Rename(node, "moves", "file/x"),
            () => Rename(node, "moves", "moves/x"), () => Rename(node, "folder/x", "folder"),
        ];
        foreach (var commit in impossible)
            FaultOf(await Done(node, commit())).ShouldBe(StorageFault.NameTaken);

        _disk.Count(DiskStep.LogSync).ShouldBe(flushes);
        node.Stored().Keys.Order(StringComparer.Ordinal).ShouldBe(["file", "folder/x", "moves"]);
    }

    [Theory]
    [InlineData("d/x", "d", "d/x"), InlineData("d", "d/x", "d"), InlineData("d/e/x", "d/e", "d/e/x"), InlineData("d", "d/e/x", "d")]
    public async Task Of_two_names_of_a_group_that_cannot_both_be_the_first_is_stored(string first, string second, string stored)
    {
        await using var node = await Start(s_settings);
        var held = _disk.Hold(DiskStep.LogSync);
        Commit(node, "before");
        await held.Reached;
        var flushes = _disk.Count(DiskStep.LogSync);

        var can = Put(node, first, [1]);
        var cannot = Put(node, second, [2]);
        held.Release();
        await Settled(3);

        can.Said.ShouldBeOfType<Verdict.Outcome.Stored>();
        FaultOf(cannot.Said!).ShouldBe(StorageFault.NameTaken);
        node.Stored().Keys.Where(name => name != "before").ShouldBe([stored]);
        _disk.Count(DiskStep.LogSync).ShouldBe(flushes + 1, "nothing had to be taken back");
    }

    [Fact]
    public async Task A_file_whose_folder_was_a_file_is_stored_when_that_is_deleted()
    {
        await using var node = await Start(s_settings);
        await Done(node, Put(node, "a", [1]));
        var held = _disk.Hold(DiskStep.LogSync);
        Commit(node, "before");
        await held.Reached;

        var removed = Remove(node, "a");
        var put = Put(node, "a/b", [2]);
        held.Release();
        await Settled(3);

        removed.Said.ShouldBeOfType<Verdict.Outcome.Removed>();
        put.Said.ShouldBeOfType<Verdict.Outcome.Stored>();
        node.Stored().Keys.Order(StringComparer.Ordinal).ShouldBe(["a/b", "before"]);
    }

    [Fact]
    public async Task Files_that_change_their_folders_are_durable_in_the_new_one_before_the_old_one_is()
    {
        await using var node = await Start(s_settings);
        foreach (var name in new[] { "x/a", "y/c", "z/e" })
            await Done(node, Put(node, name, [1]));
        var held = _disk.Hold(DiskStep.LogSync);
        Commit(node, "before");
        await held.Reached;
        var steps = _disk.Steps.Count;

        Rename(node, "x/a", "y/b"); // y, then x
        Rename(node, "z/e", "y/f"); // of the same group: y, then x and z
        Rename(node, "y/c", "x/d"); // x, then y
        held.Release();
        await Settled(4);

        _disk.Steps.Skip(steps).Where(each => each.Step is DiskStep.SyncFolder or DiskStep.Rename).Select(each => $"{each.Step} {each.Name}")
            .ShouldBe(["Rename x/a", "Rename z/e", "SyncFolder y/b", "SyncFolder x/a", "SyncFolder z/e", "Rename y/c", "SyncFolder x/d", "SyncFolder y/c"]);
    }

    [Fact]
    public async Task Who_wants_both_kept_gets_the_first_free_number_also_in_one_group()
    {
        string[] names = ["a (2).txt", "a (3).txt", "a (4).txt", "a (5).txt", "a.txt"];
        await using var node = await Start(s_settings);
        await File.WriteAllTextAsync(Path.Combine(node.Root, "a (3).txt"), "somebody else's");
        var held = _disk.Hold(DiskStep.LogSync);
        Commit(node, "first");
        await held.Reached;

        var kept = Enumerable.Range(0, 4).Select(i => Put(node, "a.txt", [(byte)i], ExistsRule.KeepBoth)).ToList();
        held.Release();
        await Settled(5);

        kept.Select(verdict => verdict.Said.ShouldBeOfType<Verdict.Outcome.Stored>().Name.Value)
            .ShouldBe(["a.txt", "a (2).txt", "a (4).txt", "a (5).txt"]);
        node.Stored().Keys.Where(name => name != "first").Order().ShouldBe(names);
        Records(node).ShouldBe(["first", "a.txt", "a (2).txt", "a (4).txt", "a (5).txt"]);
        var renamed = await Done(node, Rename(node, "first", "a.txt", ExistsRule.KeepBoth));
        renamed.ShouldBeOfType<Verdict.Outcome.Renamed>().Name.Value.ShouldBe("a (6).txt");
        RejectionOf(await Done(node, Rename(node, "a (6).txt", "a.txt", ExistsRule.Refuse))).ShouldBe(Rejection.Exists);
        (await Done(node, Rename(node, "a.txt", "a.txt", ExistsRule.Refuse))).ShouldBeOfType<Verdict.Outcome.Renamed>();
    }

    [Fact]
    public async Task A_name_that_was_sent_very_often_finds_a_free_number_in_few_steps()
    {
        await using var node = await Start(s_settings);
        foreach (var number in Enumerable.Range(2, 3000))
            await File.WriteAllTextAsync(Path.Combine(node.Root, $"a ({number})"), "");
        await Done(node, Put(node, "a", [1]));

        var stored = await Done(node, Put(node, "a", [2], ExistsRule.KeepBoth));

        stored.ShouldBeOfType<Verdict.Outcome.Stored>().Name.Value.ShouldBe("a (3002)");
    }

    [Fact]
    public async Task What_depends_on_the_group_under_way_waits_for_it_and_sees_what_it_did()
    {
        await using var node = await Start(s_settings);
        var held = _disk.Hold(DiskStep.LogSync);
        Commit(node, "first");
        await held.Reached;

        var verdicts = new[]
        {
            Put(node, "a", [1]), Remove(node, "a"), Put(node, "a", [2], ExistsRule.Refuse), Rename(node, "a", "b"),
            Put(node, "a", [3], ExistsRule.Refuse), Rename(node, "b", "c"), Remove(node, "b"), Put(node, "c", [4], ExistsRule.Refuse),
        };
        held.Release();
        await Settled(9);

        verdicts.Select(verdict => verdict.Said!.GetType().Name)
            .ShouldBe(["Stored", "Removed", "Stored", "Renamed", "Stored", "Renamed", "Refused", "Refused"]);
        (RejectionOf(verdicts[6].Said!), RejectionOf(verdicts[7].Said!)).ShouldBe((Rejection.NameUnknown, Rejection.Exists));
        (await File.ReadAllBytesAsync(Path.Combine(node.Root, "a"))).ShouldBe([3]);
        (await File.ReadAllBytesAsync(Path.Combine(node.Root, "c"))).ShouldBe([2]);
        All(node).Select(record => (record.Did, record.Name)).ShouldBe(
        [
            (JournalDeed.Stored, "first"), (JournalDeed.Stored, "a"), (JournalDeed.Deleted, "a"), (JournalDeed.Stored, "a"),
            (JournalDeed.Renamed, "a"), (JournalDeed.Stored, "a"), (JournalDeed.Renamed, "b"),
        ]);
    }

    [Theory, InlineData(DiskStep.Remove, "a"), InlineData(DiskStep.Rename, "a")]
    public async Task What_the_disk_refuses_is_taken_back_in_the_log(DiskStep step, string name)
    {
        await using var node = await Start(s_settings);
        await Done(node, Put(node, "a", [1]));
        _disk.FailOnce(step, StorageFault.Denied, name);

        var outcome = await Done(node, step == DiskStep.Remove ? Remove(node, "a") : Rename(node, "a", "b"));

        FaultOf(outcome).ShouldBe(StorageFault.Denied);
        Records(node).ShouldBe(["a"]);
        node.Stored().Keys.ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_file_can_be_deleted_when_the_disk_is_full()
    {
        FillsUp? disk = null;
        await using var node = await TestNode.Start(null, real => disk = new FillsUp(real), s_settings);
        await Done(node, Put(node, "a", [1]));
        disk!.IsFull = true;

        (await Done(node, Rename(node, "a", "b"))).ShouldBeOfType<Verdict.Outcome.Renamed>();
        (await Done(node, Remove(node, "b"))).ShouldBeOfType<Verdict.Outcome.Removed>();
        FaultOf(await Done(node, Put(node, "c", [1]))).ShouldBe(StorageFault.DiskFull);
    }

    private sealed class FillsUp(IFileStore real) : StoreDouble(real)
    {
        public bool IsFull { get; set; }

        public override long FreeBytes => IsFull ? 0 : base.FreeBytes;

        protected override IIncomingFile Around(IIncomingFile file) => file;
    }

    private static Rejection? RejectionOf(Verdict.Outcome outcome) => (outcome as Verdict.Outcome.Refused)?.Refusal.Rejection;

    private static StorageFault? FaultOf(Verdict.Outcome outcome) => ((outcome as Verdict.Outcome.Failed)?.Cause as StorageException)?.Fault;

    private static List<JournalRecord> All(TestNode node)
    {
        var records = new List<JournalRecord>();
        JournalVerifier.Verify(JournalReader.FolderOf(node.Root), records.Add).Fault.ShouldBeNull();
        return records;
    }

    [Fact]
    public async Task Nobody_goes_on_with_an_upload_of_a_failed_group_before_the_log_was_replayed()
    {
        await using var node = await Start(s_settings);
        var keeper = CreateTestProbe();
        using var file = node.Node.Parts.Files.Create("u-1", Commits.Name("a/large"), 5);
        file.Write("hello"u8);
        var partName = file.Seal();
        _disk.FailOnce(DiskStep.LogSync, StorageFault.Failed); // behind the write: the log has it
        var replay = _disk.Hold(DiskStep.PublishPart);

        var verdict = Tell(node, each =>
            new Commit.Part(Commits.Name("a/large"), "c", null, each, TestActor, 5, partName) { Keeper = keeper.Ref });
        await replay.Reached;
        await Settled(1);
        var heard = keeper.HasMessages;
        replay.Release();

        heard.ShouldBeFalse("its part file may be published any moment");
        verdict.Said.ShouldBeOfType<Verdict.Outcome.Failed>();
        (await keeper.ExpectMsgAsync<JournalActor.Settled>(TimeSpan.FromSeconds(30))).Verdict.ShouldBe(verdict);
        node.Stored().Keys.ShouldBe(["a/large"]);
    }

    [Fact]
    public async Task A_commit_that_no_log_can_have_is_refused_once_and_the_others_are_stored()
    {
        await using var node = await Start(s_settings);
        await Done(node, Put(node, "a", [1]));
        var held = _disk.Hold(DiskStep.LogSync);
        Commit(node, "before");
        await held.Reached;

        var poison = Tell(node, verdict => new Commit.Removal(Commits.Name("a"), new string('c', 2000), verdict, TestActor));
        var behind = Put(node, "b", [2]);
        held.Release();
        await Settled(3);

        poison.Said.ShouldBeOfType<Verdict.Outcome.Failed>();
        behind.Said.ShouldBeOfType<Verdict.Outcome.Stored>();
        node.Events.Of<ServerEvent.Restarted>().Select(e => e.Path).ShouldBe(["/user/server/journal"]);
        Records(node).ShouldBe(["a", "before", "b"]);
    }

    private Verdict Put(TestNode node, string name, byte[] bytes, ExistsRule exists = ExistsRule.Replace) =>
        Commit(node, name, bytes, FileWriterActor.Promise.None.Instance, exists: exists);

    private Verdict Remove(TestNode node, string name, StoredFile? onlyIf = null) =>
        Tell(node, verdict => new Commit.Removal(Commits.Name(name), "c", verdict, TestActor) { OnlyIf = onlyIf });

    private Verdict Rename(
        TestNode node, string name, string to, ExistsRule exists = ExistsRule.Replace, StoredFile? onlyIf = null) => Tell(node, verdict =>
        new Commit.Renaming(Commits.Name(name), Commits.Name(to), "c", verdict, TestActor) { Exists = exists, OnlyIf = onlyIf });

    private Verdict Tell(TestNode node, Func<Verdict, Commit> commit)
    {
        var verdict = new Verdict();
        node.Node.Parts.Journal.Journal.Tell(commit(verdict), TestActor);
        return verdict;
    }

    private async Task<Verdict.Outcome> Done(TestNode node, Verdict verdict)
    {
        await Settled(1);
        return verdict.Said.ShouldNotBeNull();
    }
}
