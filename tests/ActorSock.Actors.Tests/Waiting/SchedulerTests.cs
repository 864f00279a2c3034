namespace ActorSock.EngineTests;

public class SchedulerTests : EngineTest
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_later = TimeSpan.FromMilliseconds(80);

    [Fact]
    public void A_message_is_sent_after_its_delay_with_its_sender()
    {
        var sender = CreateTestProbe();
        var before = Sys.Scheduler.MonotonicClock;

        Sys.Scheduler.ScheduleTellOnce(s_soon, TestActor, "later", sender.Ref);

        ExpectMsg("later");
        LastSender.ShouldBe(sender.Ref);
        (Sys.Scheduler.MonotonicClock - before).ShouldBeGreaterThan(s_soon / 2); // timers round
    }

    [Fact]
    public void Messages_come_in_the_order_of_their_delays()
    {
        Sys.Scheduler.ScheduleTellOnce(s_later, TestActor, "later", ActorRefs.NoSender);
        Sys.Scheduler.ScheduleTellOnce(s_soon, TestActor, "soon", ActorRefs.NoSender);
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.Zero, TestActor, "at once", ActorRefs.NoSender);

        ExpectInOrder("at once", "soon", "later");
    }

    [Fact]
    public void A_cancelled_message_is_not_sent()
    {
        var cancelled = Sys.Scheduler.ScheduleTellOnceCancelable(s_soon, TestActor, "never",
            ActorRefs.NoSender);
        Sys.Scheduler.ScheduleTellOnce(s_later, TestActor, "later", ActorRefs.NoSender);

        cancelled.Cancel();

        ExpectMsg("later");
    }

    [Fact]
    public void A_cancelable_that_was_cancelled_before_sends_nothing()
    {
        Sys.Scheduler.ScheduleTellOnce(s_soon, TestActor, "never", ActorRefs.NoSender,
            Cancelable.CreateCanceled());
        Sys.Scheduler.ScheduleTellOnce(s_later, TestActor, "later", ActorRefs.NoSender);

        ExpectMsg("later");
    }

    [Fact]
    public void One_cancelable_calls_off_all_that_was_scheduled_with_it()
    {
        var cancelable = new Cancelable(Sys.Scheduler);
        for (var i = 0; i < 10; i++)
            Sys.Scheduler.ScheduleTellOnce(s_soon, TestActor, "never", ActorRefs.NoSender, cancelable);
        Sys.Scheduler.ScheduleTellOnce(s_later, TestActor, "later", ActorRefs.NoSender);

        cancelable.Cancel();

        ExpectMsg("later");
    }

    [Fact]
    public void A_repeated_message_is_sent_until_it_is_cancelled()
    {
        var repeated = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.Zero,
            TimeSpan.FromMilliseconds(1), TestActor, "tick", ActorRefs.NoSender);

        for (var i = 0; i < 5; i++)
            ExpectMsg("tick");
        repeated.Cancel();
        Sys.Scheduler.ScheduleTellOnce(s_soon, TestActor, "the end", ActorRefs.NoSender);
        FishForMessage<string>(message => message == "the end");
        Sys.Scheduler.ScheduleTellOnce(s_soon, TestActor, "the end", ActorRefs.NoSender);

        ExpectMsg("the end");
    }

    [Fact]
    public void An_interval_must_be_positive()
    {
        Should.Throw<ArgumentOutOfRangeException>(() =>
            Sys.Scheduler.ScheduleTellRepeatedly(s_soon, TimeSpan.Zero, TestActor, "never",
                ActorRefs.NoSender));
        Should.Throw<ArgumentOutOfRangeException>(() =>
            Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(-5), TestActor, "never",
                ActorRefs.NoSender));
    }

    [Fact]
    public void Code_can_be_scheduled_once_and_repeatedly()
    {
        var witness = TestActor;
        Sys.Scheduler.Advanced.ScheduleOnce(s_soon, () => witness.Tell("once"));
        ExpectMsg("once");

        var repeated = Sys.Scheduler.Advanced.ScheduleRepeatedlyCancelable(TimeSpan.Zero,
            TimeSpan.FromMilliseconds(1), () => witness.Tell("again"));
        ExpectInOrder("again", "again", "again");

        repeated.Cancel();
    }

    [Fact]
    public void Code_that_throws_is_logged_and_comes_again()
    {
        var witness = TestActor;
        var cancelable = new Cancelable(Sys.Scheduler);

        EventFilter.Exception<FormatException>().ExpectOne(() =>
            Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, () => throw new FormatException("no")));
        Sys.Scheduler.Advanced.ScheduleOnce(s_soon, () => witness.Tell("still alive"), cancelable);

        ExpectMsg("still alive");
    }

    [Fact]
    public async Task A_cancelable_can_cancel_itself_and_tells_its_token()
    {
        using var cancelable = new Cancelable(Sys.Scheduler);
        var cancelled = new TaskCompletionSource();
        using var registration = cancelable.Token.Register(cancelled.SetResult);

        cancelable.CancelAfter(s_soon);

        await cancelled.Task.InTime();
        cancelable.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_is_sent_when_the_system_has_ended()
    {
        var system = ActorSystem.Create("ending");
        var sent = 0;
        system.Scheduler.Advanced.ScheduleRepeatedly(TimeSpan.Zero, TimeSpan.FromMilliseconds(1), () =>
            Interlocked.Increment(ref sent));
        AwaitCondition(() => Volatile.Read(ref sent) > 0);

        await system.Terminate();
        // Timers that were already firing may still come through; after another timer's full course none can.
        await Task.Delay(s_soon);
        var atTheEnd = Volatile.Read(ref sent);
        await Task.Delay(s_soon);

        Volatile.Read(ref sent).ShouldBe(atTheEnd);
    }
}
