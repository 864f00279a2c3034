using ActorSock.Load.Measures;

namespace ActorSock.Load.Tests;

public sealed class AckLedgerTests
{
    [Fact]
    public void It_gives_back_what_was_added_in_order()
    {
        var ledger = new AckLedger();
        long[] numbers = [.. Enumerable.Range(0, 40_000).Select(number => (long)number).Where(number => number % 5 != 2 || number > 30_000)];

        foreach (var number in numbers.Reverse()) ledger.Add(number);

        ledger.Count.ShouldBe(numbers.Length);
        ledger.Numbers().ShouldBe(numbers);
        ledger.Has(2).ShouldBeFalse();
        ledger.Has(3).ShouldBeTrue();
        ledger.Has(1_000_000).ShouldBeFalse();
    }

    [Fact]
    public void A_file_that_is_acknowledged_twice_is_a_bug()
    {
        var ledger = new AckLedger();
        for (var number = 0; number < 20_000; number++) ledger.Add(number);

        Should.Throw<InvalidOperationException>(() => ledger.Add(5));
        Should.Throw<InvalidOperationException>(() => ledger.Add(19_000));
    }
}
