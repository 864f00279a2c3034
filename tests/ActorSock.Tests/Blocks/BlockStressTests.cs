using ActorSock.Blocks;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Tests.Blocks;

public sealed class BlockStressTests
{
    private const int KiB = 1024;

    [Fact]
    public void Any_sequence_of_steps_keeps_the_ceiling_and_the_order()
    {
        var steps = Gen.Choose(0, 5 * 64 - 1).ListOf().ToArbitrary();
        var config = FsCheck.Config.QuickThrowOnFailure.WithReplay(20_240_607, 7).WithMaxTest(500);

        Check.One(config, Prop.ForAll(steps, KeepsItsPromises));
    }

    [Fact]
    public void Many_threads_share_the_pool_without_losing_a_block()
    {
        const int threads = 4, uploadsEach = 300;
        using var pool = new BlockPool(2 * 1024 * KiB);
        var aboveCeiling = 0;

        RunOn(threads, seed =>
        {
            var random = new Random(seed);
            for (var i = 0; i < uploadsEach; i++)
            {
                var window = new BlockWindow();
                for (var held = 0; held < 4; held++)
                {
                    if (Rent(pool, 1 << random.Next(8, 21)) is not { } block)
                        continue;
                    block.Memory.Span.Fill((byte)seed);
                    if (pool.BytesOut > pool.BytesMax)
                        Interlocked.Increment(ref aboveCeiling);
                    if (block.Memory.Span.ContainsAnyExcept((byte)seed))
                        throw new InvalidOperationException("two threads hold one block");
                    window.Add(block);
                    if (random.Next(3) == 0)
                        window.Remove(block);
                }
                window.Close();
            }
        });

        aboveCeiling.ShouldBe(0);
        pool.BlocksOut.ShouldBe(0);
        pool.Waiting.ShouldBe(0);
    }

    [Fact]
    public void Giving_up_races_with_granting_and_no_block_is_lost()
    {
        const int threads = 4, times = 3_000;
        using var pool = new BlockPool(8 * KiB);

        RunOn(threads, seed =>
        {
            var random = new Random(seed);
            for (var i = 0; i < times; i++)
            {
                var waiter = new CallsBack(b => b.Return());
                var held = pool.TryRent(4 * KiB);
                pool.Wait(4 * KiB, waiter);
                if (random.Next(2) == 0)
                    pool.Cancel(waiter);
                held?.Return();
                pool.Cancel(waiter);
            }
        });

        pool.BlocksOut.ShouldBe(0);
        pool.Waiting.ShouldBe(0);
    }

    /// <summary>A block as an actor gets one: at once, or by waiting in line.</summary>
    private static Block? Rent(BlockPool pool, int bytes)
    {
        if (pool.TryRent(bytes) is { } block)
            return block;
        // Who holds others and waits for more could wait for itself: one that finds none gives up at last.
        using var granted = new ManualResetEventSlim();
        Block? waited = null;
        var waiter = new CallsBack(b =>
        {
            waited = b;
            granted.Set();
        });
        pool.Wait(bytes, waiter);
        if (pool.Cancel(waiter))
            return null;
        granted.Wait();
        return waited;
    }

    private static bool KeepsItsPromises(IList<int> steps)
    {
        using var pool = new BlockPool(512 * KiB);
        var grants = new List<(string Who, Block Block)>();
        var (came, held) = (0, new List<Block>());
        foreach (var step in steps)
        {
            var (kind, choice) = (step / 64, step % 64);
            var bytes = 4 * KiB << (2 * (choice % 4));
            if (kind is 0 or 1)
                pool.Wait(bytes, new RemembersGrants(grants, came++.ToString("D6")));
            else if (kind == 2 && pool.TryRent(bytes) is { } rented)
                held.Add(rented);
            else if (kind == 3 && held.Count > 0)
                ReturnOne(held, choice);
            else if (grants.FindIndex(g => g.Block is not null) is var at and >= 0)
                ReturnGrant(grants, at);
            if (pool.BytesOut + pool.BytesIdle > pool.BytesMax)
                return false;
        }
        while (grants.FindIndex(g => g.Block is not null) is var at and >= 0)
            ReturnGrant(grants, at);
        held.ForEach(b => b.Return());
        while (grants.FindIndex(g => g.Block is not null) is var at and >= 0)
            ReturnGrant(grants, at);
        var inOrder = grants.Select(g => g.Who).SequenceEqual(grants.Select(g => g.Who).Order());
        return inOrder && grants.Count == came && pool.BlocksOut == 0;
    }

    private static void ReturnOne(List<Block> held, int choice)
    {
        var block = held[choice % held.Count];
        held.Remove(block);
        block.Return();
    }

    private static void ReturnGrant(List<(string Who, Block Block)> grants, int at)
    {
        var block = grants[at].Block;
        grants[at] = (grants[at].Who, null!);
        block.Return();
    }

    private static void RunOn(int threads, Action<int> work)
    {
        var failures = new List<Exception>();
        var running = Enumerable.Range(1, threads).Select(seed => new Thread(() =>
        {
            try
            {
                work(seed);
            }
            catch (Exception e)
            {
                lock (failures) failures.Add(e);
            }
        })).ToList();
        running.ForEach(t => t.Start());
        running.ForEach(t => t.Join());
        failures.ShouldBeEmpty();
    }
}
