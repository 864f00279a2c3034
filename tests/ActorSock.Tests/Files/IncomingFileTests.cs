using ActorSock.Files;
using static ActorSock.Tests.Files.ScratchRoot;

namespace ActorSock.Tests.Files;

/// <summary>What an upload asks of the disk, step by step, and what it does when a step fails.</summary>
public sealed class IncomingFileTests : IDisposable
{
    private readonly ScratchRoot _scratch = new();
    private readonly RecordsSteps _volume = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_bytes_are_durable_before_the_name_is_there()
    {
        using var root = Root();
        using var file = root.Create("c-1", Name("a"), 5_000_000);
        file.Write(new byte[3_000_000]);
        file.Write(new byte[1_000_000]);
        root.Publish(file);

        _volume.Steps.ShouldBe([
            "probe a", "create a", "preallocate 0+3000000", "write 0+3000000",
            "preallocate 3000000+1048576", "write 3000000+1000000",
            "truncate 4000000", "seal", "close-part", "publish-part a", "sync-all"]);
    }

    [Fact]
    public void What_comes_in_one_piece_is_not_taken_ahead()
    {
        using var file = Create(size: 100);
        file.Write(new byte[100]);
        file.Seal();

        _volume.Steps.ShouldBe(["probe a", "create a", "write 0+100", "seal", "close-part"]);
    }

    [Theory]
    [InlineData("preallocate")]
    [InlineData("write")]
    [InlineData("truncate")]
    [InlineData("seal")]
    public void After_a_step_that_failed_only_abandoning_is_left(string step)
    {
        using var root = Root();
        var file = root.Create("c-1", Name("a"), 5_000_000);
        _volume.FailsAt = step;

        Should.Throw<StorageException>(() =>
        {
            file.Write(new byte[10]);
            file.Seal();
        });
        Should.Throw<InvalidOperationException>(() => file.Write(new byte[10]));
        Should.Throw<InvalidOperationException>(() => file.Seal());
        file.Dispose();
        file.Dispose();

        _volume.Steps[^2..].ShouldBe(["remove", "close-part"]);
        _volume.Steps.Count(s => s == "remove").ShouldBe(1);
    }

    [Fact]
    public void A_part_that_cannot_be_removed_does_not_make_abandoning_throw()
    {
        var file = Create(size: 10);
        _volume.FailsAt = "remove";

        Should.NotThrow(file.Abandon);

        _volume.Steps[^1].ShouldBe("close-part");
    }

    [Fact]
    public void A_disk_that_others_filled_meanwhile_refuses_the_next_step_ahead()
    {
        using var file = Create(size: 100_000_000);
        file.Write(new byte[10]);
        _volume.FreeBytes = 1_000_000;
        file.Write(new byte[(1 << 20) - 10]);

        Should.Throw<StorageException>(() => file.Write(new byte[1])).Fault.ShouldBe(StorageFault.DiskFull);
    }

    [Fact]
    public void Of_a_size_that_nobody_knows_nothing_is_taken_ahead_before_it_is_a_large_one()
    {
        using var root = Root();
        using var file = root.Create("c-1", Name("a"), size: null);
        file.Write(new byte[1 << 20]); // as much as direct-bytes-min
        file.Write(new byte[10]);
        root.Publish(file);

        _volume.Steps.ShouldBe([
            "probe a", "create a", "write 0+1048576", "preallocate 0+1048586", "write 1048576+10", "seal", "close-part", "publish-part a",
            "sync-all"]);
    }

    [Theory, InlineData(0), InlineData(1 << 20)]
    public void Of_a_size_that_nobody_knows_each_piece_has_to_find_room(int preallocateBytes)
    {
        _scratch.Settings = _scratch.Settings with { PreallocateBytes = preallocateBytes };
        using var file = Root().Create("c-1", Name("a"), size: null);
        file.Write(new byte[10]);
        _volume.FreeBytes = 99;
        file.Write(new byte[99]);

        Should.Throw<StorageException>(() => file.Write(new byte[100])).Fault.ShouldBe(StorageFault.DiskFull);
    }

    private FileRoot Root() => new(_volume, _scratch.Settings, TimeProvider.System);

    private IIncomingFile Create(long size) => Root().Create("c-1", Name("a"), size);
}
