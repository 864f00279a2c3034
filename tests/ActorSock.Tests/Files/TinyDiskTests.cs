using ActorSock.Files;
using static ActorSock.Tests.Files.ScratchRoot;

namespace ActorSock.Tests.Files;

/// <summary>A disk that is really full, and what is taken of it ahead of the bytes.</summary>
public sealed class TinyDiskTests : IDisposable
{
    private const int KiB = 1024;

    private readonly ScratchRoot _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [MountFact]
    public void A_disk_that_fills_up_refuses_that_upload_and_gives_its_space_back()
    {
        using var disk = new TmpFs(_scratch.Path, "size=1m");
        _scratch.Settings = _scratch.Settings with { PreallocateBytes = 0 };
        using var root = _scratch.Open();
        var free = disk.FreeBytes;
        var large = root.Create("c-1", Name("large"), 900 * KiB);
        var second = root.Create("c-2", Name("second"), 900 * KiB);
        large.Write(new byte[600 * KiB]);

        var refused = Should.Throw<StorageException>(() => second.Write(new byte[600 * KiB]));

        refused.Fault.ShouldBe(StorageFault.DiskFull);
        refused.Message.ShouldBe("cannot store 'second': the disk is full: free some space");
        second.Dispose();
        large.Write(new byte[300 * KiB]);
        root.Publish(large);
        new FileInfo(_scratch.Below("large")).Length.ShouldBe(900 * KiB);
        disk.FreeBytes.ShouldBe(free - 900 * KiB);
    }

    [MountFact]
    public void Space_that_cannot_be_taken_ahead_is_refused_before_the_bytes_come()
    {
        using var disk = new TmpFs(_scratch.Path, "size=1m");
        using var root = _scratch.Open();
        var first = root.Create("c-1", Name("first"), 900 * KiB);
        var second = root.Create("c-2", Name("second"), 900 * KiB);
        first.Write(new byte[4 * KiB]);

        Should.Throw<StorageException>(() => second.Write(new byte[4 * KiB]))
            .Fault.ShouldBe(StorageFault.DiskFull);

        second.Dispose();
        first.Dispose();
    }

    [MountFact]
    public void A_terabyte_in_a_header_is_refused_at_once_and_costs_nothing()
    {
        using var disk = new TmpFs(_scratch.Path, "size=1m");
        using var root = _scratch.Open();
        var free = disk.FreeBytes;

        var refused = Should.Throw<StorageException>(() => root.Create("c-1", Name("huge"), 1L << 40));

        refused.Fault.ShouldBe(StorageFault.DiskFull);
        refused.Message.ShouldBe("cannot store 'huge': it takes 1099511627776 more bytes and the disk has "
            + $"{free} to give, above those that stay free: free some space, or lower actorsock.files.free-bytes-min");
        _scratch.Parts().ShouldBeEmpty();
        disk.FreeBytes.ShouldBe(free);
    }

    [MountFact]
    public void Uploads_leave_free_what_must_stay_free()
    {
        using var disk = new TmpFs(_scratch.Path, "size=1m");
        using var root = OpenWith(freeBytesMin: disk.FreeBytes - 100 * KiB);

        Should.Throw<StorageException>(() => root.Create("c-1", Name("a"), 101 * KiB))
            .Fault.ShouldBe(StorageFault.DiskFull);

        root.Create("c-1", Name("a"), 90 * KiB).Dispose();
    }

    [MountFact]
    public void Space_is_taken_ahead_in_bounded_steps_and_never_beyond_the_announced_size()
    {
        using var disk = new TmpFs(_scratch.Path, "size=4m");
        _scratch.Settings = _scratch.Settings with { PreallocateBytes = 256 * KiB };
        using var root = _scratch.Open();
        var free = disk.FreeBytes;
        using var file = root.Create("c-1", Name("a"), 600 * KiB);
        disk.FreeBytes.ShouldBe(free);

        var taken = new List<long>();
        for (var i = 0; i < 6; i++)
        {
            file.Write(new byte[100 * KiB]);
            taken.Add((free - disk.FreeBytes) / KiB);
        }

        taken.ShouldBe([256, 256, 512, 512, 512, 600]);
        new FileInfo(_scratch.Parts().ShouldHaveSingleItem()).Length.ShouldBe(600 * KiB);
    }

    [MountFact]
    public void Nothing_taken_ahead_remains_behind_the_end_of_a_file()
    {
        using var disk = new TmpFs(_scratch.Path, "size=4m");
        using var root = _scratch.Open();
        var free = disk.FreeBytes;

        using (var file = root.Create("c-1", Name("a"), 3_000 * KiB))
        {
            file.Write(new byte[8 * KiB]);
            (free - disk.FreeBytes).ShouldBe(1024 * KiB);
            root.Publish(file);
        }

        new FileInfo(_scratch.Below("a")).Length.ShouldBe(8 * KiB);
        (free - disk.FreeBytes).ShouldBe(8 * KiB);
    }

    [MountFact]
    public void Nothing_taken_ahead_remains_in_a_part_that_is_kept()
    {
        using var disk = new TmpFs(_scratch.Path, "size=4m");
        _scratch.Settings = _scratch.Settings with { KeepParts = TimeSpan.FromHours(1) };
        using var root = _scratch.Open();
        var free = disk.FreeBytes;

        using (var file = root.Create("c-1", Name("a"), 3_000 * KiB))
            file.Write(new byte[8 * KiB]);

        new FileInfo(_scratch.Parts().ShouldHaveSingleItem()).Length.ShouldBe(8 * KiB);
        (free - disk.FreeBytes).ShouldBe(8 * KiB);
    }

    [MountFact]
    public void A_disk_without_room_for_one_more_name_is_full()
    {
        // The folder itself, the node's own five, and two more.
        using var disk = new TmpFs(_scratch.Path, "size=1m,nr_inodes=8");
        using var root = _scratch.Open();
        using var one = root.Create("c-1", Name("one"), 1);
        using var two = root.Create("c-2", Name("two/two"), 1);

        Should.Throw<StorageException>(() => root.Create("c-3", Name("three"), 1))
            .Fault.ShouldBe(StorageFault.DiskFull);
        Should.Throw<StorageException>(() => root.Publish(two)).Fault.ShouldBe(StorageFault.DiskFull);
        two.Abandon();
        root.Publish(one);

        _scratch.Visible().ShouldBe(["one"]);
        _scratch.Parts().ShouldBeEmpty();
    }

    [MountFact]
    public void A_folder_on_another_file_system_is_refused_with_the_reason()
    {
        using var root = _scratch.Open();
        using var file = root.Create("c-1", Name("a/b"), 1);
        root.Store(Name("c"), "c"u8);
        root.Store(Name("a/known"), "c"u8);
        using var other = new TmpFs(_scratch.Below("a"), "size=1m");

        Action[] all =
        [
            () => root.Publish(file), () => root.Create("c-2", Name("a/b"), 1), () => root.Store(Name("a/b"), "b"u8),
            () => root.Store(Name("a/new/b"), "b"u8), () => root.Rename(Name("c"), Name("a/b")), () => root.ThrowIfTaken(Name("a/b")),
            () => root.ThrowIfTaken(Name("a/none/b")),
        ];
        foreach (var each in all)
        {
            var refused = Should.Throw<StorageException>(each);
            refused.Fault.ShouldBe(StorageFault.Elsewhere);
            refused.Message.ShouldContain(": a folder on the way lies on another file system: make that file system the root, or unmount it");
        }
        root.ThrowIfTaken(Name("d/b"));
        Directory.EnumerateFiles(_scratch.Below("a"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    private FileRoot OpenWith(long freeBytesMin)
    {
        _scratch.Settings = _scratch.Settings with { FreeBytesMin = freeBytesMin };
        return _scratch.Open();
    }
}
