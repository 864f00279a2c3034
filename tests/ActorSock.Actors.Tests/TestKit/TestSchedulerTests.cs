namespace ActorSock.EngineTests;

public class TestSchedulerTests : TestKit
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    public TestSchedulerTests()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
    }

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void Time_passes_only_when_it_is_told_to()
    {
        var start = Clock.Now;

        Clock.Advance(s_second);

        Clock.Now.ShouldBe(start + s_second);
        Clock.MonotonicClock.ShouldBe(s_second);
        Clock.AdvanceTo(start + (5 * s_second));
        Clock.MonotonicClock.ShouldBe(5 * s_second);
        Should.Throw<InvalidOperationException>(() => Clock.AdvanceTo(start));
        Should.Throw<ArgumentOutOfRangeException>(() => Clock.Advance(-s_second));
    }

    [Fact]
    public void A_message_comes_when_its_time_has_come()
    {
        Clock.ScheduleTellOnce(3 * s_second, TestActor, "now", ActorRefs.NoSender);

        Clock.Advance(3 * s_second - TimeSpan.FromTicks(1));
        HasMessages.ShouldBeFalse();
        Clock.Advance(TimeSpan.FromTicks(1));

        ExpectMsg("now");
        Clock.Advance(100 * s_second);
        HasMessages.ShouldBeFalse();
    }

    [Fact]
    public void What_falls_due_is_done_in_the_order_of_time_then_of_scheduling()
    {
        Clock.ScheduleTellOnce(2 * s_second, TestActor, "c", ActorRefs.NoSender);
        Clock.ScheduleTellRepeatedly(s_second, s_second, TestActor, "every second", ActorRefs.NoSender);
        Clock.ScheduleTellOnce(s_second, TestActor, "b", ActorRefs.NoSender);
        Clock.ScheduleTellOnce(TimeSpan.Zero, TestActor, "a", ActorRefs.NoSender);

        Clock.Advance(2 * s_second);

        ReceiveN(5).ShouldBe(["a", "every second", "b", "c", "every second"]);
    }

    [Fact]
    public void Work_sees_the_time_that_it_was_due_at_and_may_schedule_more()
    {
        var seen = new List<TimeSpan>();
        Clock.Advanced.ScheduleOnce(s_second, () =>
        {
            seen.Add(Clock.MonotonicClock);
            Clock.ScheduleOnce(s_second, () => seen.Add(Clock.MonotonicClock));
        });

        Clock.Advance(10 * s_second);

        seen.ShouldBe([s_second, 2 * s_second]);
    }

    [Fact]
    public void Work_that_was_called_off_is_not_done()
    {
        var once = Clock.ScheduleTellOnceCancelable(s_second, TestActor, "once", ActorRefs.NoSender);
        var again = Clock.ScheduleTellRepeatedlyCancelable(s_second, s_second, TestActor, "again",
            ActorRefs.NoSender);
        again.CancelAfter(TimeSpan.FromSeconds(2.5));
        once.Cancel();

        Clock.Advance(10 * s_second);

        ReceiveN(2).ShouldBe(["again", "again"]);
        HasMessages.ShouldBeFalse();
    }

    [Fact]
    public void Work_that_fails_is_logged_and_the_rest_is_done()
    {
        Clock.ScheduleOnce(s_second, () => throw new FormatException("broken"));
        Clock.ScheduleTellOnce(s_second, TestActor, "next", ActorRefs.NoSender);

        EventFilter.Exception<FormatException>("broken").ExpectOne(() => Clock.Advance(s_second));

        ExpectMsg("next");
    }

    [Fact]
    public void Timers_and_receive_timeouts_of_actors_go_by_it()
    {
        var actor = ActorOf(() => new Timed(TestActor));
        ExpectMsg("ready");

        Clock.Advance(s_second);
        ExpectMsg("tick");
        Clock.Advance(s_second);
        ExpectMsg("tick");
        LastSender.ShouldBe(actor);
        actor.Tell("stop ticking");
        ExpectMsg("stopped");
        Clock.Advance(5 * s_second);

        ExpectMsg<ReceiveTimeout>();
    }

    [Fact]
    public void Windows_of_restarts_go_by_it()
    {
        var strategy = new OneForOneStrategy(1, (TimeSpan?)TimeSpan.FromSeconds(10), _ => Directive.Restart);
        var child = Watch(ChildActorOf(Props.Create(() => new Fragile(TestActor)), strategy));
        ExpectMsg("up");

        for (var i = 0; i < 3; i++)
        {
            EventFilter.Exception<FormatException>().ExpectOne(() => child.Tell("fail"));
            ExpectMsg("up");
            Clock.Advance(TimeSpan.FromSeconds(11));
        }
        EventFilter.Exception<FormatException>().ExpectOne(() => child.Tell("fail"));
        ExpectMsg("up");
        EventFilter.Exception<FormatException>().ExpectOne(() => child.Tell("fail"));

        ExpectTerminated(child);
    }

    private sealed class Timed : ReceiveActor, IWithTimers
    {
        private readonly IActorRef _reports;

        public Timed(IActorRef reports)
        {
            _reports = reports;
            Receive<string>(message => message == "stop ticking", _ =>
            {
                Timers.CancelAll();
                SetReceiveTimeout(TimeSpan.FromSeconds(5));
                _reports.Tell("stopped");
            });
            ReceiveAny(message => _reports.Tell(message));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart()
        {
            Timers.StartPeriodicTimer("tick", "tick", TimeSpan.FromSeconds(1));
            _reports.Tell("ready");
        }
    }

    private sealed class Fragile : UntypedActor
    {
        public Fragile(IActorRef reports) => reports.Tell("up");

        protected override void OnReceive(object message) => throw new FormatException("on purpose");
    }
}
