using ActorSock.Load.Proving;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Load.Tests;

public sealed class SpreadTests
{
    [Theory]
    [InlineData(199, 100)]
    [InlineData(100, 199)]
    [InlineData(7, 7)]
    [InlineData(7, 1)]
    [InlineData(7, 0)]
    [InlineData(0, 7)]
    public void As_many_are_taken_as_are_wanted_and_there(int count, int wanted) =>
        Taken(count, wanted).Length.ShouldBe(Math.Min(count, wanted));

    [Fact]
    public void They_lie_as_close_at_the_end_as_at_the_beginning() => Properties.Hold(
        Gen.Choose(2, 300).Two(), pair =>
        {
            var (count, wanted) = (Math.Max(pair.Item1, pair.Item2), Math.Min(pair.Item1, pair.Item2));

            var taken = Taken(count, wanted);

            taken.Length.ShouldBe(wanted);
            (taken[0], taken[^1]).ShouldBe((0, count - 1));
            var gaps = taken.Zip(taken.Skip(1), (a, b) => b - a).ToList();
            (gaps.Max() - gaps.Min()).ShouldBeLessThanOrEqualTo(1);
        });

    private static long[] Taken(int count, int wanted) =>
        [.. Spread.Over(Enumerable.Range(0, count).Select(number => (long)number), count, wanted)];
}
