using ActorSock.Files;
using ActorSock.Journal;
using FsCheck;
using FsCheck.Fluent;
using static ActorSock.Tests.Journal.Commits;

namespace ActorSock.Tests.Journal;

/// <summary>What is found in the commit log after the process, or the power, went at any step.</summary>
public sealed class CommitLogCrashTests
{
    private const int PageBytes = 4 * KiB;

    private readonly LogInMemory _folder = new();

    [Fact]
    public void A_group_of_which_any_page_is_missing_was_never_there()
    {
        using var log = Begin(_folder);
        FillWith('s', log); // so that old groups lie under the new ones
        log.TrySwitch().ShouldNotBeNull().Complete();
        FillWith('t', log);
        log.TrySwitch().ShouldNotBeNull().Complete();
        log.Commit(Whole("a", "flushed before"));
        var before = _folder.AfterKill();
        log.Add(Whole("b", new byte[6000]), Whole("c", new byte[6000]));
        log.Flush();
        var at = FirstDifference(before["log-0"], _folder["log-0"]) / PageBytes * PageBytes;
        var pages = 3; // 12,000 bytes and headers

        for (var subset = 0; subset < 1 << pages; subset++)
        {
            var torn = _folder.AfterKill();
            for (var page = 0; page < pages; page++)
            {
                if ((subset >> page & 1) == 0)
                    before["log-0"].AsSpan(at + page * PageBytes, PageBytes).CopyTo(torn["log-0"].AsSpan(at + page * PageBytes));
            }
            using var again = Open(torn);
            again.Read().Select(entry => entry.Name.Value)
                .ShouldBe(subset == (1 << pages) - 1 ? ["a", "b", "c"] : ["a"], $"pages {subset:b3}");
            (again.MissingCount, again.NextNumber).ShouldBe((0, subset == (1 << pages) - 1 ? log.NextNumber : log.NextNumber - 2));
        }
    }

    [Fact]
    public void A_group_that_lacks_any_sector_of_what_it_says_was_never_there()
    {
        using var log = Begin(_folder);
        log.Commit(Whole("a", "flushed before"));
        var before = _folder.AfterKill()["log-0"];
        log.Commit([.. Enumerable.Range(0, 5).Select(i => Whole($"{i}", [.. Enumerable.Repeat((byte)(i + 1), 900)]))]);
        var after = _folder["log-0"];
        var sectors = Enumerable.Range(0, after.Length / LogInMemory.SectorBytes)
            .Select(sector => sector * LogInMemory.SectorBytes)
            .Where(at => !Sector(after, at).SequenceEqual(Sector(before, at))).ToArray();
        sectors.Length.ShouldBe(10);

        foreach (var lacking in sectors)
        {
            var torn = _folder.AfterKill();
            Sector(before, lacking).CopyTo(Sector(torn["log-0"], lacking));
            using var again = Open(torn);
            again.Numbers().ShouldBe([1], $"without the sector at {lacking}");
        }
    }

    [Fact]
    public void A_flipped_bit_loses_its_own_group_alone_and_is_told()
    {
        using var log = Begin(_folder);
        log.Commit(Whole("a", "1"));
        var start = _folder["log-0"].Length - (int)BytesLeft(log);
        log.Commit(Whole("b", new byte[5000]), Whole("c", "3"));
        log.Commit(Whole("d", "4"));
        var used = 64 + 64 + 1 + 20 + 5000 + 64 + 1 + 20 + 1; // headers, names, clients, bodies, less what they are padded with

        for (var bit = 0; bit < used * 8; bit += 211)
        {
            var flipped = _folder.AfterKill();
            flipped["log-0"][start + bit / 8] ^= (byte)(1 << bit % 8);
            using var again = Open(flipped);
            var spare = start + bit / 8 >= start + 56 && start + bit / 8 < start + 64; // the only bytes that mean nothing
            again.Numbers().ShouldBe(spare ? [1, 2, 3, 4] : [1, 4], $"bit {bit}");
            (again.MissingCount, again.NextNumber).ShouldBe((spare ? 0 : 2, 5));
        }
    }

    [Fact]
    public void What_a_segment_held_before_is_never_taken_for_what_it_holds_now()
    {
        using var log = Begin(_folder);
        for (var use = 0; use < 6; use++)
        {
            var last = FillWith((char)('a' + use), log); // groups of the same length at the same places each time
            using (var found = Open(_folder.AfterKill()))
                found.Numbers()[^1].ShouldBe(last);
            log.TrySwitch().ShouldNotBeNull().Complete();
            using (var found = Open(_folder.AfterKill()))
                found.Numbers().ShouldBeEmpty();
            log.Commit(Whole("one", "more"));
            using (var found = Open(_folder.AfterKill()))
                found.Numbers().ShouldBe([last + 1]);
        }
    }

    [Fact]
    public void What_a_client_sends_is_never_taken_for_a_group_though_it_looks_like_one()
    {
        var elsewhere = new LogInMemory();
        using (var log = Begin(elsewhere))
        {
            log.Commit(Whole("first", "1"));
            log.Commit(Whole("forged", "by somebody who knows LOG.md"));
        }
        var forged = elsewhere["log-0"].AsSpan(2 * PageBytes, PageBytes);
        var body = new byte[3 * PageBytes];
        var bodyStart = 64 + 64 + "sent".Length + "tcp://192.0.2.7:5000".Length; // within its group
        forged.CopyTo(body.AsSpan(PageBytes - bodyStart));
        using (var log = Begin(_folder))
            log.Commit(Whole("sent", body));
        _folder["log-0"].AsSpan(2 * PageBytes, PageBytes).SequenceEqual(forged).ShouldBeTrue();
        _folder["log-0"][PageBytes + 100] ^= 1; // its own group is torn, and what lies behind it looked through

        using var again = Open(_folder);

        again.Numbers().ShouldBeEmpty();
    }

    [Fact]
    public void Numbers_go_on_when_the_power_goes_right_after_a_checkpoint()
    {
        using var log = Begin(_folder);
        log.Commit(Whole("a", "a"), Whole("b", "b"));
        log.TrySwitch().ShouldNotBeNull().Complete(); // nothing was flushed to the other segment yet

        using var again = Open(_folder.AfterPowerCut((_, _) => false), NextRun);

        again.Numbers().ShouldBeEmpty();
        again.NextNumber.ShouldBe(3);
    }

    [Fact]
    public void A_header_that_cannot_be_read_is_told_apart_from_none()
    {
        using (var log = Begin(_folder))
            log.Commit(Whole("a", "a"));
        _folder["log-0"][9] ^= 1;

        using var again = Open(_folder);

        again.Numbers().ShouldBeEmpty();
        again.Damaged.ShouldBe(["log-0"]);
        again.Reset();
        again.Commit(Whole("b", "b"));
        using var fresh = Open(_folder.AfterKill());
        (fresh.Damaged.Count, fresh.Numbers().Length).ShouldBe((0, 1));
    }

    [Fact]
    public void However_and_whenever_the_power_goes_what_was_flushed_and_not_checkpointed_is_found()
    {
        var steps = Gen.Choose(0, int.MaxValue).NonEmptyListOf().ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithReplay(20_240_607, 7).WithMaxTest(80), Prop.ForAll(steps, Survives));

        static void Survives(List<int> steps)
        {
            var (folder, random) = (new LogInMemory(), new Random(steps[0]));
            using var log = Begin(folder);
            Checkpoint? checkpoint = null;
            var (over, overSoon, flushed, flushedSoon) = (0L, 0L, 0L, 0L);
            folder.BeforeStep = CutThePower;
            foreach (var step in steps)
            {
                switch (step % 8)
                {
                    case 0 or 1 or 2:
                        log.TryAdd(Whole($"{step}", new byte[step % 9000]), out _);
                        break;
                    case 3 or 4:
                        flushedSoon = log.NextNumber - 1;
                        log.Flush();
                        flushed = flushedSoon;
                        break;
                    case 5 when log.GroupCount == 0:
                        checkpoint = log.TrySwitch() ?? checkpoint;
                        break;
                    case 6 when checkpoint is not null:
                        overSoon = checkpoint.LastNumber;
                        checkpoint.Complete();
                        (over, checkpoint) = (overSoon, null);
                        break;
                    case 7:
                        log.MarkPublished(flushed);
                        break;
                }
                CutThePower();
            }

            void CutThePower()
            {
                using var found = Open(folder.AfterPowerCut((_, _) => random.Next(2) == 0), NextRun);
                var numbers = found.Numbers();
                numbers.ShouldBe(Enumerable.Range(0, numbers.Length).Select(i => numbers[0] + i));
                if (numbers.Length > 0)
                    numbers[0].ShouldBeOneOf(over + 1, overSoon + 1);
                found.NextNumber.ShouldBeOneOf(flushed + 1, flushedSoon + 1);
                (numbers.Length == 0 ? over : numbers[^1]).ShouldBeGreaterThanOrEqualTo(over == overSoon ? flushed : over);
                found.MissingCount.ShouldBe(0);
            }
        }
    }

    [Fact]
    public void However_a_reset_is_interrupted_no_older_entry_is_left_without_the_newer_ones()
    {
        using (var log = Begin(_folder))
        {
            log.Commit(Whole("a", "older"), Whole("b", "older"));
            log.TrySwitch().ShouldNotBeNull();
            log.Commit(Whole("a", "newer"), Whole("b", "newer"));
        }
        foreach (var got in new[] { false, true })
        {
            var (folder, seen) = (_folder.AfterKill(), new List<long[]>());
            using var log = Open(folder, NextRun, segmentBytes: 512 * KiB); // resized on the way
            folder.BeforeStep = () => seen.Add(NumbersAfterPowerCut(folder, got));
            log.Reset();
            seen.Add(NumbersAfterPowerCut(folder, got));

            seen.ShouldContain(numbers => numbers.Length == 4);
            seen[^1].ShouldBeEmpty();
            foreach (var numbers in seen)
                (numbers is [] or [3, 4] or [1, 2, 3, 4]).ShouldBeTrue(string.Join(',', numbers));
        }
    }

    [Fact]
    public void The_marker_counts_in_the_run_of_the_machine_that_wrote_it()
    {
        using (var log = Begin(_folder, ThisRun))
        {
            log.Commit(Whole("a", "a"), Whole("b", "b"), Whole("c", "c"));
            log.MarkPublished(2);
        }

        PublishedIn(_folder, ThisRun).ShouldBe(2);
        PublishedIn(_folder, NextRun).ShouldBe(0);
        PublishedIn(_folder, Guid.Empty).ShouldBe(0);
    }

    [Fact]
    public void Where_the_system_does_not_tell_its_runs_apart_no_marker_counts()
    {
        using (var log = Begin(_folder, Guid.Empty))
        {
            log.Commit(Whole("a", "a"));
            log.MarkPublished(1);
        }

        PublishedIn(_folder, Guid.Empty).ShouldBe(0);
    }

    [Fact]
    public void A_marker_does_not_count_where_its_file_system_was_mounted_anew_until_a_node_has_looked_after_everything()
    {
        using (var log = Begin(_folder))
        {
            log.Commit(Whole("a", "a"), Whole("b", "b"));
            log.MarkPublished(2);
        }
        var mounted = _folder.AfterKillAndMount();

        using (var found = Open(mounted))
            found.Published.ShouldBe(0);
        using (var interrupted = Open(mounted))
            interrupted.Published.ShouldBe(0);
        using (var finished = Open(mounted))
            finished.Reset();
        PublishedIn(mounted, ThisRun).ShouldBe(2);
    }

    [Fact]
    public void A_marker_with_a_flipped_bit_does_not_count()
    {
        using (var log = Begin(_folder))
        {
            log.Commit(Whole("a", "a"), Whole("b", "b"));
            log.MarkPublished(2);
        }
        for (var at = 0; at < 56; at++)
        {
            var flipped = _folder.AfterKill();
            flipped["published"][at] ^= 0x10;
            PublishedIn(flipped, ThisRun).ShouldBe(0);
        }
    }

    [Fact]
    public void After_a_sync_that_failed_nothing_counts_as_published_in_this_run()
    {
        using (var log = Begin(_folder))
        {
            log.Commit(Whole("a", "a"));
            log.MarkPublished(1);
            var checkpoint = log.TrySwitch().ShouldNotBeNull();
            log.Commit(Whole("b", "b"));

            checkpoint.Fail();

            log.MarkPublished(2); // of a thread that does not know yet
            Should.Throw<StorageException>(() => log.TryAdd(Whole("c", "c"), out _));
        }
        using var again = Open(_folder);
        (again.Published, again.CacheIsUnsure).ShouldBe((0, true));
        again.Numbers().ShouldBe([1, 2]);
        again.Reset();
        using var later = Open(_folder.AfterKill());
        later.CacheIsUnsure.ShouldBeFalse();
        using var afterPower = Open(_folder.AfterPowerCut((_, _) => true), NextRun);
        afterPower.CacheIsUnsure.ShouldBeFalse(); // nothing of the page cache is left to be unsure of
    }

    [Fact]
    public void Where_runs_of_the_machine_cannot_be_told_apart_a_sync_that_failed_is_known_to_the_next_start()
    {
        using (var log = Begin(_folder, Guid.Empty))
        {
            log.Commit(Whole("a", "a"));
            log.MarkPublished(1);
            log.TrySwitch().ShouldNotBeNull().Fail();
        }
        using (var again = Open(_folder.AfterKill(), Guid.Empty))
        {
            (again.Published, again.CacheIsUnsure).ShouldBe((0, true));
            again.Reset();
        }
        using var well = Begin(_folder, Guid.Empty);
        using var later = Open(_folder.AfterKill(), Guid.Empty);
        (later.Published, later.CacheIsUnsure).ShouldBe((0, false));
    }

    private static long PublishedIn(LogInMemory folder, Guid run)
    {
        using var log = Open(folder.AfterKill(), run);
        return log.Published;
    }

    private static long[] NumbersAfterPowerCut(LogInMemory folder, bool gotThrough)
    {
        using var log = Open(folder.AfterPowerCut((_, _) => gotThrough), NextRun);
        return log.Numbers();
    }

    private static long FillWith(char fill, CommitLog log)
    {
        for (var entry = Whole("file", new string(fill, 9000)); log.TryAdd(entry, out var number); log.Flush())
        {
            if (BytesLeft(log) < 3 * PageBytes)
            {
                log.Flush();
                return number;
            }
        }
        return log.NextNumber - 1;
    }

    private static long BytesLeft(CommitLog log) => log.SegmentBytesLeft;

    private static int FirstDifference(byte[] one, byte[] other) => one.AsSpan().CommonPrefixLength(other);

    private static Span<byte> Sector(byte[] bytes, int at) => bytes.AsSpan(at, LogInMemory.SectorBytes);
}
