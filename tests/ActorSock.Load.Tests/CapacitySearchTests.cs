using ActorSock.Load.Measures;

namespace ActorSock.Load.Tests;

public sealed class CapacitySearchTests
{
    private static readonly CapacityGoal s_goal = new(TimeSpan.FromMilliseconds(50), 100, TimeSpan.FromSeconds(1));

    [Theory]
    [InlineData(3)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(1234)]
    [InlineData(77_777)]
    public void It_finds_what_a_node_can_to_a_few_percent_and_is_sure(double capacity)
    {
        var search = Search(rate => rate <= capacity);

        search.Held!.Value.ShouldBeInRange(capacity / 1.06, capacity);
        search.Failed!.Value.ShouldBeInRange(capacity, capacity * 1.06);
        search.IsSure.ShouldBeTrue();
        search.Confirmed.Held.ShouldBeGreaterThanOrEqualTo(3);
        search.Steps.Count.ShouldBeLessThan(40);
    }

    [Fact]
    public void A_node_that_holds_no_rate_is_found_out_and_the_search_ends()
    {
        var search = Search(_ => false);

        search.Held.ShouldBeNull();
        search.IsSure.ShouldBeFalse();
        search.Steps.Count.ShouldBeLessThan(20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Hiccups_of_the_machine_do_not_lead_it_astray(int seed)
    {
        var random = new Random(seed);
        var hiccups = 0;

        var search = Search(rate => rate <= 5000 && (hiccups >= 4 || random.Next(5) > 0 || hiccups++ < 0));

        search.Held!.Value.ShouldBeInRange(4200, 5000);
    }

    [Fact]
    public void A_stall_of_two_steps_early_on_does_not_end_the_search_there()
    {
        var step = 0;

        var search = Search(rate => rate <= 5000 && ++step is not (3 or 4));

        search.Held!.Value.ShouldBeInRange(4700, 5000);
        search.IsSure.ShouldBeTrue();
    }

    [Fact]
    public void Errors_and_files_that_were_not_answered_fail_a_rate_like_latency_does()
    {
        var goal = s_goal;
        var errors = new Interval();
        errors.Failed("refused");
        for (var file = 0; file < 100; file++) errors.Acknowledged(1, TimeSpan.FromMilliseconds(1));
        var few = new Interval();
        few.Acknowledged(1, TimeSpan.FromMilliseconds(1));

        CapacityStep.Of(Result(errors), goal).Failure.ShouldBe("1 errors");
        CapacityStep.Of(Result(few), goal).Failure.ShouldBe("1 files of 100 were acknowledged");

        static PhaseResult Result(Interval happened) =>
            new(new PhasePlan("", 100, TimeSpan.FromSeconds(1), false), TimeSpan.Zero, TimeSpan.FromSeconds(1), happened);
    }

    /// <summary>A search over a node that holds some rates.</summary>
    private static CapacitySearch Search(Func<double, bool> holds)
    {
        var search = new CapacitySearch(s_goal);
        PhaseResult? last = null;
        while (search.Next(last) is { } plan)
        {
            var happened = new Interval();
            var latency = TimeSpan.FromMilliseconds(last is null || holds(plan.Rate!.Value) ? 5 : 500);
            for (var file = 0; file < plan.Rate; file++) happened.Acknowledged(1, latency);
            last = new PhaseResult(plan, TimeSpan.Zero, TimeSpan.FromSeconds(1), happened);
        }
        return search;
    }
}
