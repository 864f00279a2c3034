using ActorSock.EndToEnd.Tests.Crashes;

namespace ActorSock.EndToEnd.Tests.Disks;

/// <summary>File systems that can do more, and others that can do less.</summary>
public sealed class DiskKindTests
{
    private const int DirectFlag = 0x4000; // O_DIRECT on x64

    private static readonly string[] s_settings =
        ["--set", "actorsock.files.free-bytes-min=0B", "--set", "actorsock.journal.log-bytes=256KiB"];

    [Ext4Fact]
    public async Task On_an_ext4_the_log_is_written_past_the_page_cache() => (await IsLogDirect(await SmallDisk.Ext4(64))).ShouldBeTrue();

    [DiskFact]
    public async Task A_file_system_in_memory_is_as_good_as_a_disk() => await IsLogDirect(await SmallDisk.TmpFs("size=32m"));

    [DiskFact]
    public async Task Without_direct_writes_without_preallocation_and_without_a_word_about_free_space_it_works_too() =>
        (await IsLogDirect(await SmallDisk.RamFs())).ShouldBeFalse();

    /// <summary>Sends all sorts of files, has them again after a kill, and looks how the log is opened.</summary>
    private static async Task<bool> IsLogDirect(SmallDisk mounted)
    {
        await using var disk = mounted;
        var ledger = new Ledger();
        await using var node = await RunningNode.StartOn(disk.Folder, s_settings);
        using var client = await Uploader.Connect(node.Port, ledger);
        (await client.PutAll(("a/small.bin", new byte[100]), ("a/large.bin", new byte[3_000_000]), ("medium.bin", new byte[100_000]),
            ("a/small.bin", new byte[200]), ("empty", []))).ShouldAllBe(verdict => verdict == "203");
        node.Log.ShouldNotContain(" ERR ");
        ledger.ShouldBeKeptBy(StoredRoot.Read(disk.Inbox));
        var direct = node.OpenFlags("/log/log-0");
        await node.Kill();

        await using var again = await RunningNode.StartOn(disk.Folder, s_settings);
        ledger.ShouldBeKeptBy(StoredRoot.Read(disk.Inbox));
        return (direct & DirectFlag) != 0;
    }
}
