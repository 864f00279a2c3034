using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Wire;
using ActorSock.Wire.Native;
using FsCheck;
using FsCheck.Fluent;
using static ActorSock.Tests.Journal.Commits;

namespace ActorSock.Tests.Journal;

/// <summary>What goes into the commit log, and what is found in it.</summary>
public sealed class CommitLogTests
{
    private readonly LogInMemory _folder = new();

    [Fact]
    public void What_was_flushed_is_found_again_word_for_word_however_it_was_grouped()
    {
        var names = Gen.Elements("a", "b/c.txt", "数据/é/x", new string('n', 255), "a b");
        var clients = Gen.Elements("", "tcp://127.0.0.1:5000", "tcp://[2001:db8::1]:65535", "设备");
        var ticks = Gen.Choose(0, int.MaxValue).Select(at => DateTimeOffset.UnixEpoch.AddTicks(at * 10_000_019L));
        var digests = Gen.ArrayOf(Gen.Choose(0, 255), 16).Select(b => Md5Digest.FromBytes([.. b.Select(x => (byte)x)]));
        var bodies = Gen.Choose(0, 40).SelectMany(size => Gen.ArrayOf(Gen.Choose(0, 255), size))
            .Select(body => body.Select(b => (byte)b).ToArray());
        var whole = from t in ticks from c in clients from n in names from d in digests from b in bodies
                    select CommitEntry.Whole(t, c, Name(n), d, b);
        var part = from t in ticks from c in clients from n in names from d in digests from size in Gen.Choose(0, int.MaxValue)
                   select CommitEntry.Part(t, c, Name(n), size * 1_000_003L, d, $"c-{size}.part");
        var sha256s = Gen.OneOf(Gen.Constant<ContentDigest?>(null), Gen.ArrayOf(Gen.Choose(0, 255), 32).Select(b =>
            (ContentDigest?)ContentDigest.FromBytes(DigestKind.Sha256, [.. b.Select(x => (byte)x)])));
        var found = from size in Gen.Choose(0, int.MaxValue) from d in Gen.OneOf(digests.Select(d => (Md5Digest?)d), Gen.Constant<Md5Digest?>(null))
                    from sha256 in sha256s from t in ticks from inode in Gen.Choose(0, int.MaxValue)
                    select new StoredFile(size * 1_000_003L, t, new FileDigests(d, sha256)) { Inode = (ulong)inode << 31 };
        var removal = from t in ticks from c in clients from n in names from f in found select CommitEntry.Removal(t, c, Name(n), f);
        var renaming = from t in ticks from c in clients from n in names from to in names from f in found
                       select CommitEntry.Renaming(t, c, Name(n), Name(to), f);
        var more = from entry in Gen.OneOf(whole, part) from sha256 in sha256s select entry with { Sha256 = sha256 };
        var unknown = from t in ticks from n in names select CommitEntry.Part(t, "c", Name(n), 7, null, "c-1.part");
        var gone = from t in ticks from number in Gen.Choose(1, 1_000_000) select CommitEntry.Void(t, number);
        var groups = Gen.OneOf(whole, part, gone, more, unknown, removal, renaming).NonEmptyListOf().ListOf().ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithReplay(20_240_607, 7).WithMaxTest(100).WithEndSize(20), Prop.ForAll(groups, Found));

        static void Found(List<List<CommitEntry>> groups)
        {
            var folder = new LogInMemory();
            using (var log = Open(folder, segmentBytes: 512 * KiB))
            {
                log.Reset();
                foreach (var group in groups)
                    log.Commit([.. group]);
            }
            using var again = Open(folder);
            var added = groups.SelectMany(group => group).Select((entry, i) => (entry with { Number = i + 1 }).Show());
            again.Read().Select(Commits.Show).ShouldBe(added);
            again.Read().Select(Commits.Show).ShouldBe(added); // as often as one likes
            (again.MissingCount, again.NextNumber).ShouldBe((0, added.Count() + 1));
        }
    }

    [Fact]
    public void The_largest_entry_fits_and_a_larger_one_is_an_error()
    {
        using var log = Begin(_folder);
        var name = string.Join('/', Enumerable.Repeat(new string('n', 200), 20));
        name += '/' + new string('n', 4096 - name.Length - 1);
        FileName.TryConfine(name, 4096, out var longest, out _).ShouldBeTrue();
        longest = longest.Below(new string('k', 64)); // of a client who has a key

        log.Commit(CommitEntry.Whole(default, new string('c', 1024), longest, default, new byte[64 * KiB]));

        Should.Throw<ArgumentException>(() => log.TryAdd(Whole("a", new byte[64 * KiB + 1]), out _));
        Should.Throw<ArgumentException>(() =>
            log.TryAdd(CommitEntry.Whole(default, new string('c', 1025), longest, default, default), out _));
        log.Commit(Whole("b", "still of use"));
        using var again = Open(_folder);
        again.Read().Select(entry => entry.Name.Value).ShouldBe([longest.Value, "b"]);
    }

    [Fact]
    public void What_was_not_flushed_is_not_found()
    {
        using (var log = Begin(_folder))
        {
            log.Commit(Whole("a", "flushed"));
            log.Add(Whole("b", "not"));
        }

        using var again = Open(_folder);

        again.Numbers().ShouldBe([1]);
        again.NextNumber.ShouldBe(2);
    }

    [Fact]
    public void One_group_is_one_write_and_one_flush()
    {
        using var log = Begin(_folder);
        log.Commit(Whole("first", "writes ahead"));
        _folder.Steps.Clear();

        log.Commit([.. Enumerable.Range(0, 16).Select(i => Whole($"{i}", new byte[4 * KiB]))]);
        log.Flush(); // of nothing

        _folder.Steps.ShouldBe(["write log-0 8192+69632", "sync log-0"]);
    }

    [Fact]
    public void A_full_segment_is_left_for_the_other_and_its_entries_stay_until_their_files_are_durable()
    {
        using var log = Begin(_folder);
        var last = Fill(log);
        log.IsEmpty.ShouldBeFalse();

        var checkpoint = log.TrySwitch().ShouldNotBeNull();
        log.Commit(Whole("next", "in the other"));

        checkpoint.LastNumber.ShouldBe(last);
        log.InCheckpoint.ShouldBeTrue();
        NumbersIn(_folder.AfterKill()).ShouldBe(Enumerable.Range(1, (int)last + 1).Select(n => (long)n));
        checkpoint.Complete();
        log.InCheckpoint.ShouldBeFalse();
        NumbersIn(_folder.AfterKill()).ShouldBe([last + 1]);
    }

    [Fact]
    public void While_one_checkpoint_is_not_over_there_is_no_other()
    {
        using var log = Begin(_folder);
        log.TrySwitch().ShouldBeNull(); // nothing in it
        log.Commit(Whole("a", "a"));
        var first = log.TrySwitch().ShouldNotBeNull();
        log.Commit(Whole("b", "b"));

        log.TrySwitch().ShouldBeNull();
        first.Complete();

        log.TrySwitch().ShouldNotBeNull().LastNumber.ShouldBe(2);
    }

    [Fact]
    public void A_segment_is_not_left_in_the_middle_of_a_group()
    {
        using var log = Begin(_folder);
        log.Add(Whole("a", "a"));

        Should.Throw<InvalidOperationException>(log.TrySwitch);
    }

    [Fact]
    public void Numbers_rise_by_one_through_many_uses_of_the_segments_and_many_starts()
    {
        var next = 1L;
        for (var start = 0; start < 5; start++)
        {
            using var log = Begin(_folder);
            for (var round = 0; round < 7; round++)
            {
                log.NextNumber.ShouldBe(next);
                next = Fill(log) + 1;
                log.TrySwitch().ShouldNotBeNull().Complete();
            }
            log.Commit(Whole("a", "left in the log"));
            next++;
        }

        using var again = Open(_folder);
        again.Numbers().ShouldBe([next - 1]);
        again.MissingCount.ShouldBe(0);
    }

    [Fact]
    public void A_log_that_was_reset_is_empty_and_goes_on_counting()
    {
        using (var log = Begin(_folder))
            log.Commit(Whole("a", "a"), Whole("b", "b"));
        using (var log = Begin(_folder))
            log.NextNumber.ShouldBe(3);

        using var again = Open(_folder, NextRun);

        again.Numbers().ShouldBeEmpty();
        (again.NextNumber, again.MissingCount).ShouldBe((3, 0));
    }

    [Fact]
    public void What_is_in_a_log_of_another_length_is_read_before_its_length_changes()
    {
        using (var log = Open(_folder, segmentBytes: 512 * KiB))
        {
            log.Reset();
            Fill(log).ShouldBeGreaterThan(100);
        }
        using var smaller = Open(_folder, segmentBytes: 256 * KiB + 1); // rounded up to pages
        smaller.Numbers().Length.ShouldBeGreaterThan(100);

        smaller.Reset();

        (_folder["log-0"].Length, _folder["log-1"].Length).ShouldBe((260 * KiB, 260 * KiB));
        Fill(smaller);
        NumbersIn(_folder.AfterKill())[^1].ShouldBe(smaller.NextNumber - 1);
    }

    [Fact]
    public void A_log_too_small_for_one_entry_is_an_error()
    {
        Should.Throw<ArgumentException>(() => CommitLog.Open(_folder, 128 * KiB, 16 * KiB, ThisRun));
        Should.Throw<ArgumentException>(() => CommitLog.Open(_folder, 256 * KiB, 256 * KiB, ThisRun));
    }

    [Theory, InlineData("write log-0"), InlineData("sync log-0")]
    public void After_a_failure_it_takes_nothing_more_until_it_is_opened_anew(string step)
    {
        var log = Begin(_folder);
        log.Commit(Whole("a", "a"));
        log.Add(Whole("b", "b"));
        _folder.Fails = (step, StorageFault.Failed);

        Should.Throw<StorageException>(log.Flush).Fault.ShouldBe(StorageFault.Failed);

        _folder.Fails = null;
        Should.Throw<StorageException>(() => log.TryAdd(Whole("c", "c"), out _));
        Should.Throw<StorageException>(log.Flush);
        Should.Throw<StorageException>(log.TrySwitch);
        log.Dispose();
        using var again = Open(_folder);
        again.Numbers()[0].ShouldBe(1);
        again.Reset();
        again.Commit(Whole("c", "c"));
    }

    [Fact]
    public void A_checkpoint_that_could_not_be_written_down_is_not_over_and_can_be_completed_later()
    {
        using var log = Begin(_folder);
        log.Commit(Whole("a", "a"));
        var checkpoint = log.TrySwitch().ShouldNotBeNull();
        _folder.Fails = ("sync log-0", StorageFault.Failed);

        Should.Throw<StorageException>(checkpoint.Complete);

        _folder.Fails = null;
        log.Commit(Whole("b", "b"));
        log.TrySwitch().ShouldBeNull();
        checkpoint.Complete();
        NumbersIn(_folder.AfterKill()).ShouldBe([2]);
    }

    [Fact]
    public void A_checkpoint_that_outlives_its_log_touches_nothing()
    {
        var log = Begin(_folder);
        log.Commit(Whole("a", "a"));
        var checkpoint = log.TrySwitch().ShouldNotBeNull();
        log.Dispose();
        log.Dispose();

        Should.Throw<ObjectDisposedException>(checkpoint.Complete);
        Should.Throw<ObjectDisposedException>(checkpoint.Fail);

        NumbersIn(_folder).ShouldBe([1]);
    }

    [Fact]
    public void Nothing_is_added_before_what_was_found_is_given_up_and_nothing_is_found_after_it()
    {
        using var log = Open(_folder);

        Should.Throw<InvalidOperationException>(() => log.TryAdd(Whole("a", "a"), out _));
        log.Reset();

        Should.Throw<InvalidOperationException>(() => log.Read().ToArray());
        Should.Throw<InvalidOperationException>(log.Reset);
    }

    [Fact]
    public void Adding_and_flushing_allocates_nothing()
    {
        var scratch = Directory.CreateTempSubdirectory("actorsock-");
        try
        {
            using var volume = PortableVolumeOrLinux(scratch.FullName);
            using var log = Begin(volume);
            var entry = Whole("folder/name.bin", new byte[4 * KiB]);
            AddFour();
            var before = GC.GetAllocatedBytesForCurrentThread();

            for (var i = 0; i < 8; i++)
                AddFour();

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

            void AddFour()
            {
                for (var i = 0; i < 4; i++)
                    log.TryAdd(entry, out _);
                log.Flush();
                log.MarkPublished(log.NextNumber - 1);
            }
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static IVolume PortableVolumeOrLinux(string path) =>
        OperatingSystem.IsLinux() ? LinuxVolume.Open(path) : PortableVolume.Open(path);

    private static long[] NumbersIn(LogInMemory folder)
    {
        using var log = Open(folder);
        return log.Numbers();
    }

    /// <summary>Flushes groups of three until the segment is full; the last number is returned.</summary>
    private static long Fill(CommitLog log)
    {
        for (var (entry, last) = (Whole("file", new byte[1000]), 0L); ; last = log.NextNumber - 1)
        {
            while (log.GroupCount < 3 && log.TryAdd(entry, out _))
            {
            }
            if (log.GroupCount == 0)
                return last;
            log.Flush();
        }
    }
}
