using ActorSock.Blocks;

namespace ActorSock.Tests.Blocks;

public sealed class WaitingForBlocksTests
{
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;

    private readonly List<(string Who, Block Block)> _grants = [];

    private string[] Served => [.. _grants.Select(g => g.Who)];

    [Fact]
    public void A_waiter_is_granted_at_once_when_there_is_room()
    {
        using var pool = new BlockPool(MiB);

        pool.Wait(10 * KiB, Waiter("a"));

        Served.ShouldBe(["a"]);
        _grants[0].Block.Capacity.ShouldBe(16 * KiB);
    }

    [Fact]
    public void Waiters_are_granted_in_the_order_of_their_coming()
    {
        using var pool = new BlockPool(8 * KiB);
        var held = new[] { pool.TryRent(1)!, pool.TryRent(1)! };
        foreach (var who in "abcd")
            pool.Wait(1, Waiter(who.ToString()));
        Served.ShouldBeEmpty();

        Array.ForEach(held, b => b.Return());
        Served.ShouldBe(["a", "b"]);
        _grants[1].Block.Return();
        _grants[0].Block.Return();

        Served.ShouldBe(["a", "b", "c", "d"]);
    }

    [Fact]
    public void A_newcomer_does_not_overtake_who_waits()
    {
        using var pool = new BlockPool(MiB);
        var held = pool.TryRent(64 * KiB)!;
        pool.Wait(MiB, Waiter("large"));

        pool.TryRent(1).ShouldBeNull();

        held.Return();
        Served.ShouldBe(["large"]);
    }

    [Fact]
    public void A_large_request_is_served_before_the_small_ones_that_came_later()
    {
        using var pool = new BlockPool(MiB);
        var held = Enumerable.Range(0, 16).Select(_ => pool.TryRent(64 * KiB)!).ToList();
        pool.Wait(MiB, Waiter("large"));
        for (var i = 0; i < 16; i++)
            pool.Wait(64 * KiB, Waiter("small"));

        held.ForEach(b => b.Return());

        Served.ShouldBe(["large"]);
        _grants[0].Block.Return();
        Served.ShouldBe(["large", .. Enumerable.Repeat("small", 16)]);
    }

    [Fact]
    public void One_that_gives_up_lets_those_behind_it_forward()
    {
        using var pool = new BlockPool(MiB);
        var held = pool.TryRent(64 * KiB)!;
        var large = Waiter("large");
        pool.Wait(MiB, large);
        pool.Wait(4 * KiB, Waiter("small"));

        pool.Cancel(large).ShouldBeTrue();

        Served.ShouldBe(["small"]);
        pool.Waiting.ShouldBe(0);
        held.Return();
    }

    [Fact]
    public void Giving_up_from_the_middle_keeps_the_order_of_the_others()
    {
        using var pool = new BlockPool(4 * KiB);
        var held = pool.TryRent(1)!;
        var waiters = "abcde".Select(c => Waiter(c.ToString())).ToArray();
        Array.ForEach(waiters, w => pool.Wait(1, w));

        pool.Cancel(waiters[2]).ShouldBeTrue();
        pool.Cancel(waiters[3]).ShouldBeTrue();
        pool.Cancel(waiters[3]).ShouldBeFalse();
        pool.Wait(1, waiters[2]);
        for (var block = held; block is not null; block = _grants.Count > 0 ? Take() : null)
            block.Return();

        string.Concat(_served).ShouldBe("abec");
    }

    [Fact]
    public void A_waiter_that_was_granted_is_no_longer_in_line()
    {
        using var pool = new BlockPool(MiB);
        var waiter = Waiter("a");
        pool.Wait(1, waiter);

        pool.Cancel(waiter).ShouldBeFalse();

        pool.Wait(1, waiter);
        Served.ShouldBe(["a", "a"]);
    }

    [Fact]
    public void Nobody_stands_in_line_twice()
    {
        using var pool = new BlockPool(4 * KiB);
        var held = pool.TryRent(1)!;
        var waiter = Waiter("a");
        pool.Wait(1, waiter);

        Should.Throw<InvalidOperationException>(() => pool.Wait(1, waiter));

        held.Return();
        Served.ShouldBe(["a"]);
    }

    [Fact]
    public void A_grant_happens_outside_the_lock()
    {
        using var pool = new BlockPool(4 * KiB);
        var held = pool.TryRent(1)!;
        long seenByAnother = -1;
        pool.Wait(1, new CallsBack(_ =>
        {
            var another = new Thread(() => seenByAnother = pool.BytesOut);
            another.Start();
            another.Join();
        }));

        held.Return();

        seenByAnother.ShouldBe(4 * KiB);
    }

    [Fact]
    public void Waiters_that_return_at_once_are_granted_one_after_the_other_and_not_inside_each_other()
    {
        const int waiters = 1_000;
        using var pool = new BlockPool(4 * KiB);
        var held = pool.TryRent(1)!;
        var (served, inside, insideMax) = (0, 0, 0);
        for (var i = 0; i < waiters; i++)
        {
            pool.Wait(1, new CallsBack(b =>
            {
                served++;
                insideMax = Math.Max(insideMax, ++inside);
                b.Return();
                inside--;
            }));
        }

        held.Return();

        served.ShouldBe(waiters);
        insideMax.ShouldBe(1);
        pool.BytesOut.ShouldBe(0);
    }

    [Fact]
    public void A_waiter_that_throws_does_not_hold_up_the_line()
    {
        using var pool = new BlockPool(8 * KiB);
        var held = new[] { pool.TryRent(1)!, pool.TryRent(1)! };
        pool.Wait(1, new CallsBack(b =>
        {
            b.Return();
            throw new InvalidOperationException("broken waiter");
        }));
        pool.Wait(1, Waiter("next"));

        Should.Throw<InvalidOperationException>(held[0].Return).Message.ShouldBe("broken waiter");

        Served.ShouldBe(["next"]);
        held[1].Return();
        pool.Wait(1, Waiter("later"));
        Served.ShouldBe(["next", "later"]);
    }

    private readonly List<string> _served = [];

    private Block Take()
    {
        var (who, block) = _grants[0];
        _grants.RemoveAt(0);
        _served.Add(who);
        return block;
    }

    private RemembersGrants Waiter(string who) => new(_grants, who);
}
