using ActorSock.Load.Scenarios;

namespace ActorSock.Load.Tests;

public sealed class SizeDistributionTests
{
    private const ulong Seed = 7;
    private const int Count = 20_000;

    [Theory]
    [InlineData("4KiB")]
    [InlineData("0")]
    [InlineData("1KiB..1MiB")]
    [InlineData("lognormal:64KiB:1.5:64MiB")]
    [InlineData("4KiB:90,1MiB:9.5,64MiB:0.5")]
    public void What_is_read_is_written_the_same(string text)
    {
        SizeDistribution.TryParse(text, out var sizes, out var why).ShouldBeTrue(why);

        sizes.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("many")]
    [InlineData("-1")]
    [InlineData("2MiB..1MiB")]
    [InlineData("1..2..3")]
    [InlineData("lognormal:64KiB:1.5")]
    [InlineData("lognormal:64KiB:0:1MiB")]
    [InlineData("lognormal:64KiB:1:1KiB")]
    [InlineData("4KiB:0")]
    [InlineData("4KiB:1,")]
    [InlineData("4KiB:nan")]
    [InlineData("100TiB")]
    public void What_is_no_size_is_refused_with_what_is_allowed(string text)
    {
        SizeDistribution.TryParse(text, out _, out var why).ShouldBeFalse();

        why.ShouldContain("is no size: a size is written");
    }

    [Fact]
    public void Sizes_come_from_the_seed_and_the_number_alone()
    {
        var sizes = Read("lognormal:64KiB:1.5:64MiB");

        var first = Of(sizes, Seed);

        Of(sizes, Seed).ShouldBe(first);
        Of(sizes, Seed + 1).ShouldNotBe(first);
    }

    [Fact]
    public void Uniform_sizes_are_spread_evenly_between_both_ends()
    {
        var sizes = Of(Read("10..19"), Seed);

        foreach (var tally in sizes.CountBy(size => size)) tally.Value.ShouldBeInRange(1800, 2200);
        sizes.Distinct().Order().ShouldBe(Enumerable.Range(10, 10).Select(size => (long)size));
    }

    [Fact]
    public void Half_of_lognormal_sizes_are_below_the_median_and_none_above_the_maximum()
    {
        var sizes = Of(Read("lognormal:64KiB:2:1MiB"), Seed);

        sizes.Count(size => size < 64 << 10).ShouldBeInRange(9_700, 10_300);
        sizes.Max().ShouldBe(1 << 20);
        sizes.Count(size => size >= 64 << 10 << 2).ShouldBeInRange((int)(Count * 0.23), (int)(Count * 0.26)); // ln 4 / 2 sigmas up
    }

    [Fact]
    public void Weighted_sizes_come_as_often_as_their_weights_say()
    {
        var sizes = Of(Read("4KiB:90,1MiB:10"), Seed);

        sizes.Count(size => size == 4 << 10).ShouldBeInRange(17_800, 18_200);
        sizes.Distinct().Order().ShouldBe([4 << 10, 1 << 20]);
    }

    private static SizeDistribution Read(string text) =>
        SizeDistribution.TryParse(text, out var sizes, out var why) ? sizes : throw new ArgumentException(why);

    private static List<long> Of(SizeDistribution sizes, ulong seed) =>
        [.. Enumerable.Range(0, Count).Select(number => sizes.SizeOf(seed, number))];
}
