using System.Text;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Tests.Files;
using static ActorSock.Tests.Journal.Commits;

namespace ActorSock.Tests.Journal;

/// <summary>What becomes at the next start of commits that a crash has interrupted, on a real disk.</summary>
public sealed class CommitRecoveryTests : IDisposable
{
    private readonly ScratchRoot _scratch = new();
    private readonly List<string> _journal = [];

    public static TheoryData<bool> Volumes => PublishTests.Volumes;

    public void Dispose() => _scratch.Dispose();

    [Theory, MemberData(nameof(Volumes))]
    public void Files_that_were_only_in_the_page_cache_are_whole_again_when_the_power_comes_back(bool portable)
    {
        Crash(portable, (log, store) =>
        {
            log.Commit(Whole("a", "aaaa"), Whole("b/c", "bbbb"), Whole("d", "dddd"), Whole("e", ""));
            Publish(store, ("a", "aaaa"), ("b/c", "bbbb"), ("d", "dddd"), ("e", ""));
            log.MarkPublished(4);
        });
        File.Delete(_scratch.Below("a"));
        Directory.Delete(_scratch.Below("b"), recursive: true);
        File.WriteAllText(_scratch.Below("d"), "dd\0\0"); // as a file system leaves it that had only the length
        File.Delete(_scratch.Below("e"));

        var recovered = Recover(portable, NextRun);

        Contents().ShouldBe(["a=aaaa", "b/c=bbbb", "d=dddd", "e="]);
        (recovered.Entries, recovered.Rewritten, recovered.Whole).ShouldBe((4, 4, 0));
        _journal.ShouldBe(["a", "b/c", "d", "e"]);
        Recover(portable, NextRun).Entries.ShouldBe(0);
    }

    [LinuxFact]
    public void What_somebody_took_away_stays_away_when_only_the_process_died()
    {
        Crash(false, (log, store) =>
        {
            log.Commit(Whole("a", "a"), Whole("b", "b"));
            Publish(store, ("a", "a"), ("b", "b"));
            log.MarkPublished(2);
        });
        File.Delete(_scratch.Below("a"));

        Recover(false, ThisRun).Entries.ShouldBe(0);

        Contents().ShouldBe(["b=b"]);
        _journal.ShouldBeEmpty();
    }

    [Fact]
    public void Without_its_marker_every_commit_is_looked_after()
    {
        Crash(false, (log, store) =>
        {
            log.Commit(Whole("a", "a"));
            Publish(store, ("a", "a"));
            log.MarkPublished(1);
        });
        File.Delete(_scratch.Below("a"));
        File.Delete(_scratch.Below(".actorsock/log/published"));

        Recover(false, ThisRun).Rewritten.ShouldBe(1);

        Contents().ShouldBe(["a=a"]);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void What_was_flushed_and_not_published_is_published(bool portable)
    {
        Crash(portable, (log, store) =>
        {
            log.Commit(Whole("a", "a"));
            Publish(store, ("a", "a"));
            log.MarkPublished(1);
            Seal("c-1.part", "large");
            log.Commit(Whole("b", "b"), Part("x/large", "large", "c-1.part"), Whole("c", "c"));
            Publish(store, ("b", "b"));
            log.Add(Whole("d", "never flushed"));
        });

        var recovered = Recover(portable, ThisRun);

        Contents().ShouldBe(["a=a", "b=b", "c=c", "x/large=large"]);
        (recovered.Whole, recovered.Rewritten, recovered.Renamed).ShouldBe((1, 1, 1));
        _journal.ShouldBe(["b", "x/large", "c"]);
        _scratch.Parts().ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_commit_that_was_taken_back_is_not_published(bool portable)
    {
        Crash(portable, (log, store) =>
        {
            log.Commit(Whole("a", "a"), Whole("b", "b"), Whole("c", "c"));
            log.Commit(Void(2));
        });

        Recover(portable, NextRun).Entries.ShouldBe(2);

        Contents().ShouldBe(["a=a", "c=c"]);
        _journal.ShouldBe(["a", "c"]);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void The_last_file_of_a_name_stays_the_last_whichever_of_them_the_log_could_write_again(bool portable)
    {
        Crash(portable, (log, store) =>
        {
            log.Commit(Whole("a", "small, then large"));
            Publish(store, ("a", "small, then large"));
            Seal("c-1.part", "large, which the log does not have");
            log.Commit(Part("a", "large, which the log does not have", "c-1.part"));
            store.PublishPart("c-1.part", Name("a"));
            Seal("c-2.part", "large, then small");
            log.Commit(Part("b", "large, then small", "c-2.part"), Whole("b", "small"));
            store.PublishPart("c-2.part", Name("b"));
            Publish(store, ("b", "small"));
        });

        var recovered = Recover(portable, NextRun);

        Contents().ShouldBe(["a=large, which the log does not have", "b=small"]);
        (recovered.Superseded, recovered.Whole, recovered.LostCount).ShouldBe((2, 2, 0));
        _journal.ShouldBe(["a", "a", "b", "b"]);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_file_that_somebody_took_away_to_make_room_for_a_folder_does_not_come_back_into_its_way(bool portable)
    {
        Crash(portable, (log, store) =>
        {
            log.Commit(Whole("a", "a file"), Whole("b/c", "a file in a folder"));
            Publish(store, ("a", "a file"), ("b/c", "a file in a folder"));
            File.Delete(_scratch.Below("a"));
            Directory.Delete(_scratch.Below("b"), recursive: true);
            log.Commit(Whole("a/x", "a is a folder now"), Whole("b", "b is a file now"));
        });

        Recover(portable, NextRun).LostCount.ShouldBe(0);

        Contents().ShouldBe(["a/x=a is a folder now", "b=b is a file now"]);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_large_file_that_is_nowhere_is_told_and_holds_nobody_up(bool portable)
    {
        Crash(portable, (log, store) =>
            log.Commit(Part("taken", "by a consumer", "c-1.part"), Part("grown", "short", "c-2.part"), Whole("b", "b")));
        File.WriteAllText(_scratch.Below("grown"), "longer than it was");

        var recovered = Recover(portable, NextRun);

        Contents().ShouldBe(["b=b", "grown=longer than it was"]);
        recovered.LostCount.ShouldBe(2);
        recovered.Lost.Select(lost => $"{lost.Number} {lost.Name}").ShouldBe(["1 taken", "2 grown"]);
        _journal.ShouldBe(["taken", "grown", "b"]); // they had been stored
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_file_whose_place_somebody_took_is_told_and_holds_nobody_up(bool portable)
    {
        Crash(portable, (log, store) => log.Commit(Whole("a", "a"), Whole("b/c", "c"), Whole("d", "d")));
        Directory.CreateDirectory(_scratch.Below("a/somebody"));
        File.WriteAllText(_scratch.Below("b"), "somebody's");

        var recovered = Recover(portable, NextRun);

        Contents().ShouldBe(["b=somebody's", "d=d"]);
        recovered.Lost.Select(lost => $"{lost.Name}: {lost.Why}")
            .ShouldBe(["a: a folder has this name", "b/c: 'b' is a file, not a folder"]);
        _journal.ShouldBe(["no line: a", "no line: b/c", "d"]);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_recovery_that_is_interrupted_anywhere_is_finished_by_the_next(bool portable)
    {
        var interrupted = true;
        for (var failsAt = 1; interrupted; failsAt++)
        {
            using var scratch = new ScratchRoot();
            using (var store = scratch.Open(portable))
            using (var log = Begin(store, ThisRun))
            {
                Seal(scratch, "c-1.part", "large");
                log.Commit(Whole("a", "old"), Whole("b", "b"), Part("c/large", "large", "c-1.part"));
                log.Commit(Whole("a", "new"), Void(2));
                store.Store(Name("a"), "old"u8);
            }
            using (var store = scratch.Open(portable))
            using (var log = Open(store, NextRun))
            {
                try
                {
                    CommitRecovery.Replay(log, new FailsAtStep(store, failsAt), (_, _) => { });
                    log.Reset();
                    interrupted = false;
                }
                catch (StorageException)
                {
                    failsAt.ShouldBeLessThan(100);
                }
            }

            using (var store = scratch.Open(portable))
            using (var log = Open(store, NextRun))
            {
                CommitRecovery.Replay(log, store, (_, _) => { }).LostCount.ShouldBe(0);
                log.Reset();
                store.Recover();
            }

            scratch.Visible().ShouldBe(["a", "c/large"]);
            File.ReadAllText(scratch.Below("a")).ShouldBe("new");
            File.ReadAllText(scratch.Below("c/large")).ShouldBe("large");
        }
    }

    [MountFact]
    public void On_a_full_disk_it_fails_and_the_log_keeps_everything()
    {
        using var disk = new TmpFs(_scratch.Path, "size=1m");
        var body = new string('x', 60 * KiB);
        Crash(false, (log, store) => log.Commit(Whole("a", body), Whole("b", body)));
        File.WriteAllBytes(_scratch.Below("fills"), new byte[disk.FreeBytes - 80 * KiB]);

        Should.Throw<StorageException>(() => Recover(false, NextRun)).Fault.ShouldBe(StorageFault.DiskFull);

        File.Delete(_scratch.Below("fills"));
        Recover(false, NextRun);
        Contents().ShouldBe([$"a={body}", $"b={body}"]);
    }

    [LinuxFact]
    public void After_a_sync_that_failed_every_small_file_is_written_anew()
    {
        Crash(false, (log, store) =>
        {
            log.Commit(Whole("a", "a"));
            Publish(store, ("a", "a"));
            log.MarkPublished(1);
            log.TrySwitch().ShouldNotBeNull().Fail();
        });
        using var reader = File.OpenRead(_scratch.Below("a")); // another file of this content takes its place

        Recover(false, ThisRun).Rewritten.ShouldBe(1);

        File.WriteAllText(_scratch.Below("a"), "changed");
        new StreamReader(reader).ReadToEnd().ShouldBe("a");
    }

    [Fact]
    public void Many_commits_in_both_segments_are_all_looked_after_in_their_order()
    {
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var random = new Random(7);
        Crash(false, (log, store) =>
        {
            for (var i = 0; log.TrySwitchWhenFull(); i++)
            {
                var (name, body) = ($"{random.Next(90)}", $"{i}{new string('.', random.Next(3000))}");
                log.Commit(Whole(name, body));
                expected[name] = body;
            }
        });
        using (var store = _scratch.Open())
        using (var log = Open(store, NextRun))
            log.Numbers().Length.ShouldBeGreaterThan(70);

        Recover(false, NextRun);

        Contents().ShouldBe(expected.Select(file => $"{file.Key}={file.Value}"));
    }

    /// <summary>Lets a node do something with its log and store, and die.</summary>
    private void Crash(bool portable, Action<CommitLog, FileRoot> doing)
    {
        using var store = _scratch.Open(portable);
        using var log = Begin(store, ThisRun);
        doing(log, store);
    }

    private RecoveredCommits Recover(bool portable, Guid run)
    {
        using var store = _scratch.Open(portable);
        using var log = Open(store, run);
        _journal.Clear();
        var recovered = CommitRecovery.Replay(log, store, (entry, hasLine) => _journal.Add($"{(hasLine ? "" : "no line: ")}{entry.Name}"));
        log.Reset();
        store.Recover();
        return recovered;
    }

    private string[] Contents() => [.. _scratch.Visible().Select(name => $"{name}={File.ReadAllText(_scratch.Below(name))}")];

    private static void Publish(FileRoot store, params (string Name, string Body)[] files)
    {
        foreach (var (name, body) in files)
            store.Store(Name(name), Encoding.UTF8.GetBytes(body));
    }

    private void Seal(string partName, string body) => Seal(_scratch, partName, body);

    private static void Seal(ScratchRoot scratch, string partName, string body) =>
        File.WriteAllText(Path.Combine(scratch.Staging, partName), body);
}
