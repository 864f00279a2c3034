using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Wire;
using ActorSock.Tests.Files;
using static ActorSock.Tests.Journal.ScratchJournal;

namespace ActorSock.Tests.Journal;

public sealed class JournalFolderTests : IDisposable
{
    private readonly ScratchJournal _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Records_are_numbered_from_one_and_each_names_the_hash_of_the_one_before()
    {
        using var journal = _scratch.Open(out var opened);
        var receipts = Enumerable.Range(0, 3).Select(_ => Append(journal)).ToList();
        journal.Flush();

        opened.ShouldBe(new JournalOpened(0, null, null));
        receipts.Select(receipt => receipt.Sequence).ShouldBe([1, 2, 3]);
        _scratch.Records.Select(record => new JournalReceipt(record.Sequence, record.Hash)).ShouldBe(receipts);
        _scratch.Records.Select(record => record.Previous)
            .ShouldBe([default, receipts[0].Hash, receipts[1].Hash]);
        (journal.LastSequence, journal.LastHash).ShouldBe((3, receipts[2].Hash));
    }

    [Fact]
    public void Nothing_is_written_before_the_flush()
    {
        using var journal = _scratch.Open();

        Append(journal, 10);

        _scratch.Files.ShouldBeEmpty();
        journal.Flush();
        _scratch.Lines.Length.ShouldBe(10);
    }

    [Fact]
    public void Opened_again_the_chain_goes_on()
    {
        for (var times = 1; times <= 4; times++)
        {
            using var journal = _scratch.Open(out var opened);
            (opened.LastSequence, opened.LastRecord?.Sequence ?? 0, opened.Cut).ShouldBe(((times - 1) * 5, (times - 1) * 5, null));
            Append(journal, 5);
            journal.Flush();
        }

        ShouldBeWhole(records: 20);
        _scratch.FileNames.ShouldBe(["journal-0000000000000001.jsonl"]);
    }

    [Fact]
    public void However_long_it_is_opening_it_takes_little_memory()
    {
        _scratch.Settings = _scratch.Settings with { FileBytesMax = 64 << 20 };
        _scratch.With(records: 20_000);
        _scratch.Open().Dispose(); // what is made once
        var before = GC.GetAllocatedBytesForCurrentThread();

        _scratch.Open(out var opened).Dispose();

        opened.LastSequence.ShouldBe(20_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void No_file_is_larger_than_the_setting_and_the_chain_goes_across_files()
    {
        _scratch.Settings = _scratch.Settings with { FileBytesMax = 2048 };
        using (var journal = _scratch.Open())
        {
            foreach (var flushedAtOnce in (int[])[1, 2, 30, 1, 7])
            {
                Append(journal, flushedAtOnce);
                journal.Flush();
            }
        }
        _scratch.With(records: 9);

        ShouldBeWhole(records: 50);
        _scratch.Files.Length.ShouldBeGreaterThan(5);
        foreach (var file in _scratch.Files)
        {
            new FileInfo(file).Length.ShouldBeLessThanOrEqualTo(2048);
            Path.GetFileName(file).ShouldBe($"journal-{Read(File.ReadLines(file).First()).Sequence:D16}.jsonl");
        }
    }

    [Fact]
    public void A_line_that_is_larger_than_a_file_may_be_has_a_file_of_its_own()
    {
        _scratch.Settings = _scratch.Settings with { FileBytesMax = 1024 };
        using var journal = _scratch.Open();

        Append(journal);
        journal.Append(new(Noon, "peer", new string('n', 2000), 1, default(Md5Digest)));
        Append(journal);
        journal.Flush();

        _scratch.Files.Select(file => File.ReadLines(file).Count()).ShouldBe([1, 1, 1]);
        ShouldBeWhole(records: 3);
    }

    [Fact]
    public void A_sync_marks_what_is_durable_and_a_flush_does_not()
    {
        using var journal = _scratch.Open();
        Append(journal, 2);
        journal.Sync();
        var durable = journal.LastHash;
        Append(journal, 3);
        journal.Flush();

        File.ReadAllText(_scratch.Mark).ShouldBe($"{2:D19} {durable}\n");
        journal.SyncFlushed();
        File.ReadAllText(_scratch.Mark).ShouldBe($"{5:D19} {journal.LastHash}\n");
    }

    [Fact]
    public async Task One_thread_may_sync_while_another_appends()
    {
        _scratch.Settings = _scratch.Settings with { FileBytesMax = 4096 };
        using var journal = _scratch.Open();
        var done = false;

        var syncing = Task.Run(() =>
        {
            while (!Volatile.Read(ref done))
                journal.SyncFlushed();
        });
        for (var groups = 0; groups < 100; groups++)
        {
            Append(journal, 5);
            journal.Flush();
        }
        Volatile.Write(ref done, true);
        await syncing;
        journal.SyncFlushed();

        ShouldBeWhole(records: 500);
        File.ReadAllText(_scratch.Mark).ShouldBe($"{500:D19} {journal.LastHash}\n");
    }

    [LinuxFact]
    public void Nobody_but_the_node_looks_into_it()
    {
        if (OperatingSystem.IsWindows())
            return; // the analyser does not see the attribute
        _scratch.With(records: 1);

        File.GetUnixFileMode(_scratch.Folder).ShouldBe((UnixFileMode)0x1C0);
        File.GetUnixFileMode(_scratch.Files[0]).ShouldBe((UnixFileMode)0x180);
        File.GetUnixFileMode(_scratch.Mark).ShouldBe((UnixFileMode)0x180);
    }

    [LinuxFact]
    public void A_link_in_its_place_is_not_followed()
    {
        Directory.CreateSymbolicLink(_scratch.Folder, _scratch.Root);

        Should.Throw<StorageException>(() => _scratch.Open()).Fault.ShouldBe(StorageFault.Linked);
    }

    [Fact]
    public void Moved_away_as_a_whole_it_goes_on_where_it_was()
    {
        _scratch.With(records: 5);
        var last = _scratch.Records[^1];
        File.Delete(_scratch.Files.ShouldHaveSingleItem());

        _scratch.With(records: 1);

        _scratch.FileNames.ShouldBe(["journal-0000000000000006.jsonl"]);
        var record = _scratch.Records.ShouldHaveSingleItem();
        (record.Sequence, record.Previous).ShouldBe((6, last.Hash));
    }

    [MountFact]
    public void A_disk_that_is_full_breaks_it_and_opened_again_it_goes_on_behind_whole_lines()
    {
        using var disk = new TmpFs(_scratch.NodeFolder, "size=64k");
        var journal = _scratch.With(records: 10).Open();
        Append(journal, 500);

        Should.Throw<StorageException>(journal.Flush).Fault.ShouldBe(StorageFault.DiskFull);

        Should.Throw<InvalidOperationException>(() => Append(journal));
        Should.Throw<InvalidOperationException>(journal.Flush);
        Should.Throw<InvalidOperationException>(journal.Sync);
        journal.Dispose();
        var whole = File.ReadAllText(_scratch.Files[0]).Count(c => c == '\n');
        using (var again = _scratch.Open(out var opened))
        {
            opened.LastSequence.ShouldBe(whole);
            opened.Cut!.Why.ShouldBe("it is not complete");
        }
        ShouldBeWhole(records: whole);
    }

    private void ShouldBeWhole(int records)
    {
        var previous = default(RecordHash);
        var due = 1L;
        foreach (var record in _scratch.Records)
        {
            (record.Sequence, record.Previous).ShouldBe((due, previous));
            (due, previous) = (due + 1, record.Hash);
        }
        due.ShouldBe(records + 1);
    }
}
