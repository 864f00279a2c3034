using ActorSock.Load.Measures;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Load.Tests;

public sealed class LatencyHistogramTests
{
    private static readonly Gen<int[]> s_durations = Gen.Choose(0, 2_000_000_000).NonEmptyListOf().Select(list => list.ToArray());

    [Fact]
    public void A_percentile_is_never_less_than_the_true_one_and_at_most_a_64th_more() =>
        Properties.Hold(s_durations, durations =>
        {
            var histogram = Of(durations);
            Array.Sort(durations);

            foreach (var percent in (double[])[1, 50, 90, 99, 99.9, 100])
            {
                var rank = Math.Max(1, (int)Math.Ceiling(percent / 100 * durations.Length));
                var exact = durations[rank - 1];
                var told = histogram.Percentile(percent).TotalMicroseconds;
                told.ShouldBeInRange(exact, exact + exact / 64.0 + 1);
            }
        });

    [Fact]
    public void Two_histograms_added_are_one_of_all() =>
        Properties.Hold(s_durations.Two(), both =>
        {
            var (first, second) = both;
            var sum = Of(first);
            sum.Add(Of(second));

            var all = Of([.. first, .. second]);
            sum.Count.ShouldBe(all.Count);
            sum.Max.ShouldBe(all.Max);
            sum.Mean.ShouldBe(all.Mean);
            sum.Buckets().ShouldBe(all.Buckets());
        }, cases: 100);

    [Fact]
    public void Of_nothing_everything_is_zero()
    {
        var histogram = new LatencyHistogram();

        histogram.Percentile(99).ShouldBe(TimeSpan.Zero);
        histogram.Mean.ShouldBe(TimeSpan.Zero);
        histogram.Max.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void What_is_longer_than_it_can_tell_counts_as_the_longest()
    {
        var histogram = new LatencyHistogram();

        histogram.Add(TimeSpan.FromDays(400));

        histogram.Max.ShouldBeGreaterThan(TimeSpan.FromDays(12));
        histogram.Percentile(50).ShouldBe(histogram.Max);
    }

    private static LatencyHistogram Of(int[] microseconds)
    {
        var histogram = new LatencyHistogram();
        foreach (var each in microseconds) histogram.Add(TimeSpan.FromMicroseconds(each));
        return histogram;
    }
}
