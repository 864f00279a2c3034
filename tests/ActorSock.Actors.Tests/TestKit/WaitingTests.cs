using Xunit.Sdk;

namespace ActorSock.EngineTests;

public class WaitingTests : TestKit
{
    private static readonly TimeSpan s_shortly = TimeSpan.FromMilliseconds(50);

    public WaitingTests() : base("akka.test { timefactor = 2, single-expect-default = 200ms }")
    {
    }

    [Fact]
    public void Times_are_dilated_by_the_factor()
    {
        Dilated(TimeSpan.FromSeconds(1)).ShouldBe(TimeSpan.FromSeconds(2));
        Dilated(Timeout.InfiniteTimeSpan).ShouldBe(Timeout.InfiniteTimeSpan);
        RemainingOrDefault.ShouldBe(TimeSpan.FromMilliseconds(400));
        GetTimeoutOrDefault(TimeSpan.FromSeconds(1)).ShouldBe(TimeSpan.FromSeconds(2));
        GetTimeoutOrDefault(null).ShouldBe(TimeSpan.FromMilliseconds(400));
        Should.Throw<InvalidOperationException>(() => Remaining);
    }

    [Fact]
    public void A_block_limits_the_waiting_in_it()
    {
        var start = Now;

        Within(s_shortly, () =>
        {
            Remaining.ShouldBeLessThanOrEqualTo(2 * s_shortly);
            Should.Throw<FailException>(() => ExpectMsg<string>());
        }, epsilonValue: TimeSpan.FromSeconds(30));

        (Now - start).ShouldBeGreaterThanOrEqualTo(2 * s_shortly);
    }

    [Fact]
    public void A_block_inside_another_ends_with_it_at_the_latest()
    {
        Within(TimeSpan.FromSeconds(20), () =>
        {
            Within(TimeSpan.FromSeconds(500), () =>
                Remaining.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(40)));
            Within(TimeSpan.FromSeconds(5), () =>
                Remaining.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(10)));
            Remaining.ShouldBeGreaterThan(TimeSpan.FromSeconds(10));
        });
    }

    [Fact]
    public void A_block_that_is_too_fast_or_too_slow_fails()
    {
        Should.Throw<FailException>(() =>
            Within(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(50), () => { }, "hurried"))
            .Message.ShouldContain("hurried");
        Should.Throw<FailException>(() =>
            Within(TimeSpan.FromMilliseconds(1), () => AwaitConditionNoThrow(() => false, s_shortly)))
            .Message.ShouldContain("longer than");
    }

    [Fact]
    public void Silence_may_use_up_the_whole_block()
    {
        Within(s_shortly, () => ExpectNoMsg()); // takes all of it, and that is no failure
    }

    [Fact]
    public void The_result_of_a_block_comes_back() => Within(TimeSpan.FromSeconds(30), () => 5).ShouldBe(5);

    [Fact]
    public async Task A_block_that_awaits_is_limited_too()
    {
        (await WithinAsync(TimeSpan.FromSeconds(30), () => Task.FromResult(5))).ShouldBe(5);
        await Should.ThrowAsync<FailException>(() =>
            WithinAsync(s_shortly, async () => await ExpectMsgAsync<string>()));
        await Should.ThrowAsync<FailException>(() =>
            WithinAsync(s_shortly, () => new TaskCompletionSource().Task));
        await Should.ThrowAsync<FormatException>(() =>
            WithinAsync(s_shortly, () => Task.FromException(new FormatException())));
    }

    [Fact]
    public void Assertions_are_tried_until_they_pass()
    {
        var attempts = 0;

        AwaitAssert(() => Assert.Equal(3, ++attempts), TimeSpan.FromSeconds(30),
            TimeSpan.FromMilliseconds(1));

        attempts.ShouldBe(3);
    }

    [Fact]
    public async Task Assertions_that_never_pass_fail_as_they_did_last()
    {
        var attempts = 0;
        void Assertion() => throw new FormatException($"{++attempts}");

        var failure = Should.Throw<FormatException>(() =>
            AwaitAssert(Assertion, s_shortly, TimeSpan.FromMilliseconds(1)));
        failure.Message.ShouldBe($"{attempts}");

        failure = await Should.ThrowAsync<FormatException>(() => AwaitAssertAsync(Assertion, s_shortly));
        failure.Message.ShouldBe($"{attempts}");
    }

    [Fact]
    public async Task A_condition_is_waited_for()
    {
        var looks = 0;

        AwaitCondition(() => ++looks == 3);
        await AwaitConditionAsync(() => Task.FromResult(++looks == 6));

        Should.Throw<FailException>(() =>
            AwaitCondition(() => false, s_shortly, "it never does")).Message.ShouldContain("it never does");
        await Should.ThrowAsync<FailException>(() =>
            AwaitConditionAsync(() => false, s_shortly, "it never does"));
        AwaitConditionNoThrow(() => false, s_shortly).ShouldBeFalse();
        (await AwaitConditionNoThrowAsync(() => true, s_shortly)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_latch_opens_when_it_was_counted_down()
    {
        var latch = CreateTestLatch(2);
        var opened = Task.Run(() => latch.Ready(TimeSpan.FromSeconds(30)));
        latch.CountDown();
        latch.IsOpen.ShouldBeFalse();
        Should.Throw<TimeoutException>(() => latch.Ready(TimeSpan.FromMilliseconds(1)));

        latch.CountDown();

        await opened;
        latch.IsOpen.ShouldBeTrue();
        latch.Reset();
        latch.IsOpen.ShouldBeFalse();
        latch.Open();
        latch.Ready();
    }
}
