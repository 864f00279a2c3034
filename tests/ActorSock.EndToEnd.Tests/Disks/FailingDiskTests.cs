using ActorSock.EndToEnd.Tests.Crashes;
using ActorSock.EndToEnd.Tests.Tracing;
using Xunit.Abstractions;

namespace ActorSock.EndToEnd.Tests.Disks;

/// <summary>A disk that refuses in the middle: nothing is acknowledged that it did not take, and the node goes on when it can.</summary>
public sealed class FailingDiskTests(ITestOutputHelper output) : IDisposable
{
    private readonly RootThatOutlives _root = new(output);

    public void Dispose() => _root.Dispose();

    private string Log(string name) => Path.Combine(_root.Inbox, ".actorsock", "log", name);

    [StraceFact]
    public async Task A_log_that_cannot_be_flushed_refuses_and_is_opened_anew()
    {
        await using var node = await RunningNode.StartOn(_root.Folder);
        using var client = await Uploader.Connect(node.Port, _root.Ledger);
        (await client.Put("before.bin", [1])).ShouldBe("203");

        await using (await FailingCalls.In(node, "fdatasync", "error=EIO", Log("log-0"), Log("log-1")))
        {
            (await client.Put("small.bin", [2])).ShouldBe("500");
            (await client.Put("large.bin", new byte[100_000])).ShouldBe("500");
            await node.UntilLogged("the journal failed, no upload is taken: cannot use the commit log: the disk reports an error: "
                + "look into the kernel's log before you trust that disk");
        }

        await ShouldGoOn(node, client);
    }

    [StraceFact]
    public async Task A_root_that_becomes_read_only_refuses_with_the_reason_and_is_opened_anew_when_it_can_be_written()
    {
        await using var node = await RunningNode.StartOn(_root.Folder);
        using var client = await Uploader.Connect(node.Port, _root.Ledger);
        (await client.Put("before.bin", [1])).ShouldBe("203");

        await using (await FailingCalls.In(node, "openat,pwrite64,fdatasync,fsync,syncfs,linkat,renameat,ftruncate,fallocate", "error=EROFS",
            Log(""), Log("log-0"), Log("log-1"), Log("published"), _root.Inbox))
        {
            (await client.Put("small.bin", [2])).ShouldBe("507");
            await node.UntilLogged("the journal failed, no upload is taken: cannot use the commit log: the file system is read-only");
            (await client.Put("again.bin", [2])).ShouldBe("507");
            (await client.Put("large.bin", new byte[100_000])).ShouldBe("507");
            await node.UntilLogged("refused \"large.bin\" after");
        }

        await ShouldGoOn(node, client);
        node.Log.ShouldContain("507 StorageReadOnly: the file system is read-only");
    }

    [StraceFact]
    public async Task A_part_file_that_cannot_be_made_durable_is_refused_alone()
    {
        await using var node = await RunningNode.StartOn(_root.Folder);
        using var client = await Uploader.Connect(node.Port, _root.Ledger);

        await using (await FailingCalls.In(node, "fsync", "error=EIO", Path.Combine(_root.Inbox, ".actorsock", "staging")))
        {
            (await client.Put("large.bin", new byte[100_000])).ShouldBe("500");
            (await client.Put("small.bin", [2])).ShouldBe("203");
        }

        (await client.Put("large.bin", new byte[200_000])).ShouldBe("203");
        node.Log.ShouldNotContain("restarted");
        _root.ShouldHaveRecovered();
    }

    [StraceFact]
    public async Task What_could_not_be_named_gets_no_line_when_the_node_dies_before_it_took_it_back()
    {
        await using (var node = await RunningNode.StartOn(_root.Folder))
        {
            using var client = await Uploader.Connect(node.Port, _root.Ledger);
            (await client.Put("before.bin", [1])).ShouldBe("203");
            var rest = await client.PutAllButLast("taken.bin", new byte[100_000]);
            await node.UntilStaged(1);

            // As when somebody makes a folder of that name just then. The first write to the log is the commit, the second would take
            // it back.
            await using (await FailingCalls.In(
                node, [("renameat", "error=EISDIR"), ("pwrite64", "signal=KILL:when=2")], Log("log-0"), _root.Inbox))
            {
                (await rest()).ShouldBe("");
                (await node.UntilEnded()).ShouldBe(RootThatOutlives.Killed, node.Log);
            }
        }
        Directory.CreateDirectory(Path.Combine(_root.Inbox, "taken.bin"));
        await using var again = await RunningNode.StartOn(_root.Folder);

        StoredRoot.Read(_root.Inbox).Records.Select(record => record.Name).ShouldBe(["before.bin"]);
        _root.ShouldHaveRecovered();
    }

    [StraceFact]
    public async Task When_a_checkpoint_fails_the_files_of_the_log_are_written_again()
    {
        await using var node = await RunningNode.StartOn(_root.Folder, "--set", "actorsock.journal.checkpoint-interval=2s"); // all three are stored before it
        using var client = await Uploader.Connect(node.Port, _root.Ledger);

        await using (await FailingCalls.In(node, "syncfs", "error=EIO"))
        {
            (await client.PutAll(("a.bin", [1]), ("b/b.bin", [2]), ("large.bin", new byte[100_000]))).ShouldAllBe(verdict => verdict == "203");
            await node.UntilLogged("cannot make stored files durable");
            await node.UntilLogged("the journal failed, no upload is taken");
        }

        await ShouldGoOn(node, client);
        node.Log.ShouldContain("2 files written again, 0 named, 0 removed, 0 lost");
    }

    [StraceFact]
    public async Task A_file_of_the_journal_that_could_not_be_made_durable_is_not_believed_by_the_next_sync()
    {
        await using var node = await RunningNode.StartOn(_root.Folder, "--set", "actorsock.journal.file-bytes-max=1KiB");
        using var client = await Uploader.Connect(node.Port, _root.Ledger);
        (await client.PutAll(("1.bin", [1]), ("2.bin", [2]), ("3.bin", [3]))).ShouldAllBe(verdict => verdict == "203");

        await using (await FailingCalls.In(node, "fsync,fdatasync", "error=EIO:when=1", Path.Combine(_root.Inbox, ".actorsock", "journal", "journal-0000000000000001.jsonl")))
        {
            (await client.Put("4.bin", [4])).ShouldBe("500");
            await node.UntilLogged("journal recovered: of 4 commits in the log 4 files written again");
        }

        node.Log.ShouldContain("from line 1 on: a sync had failed, and the disk may not have it");
        await ShouldGoOn(node, client);
    }

    [StraceFact]
    public async Task When_a_checkpoint_cannot_make_the_journal_durable_it_is_written_again()
    {
        await using var node = await RunningNode.StartOn(_root.Folder, "--set", "actorsock.journal.checkpoint-interval=100ms");
        using var client = await Uploader.Connect(node.Port, _root.Ledger);

        await using (await FailingCalls.In(node, "fsync,fdatasync", "error=EIO:when=1", Path.Combine(_root.Inbox, ".actorsock", "journal", "journal-0000000000000001.jsonl")))
        {
            (await client.Put("a.bin", [1])).ShouldBe("203");
            await node.UntilLogged("journal recovered: of 1 commits in the log 1 files written again, 0 named, 0 removed, 0 lost, 0 entries missing, 1 lines added");
        }

        await ShouldGoOn(node, client);
    }

    /// <summary>The real thing: an ext4 that has found an error, and goes read-only under the node.</summary>
    [Ext4Fact]
    public async Task What_was_acknowledged_before_a_file_system_gave_up_is_there_when_it_was_mounted_anew()
    {
        await using var disk = await SmallDisk.Ext4(128);
        var ledger = new Ledger();
        await using (var node = await RunningNode.StartOn(disk.Folder, "--set", "actorsock.files.free-bytes-min=0B"))
        {
            using var client = await Uploader.Connect(node.Port, ledger);
            (await client.PutAll(("small.bin", [1, 2]), ("large.bin", new byte[100_000]))).ShouldBe(["203", "203"]);
            var rest = await client.PutAllButLast("rest.bin", new byte[2_000_000]);

            await disk.BecomeReadOnly();

            (await rest()).ShouldNotBe("203");
            (await client.Put("more.bin", [3])).ShouldBe("507");
            await node.UntilLogged("the file system is read-only: mount it writable or set actorsock.files.root");
            output.WriteLine(node.Log);
            (await node.Terminate()).ShouldBe(0);
        }
        await disk.Unmount();
        await disk.Mount();

        await using var again = await RunningNode.StartOn(disk.Folder, "--set", "actorsock.files.free-bytes-min=0B");
        output.WriteLine(again.Log);
        ledger.ShouldBeKeptBy(StoredRoot.Read(disk.Inbox));
        using var later = await Uploader.Connect(again.Port, ledger);
        (await later.Put("more.bin", [4])).ShouldBe("203");
    }

    private async Task ShouldGoOn(RunningNode node, Uploader client)
    {
        await client.UntilTaken();
        (await client.Put("large-again.bin", new byte[300_000])).ShouldBe("203");
        output.WriteLine(node.Log);
        _root.ShouldHaveRecovered();
        (await node.Terminate()).ShouldBe(0);
    }
}
