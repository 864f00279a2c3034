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

        Recover(portable, NextRun);

        Contents().ShouldBe(["a/x=a is a folder now", "b=b is a file now"]);
        Kept().ShouldBe(["1-stored-a=a file", "2-stored-c=a file in a folder"]); // of which the log does not say that it is gone
    }

    [Theory, MemberData(nameof(Volumes))]
    public void Nor_does_one_that_the_power_failure_has_brought_back_stay_in_its_way(bool portable)
    {
        Crash(portable, (log, store) =>
        {
            log.Commit(Whole("a", "a file"), Whole("b/c", "a file in a folder"));
            log.Commit(Whole("a/x", "a is a folder now"), Whole("b", "b is a file now"));
        });
        File.WriteAllText(_scratch.Below("a"), "a f"); // of one the end was not written, and the other is whole
        Directory.CreateDirectory(_scratch.Below("b"));
        File.WriteAllText(_scratch.Below("b/c"), "a file in a folder");

        Recover(portable, NextRun);

        Contents().ShouldBe(["a/x=a is a folder now", "b=b is a file now"]);
        Kept().ShouldBe(["1-found-a=a f", "1-stored-a=a file", "2-stored-c=a file in a folder"]);
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
        Directory.CreateDirectory(_scratch.Below("a"));
        File.WriteAllText(_scratch.Below("a/x"), "somebody's");
        File.WriteAllText(_scratch.Below("b"), "somebody's");

        var recovered = Recover(portable, NextRun);

        Contents().ShouldBe(["a/x=somebody's", "b=somebody's", "d=d"]);
        recovered.Lost.Select(lost => $"{lost.Name}: {lost.Why}").ShouldBe(
        [
            "a: a folder has this name; its bytes are in '.actorsock/lost/19700101T000000.0000000-1-stored-a'",
            "b/c: 'b' is a file, not a folder; its bytes are in '.actorsock/lost/19700101T000000.0000000-2-stored-c'",
        ]);
        Kept().ShouldBe(["1-stored-a=a", "2-stored-c=c"]);
        _journal.ShouldBe(["a", "b/c", "d"]); // their clients may have receipts, and those of later ones build on theirs
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_large_file_whose_place_somebody_took_is_kept(bool portable)
    {
        Crash(portable, (log, store) =>
        {
            Seal("c-1.part", "large");
            log.Commit(Part("a", "large", "c-1.part"));
        });
        Directory.CreateDirectory(_scratch.Below("a"));
        File.WriteAllText(_scratch.Below("a/x"), "somebody's");

        Recover(portable, NextRun).LostCount.ShouldBe(1);

        Kept().ShouldBe(["1-stored-a=large"]);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void An_empty_folder_that_is_back_gives_way_to_the_file_that_has_its_name(bool portable)
    {
        Crash(portable, (log, store) =>
        {
            Seal("c-2.part", "large");
            log.Commit(Whole("a", "small"), Part("b", "large", "c-2.part"));
        });
        Directory.CreateDirectory(_scratch.Below("a/in/it"));
        Directory.CreateDirectory(_scratch.Below("b"));

        Recover(portable, NextRun).LostCount.ShouldBe(0);

        Contents().ShouldBe(["a=small", "b=large"]);
        Kept().ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_renaming_that_could_not_be_carried_out_leaves_the_file_where_it_was(bool portable)
    {
        Crash(portable, (log, store) =>
        {
            log.Commit(Whole("a", "a"), Whole("c", "c"), Whole("d", "d"), Whole("e/x", "e"));
            Publish(store, ("a", "a"), ("c", "c"), ("d", "d"), ("e/x", "e"));
            log.MarkPublished(4);
            log.Commit(Renaming("c", "a/x", store.Stat(Name("c"))), Renaming("d", "e", store.Stat(Name("d"))));
        });

        var recovered = Recover(portable, ThisRun);

        Contents().ShouldBe(["a=a", "c=c", "d=d", "e/x=e"]);
        (recovered.LostCount, recovered.Removed).ShouldBe((2, 0));
        _journal.ShouldBe(["no line: c", "no line: d"]); // nobody was told
    }

    [Theory, MemberData(nameof(Volumes))]
    public void No_byte_is_lost_when_a_commit_that_could_not_be_carried_out_is_believed(bool portable)
    {
        Crash(portable, (log, store) =>
        {
            log.Commit(Whole("a", "a"), Whole("c", "c"), Whole("d/x", "d"));
            Publish(store, ("a", "a"), ("c", "c"), ("d/x", "d"));
            log.MarkPublished(3);
            log.Commit(Renaming("c", "a/x", store.Stat(Name("c"))), Whole("d", "not published"));
        });

        Recover(portable, NextRun);

        Contents().Concat(Kept()).Order(StringComparer.Ordinal)
            .ShouldBe(["1-stored-a=a", "3-stored-x=d", "a/x=c", "d=not published"]);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_file_in_a_folder_that_was_a_file_before_is_whole_again_when_the_power_comes_back(bool portable)
    {
        Crash(portable, (log, store) =>
        {
            Publish(store, ("a", "old"), ("b", "old"), ("c/x", "old"));
            Seal("c-9.part", "large");
            log.Commit(Removal("a", store.Stat(Name("a"))), Renaming("b", "z", store.Stat(Name("b"))), Removal("c/x", store.Stat(Name("c/x"))));
            log.Commit(Whole("a/b", "small"), Part("b/b", "large", "c-9.part"), Whole("c", "a file now"));
        }); // and nothing of it had reached the disk but the log

        var recovered = Recover(portable, NextRun);

        Contents().ShouldBe(["a/b=small", "b/b=large", "c=a file now", "z=old"]);
        (recovered.LostCount, Kept().Length).ShouldBe((0, 0));
        _journal.Count.ShouldBe(6);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void What_somebody_stored_under_a_name_that_was_deleted_or_given_up_stays(bool portable)
    {
        Crash(portable, (log, store) =>
        {
            Publish(store, ("a", "a"), ("b", "b"));
            log.Commit(Whole("c", "c"));
            Publish(store, ("c", "c"));
            log.Commit(Removal("a", store.Stat(Name("a"))), Renaming("b", "x", store.Stat(Name("b"))), Renaming("c", "y", store.Stat(Name("c"))));
            store.Remove(Name("a"));
            store.Rename(Name("b"), Name("x"));
            store.Rename(Name("c"), Name("y"));
        });
        foreach (var name in new[] { "a", "b", "c" })
            File.WriteAllText(_scratch.Below(name), $"somebody's {name}");

        Recover(portable, NextRun).Removed.ShouldBe(0);

        Contents().ShouldBe(["a=somebody's a", "b=somebody's b", "c=somebody's c", "x=b", "y=c"]);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void Of_what_was_deleted_nothing_comes_back_however_much_of_it_is_left(bool portable)
    {
        Crash(portable, (log, store) =>
        {
            log.Commit(Whole("a", "aaaa"), Whole("b", "bbbb"), Whole("c", "cccc"));
            Publish(store, ("a", "aaaa"), ("b", "bbbb"), ("c", "cccc"));
            log.Commit(Removal("a", store.Stat(Name("a"))), Renaming("b", "x", store.Stat(Name("b"))), Removal("c", store.Stat(Name("c"))));
        });
        foreach (var name in new[] { "a", "b" })
        {
            var modified = File.GetLastWriteTimeUtc(_scratch.Below(name));
            using (var file = File.OpenWrite(_scratch.Below(name)))
                file.SetLength(name == "a" ? 0 : 3);
            File.SetLastWriteTimeUtc(_scratch.Below(name), modified);
        }

        Recover(portable, NextRun).Removed.ShouldBe(3);

        Contents().ShouldBe(["x=bbbb"]);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void Where_an_earlier_version_did_not_say_which_file_was_deleted_what_is_there_is_kept(bool portable)
    {
        Crash(portable, (log, store) =>
        {
            Publish(store, ("a", "a"));
            log.Commit(Removal("a", new StoredFile(1, default, default)));
        });

        Recover(portable, NextRun).Removed.ShouldBe(1);

        Contents().ShouldBeEmpty();
        Kept().ShouldBe(["1-found-a=a"]);
    }

    [LinuxFact]
    public void Where_only_a_right_is_missing_nothing_is_given_up()
    {
        if (!Environment.IsPrivilegedProcess)
            return; // it is another user's thread that lacks the right
        _scratch.LetEverybodyIn();
        Crash(false, (log, store) =>
        {
            log.Commit(Whole("f/a", "a"));
            Directory.CreateDirectory(_scratch.Below("f"));
        });
        using (var store = _scratch.Open())
        using (var log = Open(store, NextRun))
            AsNobody.Run(() => Should.Throw<StorageException>(() => CommitRecovery.Replay(log, store, (_, _) => { }))
                .Fault.ShouldBe(StorageFault.Denied));

        Recover(false, NextRun).Rewritten.ShouldBe(1);

        Contents().ShouldBe(["f/a=a"]);
    }

    [LinuxFact]
    public void What_is_no_file_under_a_name_holds_nobody_up()
    {
        Crash(false, (log, store) => log.Commit(Whole("socket", "a"), Whole("folder/b", "b")));
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_scratch.Below("socket")));

        Recover(false, NextRun).Rewritten.ShouldBe(2);

        Contents().ShouldBe(["folder/b=b", "socket=a"]);
    }

    [MountFact]
    public void A_folder_on_another_file_system_holds_nobody_up()
    {
        Directory.CreateDirectory(_scratch.Path);
        using var disk = new TmpFs(_scratch.Below("mounted"), "size=1m");
        Crash(false, (log, store) =>
        {
            Seal("c-1.part", "large");
            log.Commit(Whole("mounted/in/a", "a"), Part("mounted/b", "large", "c-1.part"), Whole("c", "c"));
        });

        Recover(false, NextRun).LostCount.ShouldBe(2);

        Contents().ShouldBe(["c=c"]);
        Kept().ShouldBe(["1-stored-a=a", "2-stored-b=large"]);
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

    /// <summary>What was set aside, without the times in front.</summary>
    private string[] Kept()
    {
        var lost = new DirectoryInfo(_scratch.Below(".actorsock/lost"));
        return !lost.Exists ? [] : [.. lost.GetFiles().Select(file => $"{file.Name[(file.Name.IndexOf('-') + 1)..]}={File.ReadAllText(file.FullName)}")
            .Order(StringComparer.Ordinal)];
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
