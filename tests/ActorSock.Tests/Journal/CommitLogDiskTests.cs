using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Tests.Files;
using static ActorSock.Tests.Journal.Commits;

namespace ActorSock.Tests.Journal;

/// <summary>The commit log on real disks of several kinds.</summary>
public sealed class CommitLogDiskTests : IDisposable
{
    private readonly ScratchRoot _scratch = new();

    public static TheoryData<bool> Volumes => PublishTests.Volumes;

    public void Dispose() => _scratch.Dispose();

    [Theory, MemberData(nameof(Volumes))]
    public void What_was_flushed_is_found_again_after_many_uses_of_the_segments(bool portable)
    {
        var body = new string('x', 50 * KiB);
        using (var store = _scratch.Open(portable))
        using (var log = Begin(store))
        {
            for (var i = 0; i < 30; i++)
            {
                if (log.SegmentBytesLeft < 60 * KiB)
                    log.TrySwitch().ShouldNotBeNull().Complete();
                log.Commit(Whole($"{i}", body));
            }
        }

        using var storeAgain = _scratch.Open(portable);
        using var again = Open(storeAgain);

        again.Read().ShouldAllBe(entry => entry.Digest == DigestOf(entry.Body.ToArray()));
        again.Numbers()[^1].ShouldBe(30);
        new FileInfo(_scratch.Below(".actorsock/log/log-0")).Length.ShouldBe(256 * KiB);
    }

    [MountTheory, InlineData(false), InlineData(true)]
    public void A_file_system_without_direct_writes_or_preallocation_does_as_well(bool portable)
    {
        using var disk = new TmpFs(_scratch.Path, "", "ramfs");
        using (var store = _scratch.Open(portable))
        using (var log = Begin(store))
        {
            for (var i = 0; i < 30; i++)
            {
                log.Commit(Whole($"{i}", new byte[1000]));
                if (i == 20)
                    log.TrySwitch().ShouldNotBeNull().Complete();
            }
        }

        using var storeAgain = _scratch.Open(portable);
        using var again = Open(storeAgain);

        again.Numbers().ShouldBe(Enumerable.Range(22, 9).Select(i => (long)i));
    }

    [MountFact]
    public void A_disk_without_room_for_the_log_says_so_before_anything_is_taken()
    {
        using var disk = new TmpFs(_scratch.Path, "size=400k");
        using var store = _scratch.Open();
        using var log = Open(store);

        var refused = Should.Throw<StorageException>(log.Reset);

        refused.Fault.ShouldBe(StorageFault.DiskFull);
        refused.Message.ShouldBe("cannot use the commit log: the disk is full: free some space");
    }

    [MountFact]
    public void A_disk_that_fills_up_later_does_not_touch_the_log()
    {
        using var disk = new TmpFs(_scratch.Path, "size=1m");
        using var store = _scratch.Open();
        using var log = Begin(store);
        File.WriteAllBytes(_scratch.Below("fills"), new byte[disk.FreeBytes]);

        for (var i = 0; i < 100; i++)
        {
            if (log.SegmentBytesLeft < 60 * KiB)
                log.TrySwitch().ShouldNotBeNull().Complete();
            log.Commit(Whole($"{i}", new byte[50 * KiB]));
        }

        log.NextNumber.ShouldBe(101);
    }

    [LinuxFact]
    public void What_lies_in_place_of_the_log_is_told()
    {
        using var store = _scratch.Open();
        Directory.CreateDirectory(_scratch.Below(".actorsock/log/log-0"));

        Should.Throw<StorageException>(() => Open(store)).Message.ShouldStartWith("cannot use the commit log: ");
    }

    [LinuxFact]
    public void This_run_of_the_machine_has_a_name_of_its_own()
    {
        BootId.Current.ShouldNotBe(Guid.Empty);
        BootId.Current.ShouldBe(Guid.Parse(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()));
    }
}
