using ActorSock.Blocks;

namespace ActorSock.Tests.Blocks;

public sealed class BlockPoolTests
{
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;

    [Theory]
    [InlineData(0, 4 * KiB)]
    [InlineData(1, 4 * KiB)]
    [InlineData(4 * KiB, 4 * KiB)]
    [InlineData(4 * KiB + 1, 16 * KiB)]
    [InlineData(16 * KiB + 1, 64 * KiB)]
    [InlineData(64 * KiB + 1, 256 * KiB)]
    [InlineData(256 * KiB, 256 * KiB)]
    [InlineData(256 * KiB + 1, MiB)]
    [InlineData(MiB, MiB)]
    [InlineData(int.MaxValue, MiB)]
    public void A_block_is_the_smallest_that_holds_what_is_wanted(int wanted, int capacity)
    {
        using var pool = new BlockPool(4 * MiB);

        var block = pool.TryRent(wanted)!;

        block.Capacity.ShouldBe(capacity);
        block.Memory.Length.ShouldBe(capacity);
        block.Length.ShouldBe(0);
        (block.Address % 4096).ShouldBe(0);
        block.Return();
    }

    [Fact]
    public void A_low_ceiling_lowers_the_largest_block()
    {
        using var pool = new BlockPool(300 * KiB);

        var block = pool.TryRent(MiB)!;

        block.Capacity.ShouldBe(256 * KiB);
        block.Return();
    }

    [Fact]
    public void Nothing_is_lent_beyond_the_ceiling()
    {
        using var pool = new BlockPool(2 * MiB);
        var held = new[] { pool.TryRent(MiB)!, pool.TryRent(512 * KiB)! };

        pool.TryRent(1).ShouldBeNull();

        pool.BytesOut.ShouldBe(2 * MiB);
        pool.BlocksOut.ShouldBe(2);
        Array.ForEach(held, b => b.Return());
        pool.BytesOut.ShouldBe(0);
        pool.BlocksOut.ShouldBe(0);
    }

    [Fact]
    public void What_is_kept_for_reuse_counts_under_the_ceiling()
    {
        using var pool = new BlockPool(MiB);
        var small = Enumerable.Range(0, 16).Select(_ => pool.TryRent(64 * KiB)!).ToList();
        small.ForEach(b => b.Return());
        pool.BytesIdle.ShouldBe(MiB);

        var large = pool.TryRent(256 * KiB)!;

        large.Capacity.ShouldBe(256 * KiB);
        (pool.BytesOut + pool.BytesIdle).ShouldBeLessThanOrEqualTo(MiB);
        large.Return();
    }

    [Fact]
    public void A_returned_block_is_lent_again_empty()
    {
        using var pool = new BlockPool(MiB);
        var block = pool.TryRent(100)!;
        block.Length = 100;
        block.Return();

        var again = pool.TryRent(100)!;

        again.ShouldBeSameAs(block);
        again.Length.ShouldBe(0);
        again.Return();
    }

    [Fact]
    public void Renting_and_returning_allocates_nothing_once_warm()
    {
        using var pool = new BlockPool(MiB);
        RentAndReturn(pool, 10);

        var before = GC.GetAllocatedBytesForCurrentThread();
        RentAndReturn(pool, 10_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.ShouldBe(0);
    }

    [Fact]
    public void Waiting_allocates_nothing_once_warm()
    {
        using var pool = new BlockPool(4 * KiB);
        Block? granted = null;
        var waiter = new CallsBack(b => granted = b);
        WaitAndReturn(10);

        var before = GC.GetAllocatedBytesForCurrentThread();
        WaitAndReturn(10_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.ShouldBe(0);

        void WaitAndReturn(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var held = pool.TryRent(1)!;
                pool.Wait(1, waiter);
                held.Return();
                granted!.Return();
            }
        }
    }

    [Fact]
    public void A_block_returned_twice_throws_and_changes_nothing()
    {
        using var pool = new BlockPool(MiB);
        var block = pool.TryRent(1)!;
        block.Return();

        Should.Throw<InvalidOperationException>(block.Return);

        pool.BytesOut.ShouldBe(0);
        pool.BytesIdle.ShouldBe(4 * KiB);
    }

    [Fact]
    public void A_returned_block_gives_its_memory_to_nobody()
    {
        using var pool = new BlockPool(MiB);
        var block = pool.TryRent(1)!;
        block.Return();

        Should.Throw<InvalidOperationException>(() => block.Memory);
    }

    [Fact]
    public void A_length_beyond_the_capacity_is_refused()
    {
        using var pool = new BlockPool(MiB);
        var block = pool.TryRent(1)!;

        Should.Throw<ArgumentOutOfRangeException>(() => block.Length = 4 * KiB + 1);
        Should.Throw<ArgumentOutOfRangeException>(() => block.Length = -1);

        block.Return();
    }

    [Fact]
    public void A_ceiling_below_the_smallest_block_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new BlockPool(4 * KiB - 1));

    [Fact]
    public void A_block_that_outlives_its_pool_is_freed_when_it_returns()
    {
        var pool = new BlockPool(MiB);
        var block = pool.TryRent(1)!;
        pool.Dispose();
        block.Memory.Span[0] = 1;

        block.Return();

        pool.BytesOut.ShouldBe(0);
        pool.BytesIdle.ShouldBe(0);
        Should.Throw<ObjectDisposedException>(() => pool.TryRent(1));
    }

    [Fact]
    public void Freed_memory_stays_until_its_last_pin_is_gone()
    {
        var memory = new AlignedMemory(4 * KiB);
        var pin = memory.Pin();

        memory.Free();
        memory.Address.ShouldNotBe(0);
        pin.Dispose();

        memory.Address.ShouldBe(0);
        Should.Throw<ObjectDisposedException>(() => memory.GetSpan().Length);
    }

    private static void RentAndReturn(BlockPool pool, int times)
    {
        for (var i = 0; i < times; i++)
            pool.TryRent(4 * KiB << (2 * (i % 4)))!.Return();
    }
}
