using ActorSock.Load.Measures;

namespace ActorSock.Load.Tests;

public sealed class TimelineTests
{
    [Fact]
    public void The_rest_of_a_phase_has_no_row_of_its_own()
    {
        var timeline = new Timeline();
        int[] ends = [1000, 2000, 2010, 3010, 3300]; // ms

        for (var i = 0; i < ends.Length; i++)
        {
            var happened = new Interval();
            happened.Acknowledged(100, TimeSpan.FromMilliseconds(1));
            timeline.Add(TimeSpan.FromMilliseconds(i == 0 ? 0 : ends[i - 1]), TimeSpan.FromMilliseconds(ends[i]), happened, 1);
        }

        timeline.Rows.Select(row => row.End.TotalMilliseconds).ShouldBe([1000, 2010, 3300]);
        timeline.Rows.Select(row => row.Happened.Files).ShouldBe([1L, 2, 2]);
    }

    [Fact]
    public void It_never_has_more_rows_than_allowed_and_loses_nothing()
    {
        var timeline = new Timeline(rowsMax: 10);

        for (var second = 0; second < 12_345; second++)
        {
            var happened = new Interval();
            happened.Acknowledged(100, TimeSpan.FromMilliseconds(second % 50));
            timeline.Add(TimeSpan.FromSeconds(second), TimeSpan.FromSeconds(second + 1), happened, second % 7);
            timeline.Rows.Count.ShouldBeLessThanOrEqualTo(10);
        }

        timeline.Rows.Sum(row => row.Happened.Files).ShouldBe(12_345);
        timeline.Rows.Sum(row => row.Samples).ShouldBe(12_345);
        timeline.Rows[0].Begin.ShouldBe(TimeSpan.Zero);
        timeline.Rows[^1].End.ShouldBe(TimeSpan.FromSeconds(12_345));
        timeline.Rows.Zip(timeline.Rows.Skip(1)).ShouldAllBe(both => both.First.End == both.Second.Begin);
        timeline.Rows.SkipLast(1).Select(row => row.Samples).Distinct().Count().ShouldBe(1);
        timeline.Rows.Max(row => row.Connections).ShouldBe(6);
    }
}
