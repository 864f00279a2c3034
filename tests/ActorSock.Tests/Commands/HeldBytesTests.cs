using ActorSock.Blocks;
using ActorSock.Commands;

namespace ActorSock.Tests.Commands;

public sealed class HeldBytesTests
{
    [Fact]
    public void What_is_held_is_what_was_added_and_not_consumed_however_it_comes()
    {
        var allowance = new Allowance(1 << 20);
        var random = new Random(20_240_229);
        var held = new HeldBytes(allowance);
        var paper = new List<byte>();
        for (var step = 0; step < 2_000; step++)
        {
            var added = new byte[random.Next(random.Next(5) == 0 ? 10_000 : 100)];
            random.NextBytes(added);
            held.TryReserve(held.Span.Length + added.Length).ShouldBeTrue();
            held.Append(added);
            paper.AddRange(added);
            var consumed = random.Next(paper.Count + 1);
            held.Consume(consumed);
            paper.RemoveRange(0, consumed);
            held.Span.SequenceEqual(paper.ToArray()).ShouldBeTrue();
            held.IsEmpty.ShouldBe(paper.Count == 0);
            if (held.IsEmpty) allowance.BytesTaken.ShouldBe(0);
        }

        held.Clear();
        allowance.BytesTaken.ShouldBe(0);
    }

    [Fact]
    public void A_few_bytes_are_free_and_more_are_refused_when_the_node_has_no_room()
    {
        var allowance = new Allowance(1000);
        var held = new HeldBytes(allowance);

        held.Append(new byte[HeldBytes.FreeBytes]);
        (allowance.BytesTaken, held.Room).ShouldBe((0, 0));
        held.TryReserve(HeldBytes.FreeBytes + 1001).ShouldBeFalse();
        held.Span.Length.ShouldBe(HeldBytes.FreeBytes);
        held.TryReserve(HeldBytes.FreeBytes + 1000).ShouldBeTrue();
        (allowance.BytesTaken, held.Room).ShouldBe((1000, 1000));
        held.Append(new byte[1000]);
        held.Consume(HeldBytes.FreeBytes + 1000);
        (allowance.BytesTaken, held.Room).ShouldBe((0, HeldBytes.FreeBytes));
    }
}
