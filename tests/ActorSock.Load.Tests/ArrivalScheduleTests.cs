using ActorSock.Load.Pace;

namespace ActorSock.Load.Tests;

public sealed class ArrivalScheduleTests
{
    private const long PerSecond = 1_000_000;
    private const long Begin = 77;

    [Fact]
    public void Even_arrivals_are_due_at_their_rate_however_late_they_are_taken()
    {
        var schedule = new ArrivalSchedule(Begin, PerSecond, rate: 1000, (1, 0), seed: null);

        var due = Enumerable.Range(0, 5).Select(_ => schedule.Take()).ToList();

        due.ShouldBe([77, 1077, 2077, 3077, 4077]);
        schedule.NextDue.ShouldBe(5077);
        schedule.Taken.ShouldBe(5);
    }

    [Fact]
    public void Several_schedules_take_turns_and_have_the_rate_together()
    {
        var schedules = Enumerable.Range(0, 4).Select(which => new ArrivalSchedule(Begin, PerSecond, 1000, (4, which), null)).ToList();

        var due = schedules.SelectMany(schedule => Enumerable.Range(0, 3).Select(_ => schedule.Take())).Order();

        due.ShouldBe(Enumerable.Range(0, 12).Select(place => Begin + place * 1000L));
    }

    [Fact]
    public void Random_arrivals_have_the_rate_on_average_and_the_spread_of_a_Poisson_process()
    {
        const int count = 20_000;
        var schedule = new ArrivalSchedule(0, PerSecond, rate: 1000, (1, 0), seed: 5);

        var due = Enumerable.Range(0, count).Select(_ => schedule.Take()).ToList();
        var gaps = due.Zip(due.Skip(1), (one, next) => (double)(next - one)).ToList();

        (due[^1] / (double)count).ShouldBeInRange(970, 1030);
        gaps.Count(gap => gap > 1000).ShouldBeInRange((int)(count * 0.35), (int)(count * 0.39)); // 1/e of them
    }

    [Fact]
    public void The_same_seed_gives_the_same_arrivals_and_another_one_others()
    {
        List<long> Of(ulong seed)
        {
            var schedule = new ArrivalSchedule(0, PerSecond, 1000, (1, 0), seed);
            return [.. Enumerable.Range(0, 50).Select(_ => schedule.Take())];
        }

        Of(5).ShouldBe(Of(5));
        Of(5).ShouldNotBe(Of(6));
    }
}
