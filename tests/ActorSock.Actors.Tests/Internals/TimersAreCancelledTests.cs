using System.Collections.Concurrent;

namespace ActorSock.EngineTests.Internals;

/// <summary>
/// Counts what is scheduled repeatedly and never called off: a timer of the dead would tick for ever.
/// </summary>
public class TimersAreCancelledTests() : EngineTest($"""
    akka.scheduler.implementation = "{typeof(CountingScheduler).AssemblyQualifiedName}"
    """)
{
    private CountingScheduler Counted => (CountingScheduler)Sys.Scheduler;

    [Fact]
    public void Timers_of_a_failed_creation_are_cancelled()
    {
        var parent = Start(new Role("parent", ActorRefs.Nobody)
        {
            Strategy = new OneForOneStrategy(_ => Directive.Restart),
        });

        parent.Ask(p => p.Start(new Role("child", TestActor)
        {
            InPreStart = q =>
            {
                StartTimer(q);
                if (q.Instance == 1)
                    throw new InvalidOperationException("no");
            },
        }));

        ExpectInOrder("child#1 PreStart", "child#2 PreStart");
        AwaitAssert(() => Counted.Active.ShouldBe(1));
    }

    [Fact]
    public void Timers_end_with_a_restart_and_with_a_stop()
    {
        var puppet = Start(new Role("a", TestActor) { InPostRestart = StartTimer });
        puppet.Do(StartTimer);

        puppet.Fail();
        FishForMessage<string>(s => s == "a#2 PreStart");
        AwaitAssert(() => Counted.Active.ShouldBe(1));
        Watch(puppet);
        Sys.Stop(puppet);
        FishForMessage<Terminated>(_ => true);

        AwaitAssert(() => Counted.Active.ShouldBe(0));
    }

    [Fact]
    public void A_handler_that_its_actor_has_left_behind_starts_no_timer()
    {
        var (work, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        var puppet = Start(RoleOf("a"));
        puppet.Do(p => p.Run(async () =>
        {
            await work.Task;
            StartTimer(p);
            ended.SetResult();
        }));
        Watch(puppet);
        ExpectMsg("a#1 PreStart");
        Sys.Stop(puppet);
        ExpectMsg("a#1 PostStop");
        ExpectTerminated(puppet);

        work.SetResult();

        AwaitCondition(() => ended.Task.IsCompleted);
        Counted.Active.ShouldBe(0);
    }

    private static void StartTimer(Puppet puppet) =>
        puppet.Timers.StartPeriodicTimer("key", "tick", TimeSpan.FromHours(1));

    public sealed class CountingScheduler(Config config, ILoggingAdapter log) : IScheduler, IAdvancedScheduler
    {
        private readonly ConcurrentBag<ICancelable> _repeated = [];

        public int Active => _repeated.Count(each => !each.IsCancellationRequested);

        public DateTimeOffset Now => TimeProvider.System.GetUtcNow();

        public TimeSpan MonotonicClock => TimeProvider.System.GetElapsedTime(0);

        public TimeSpan HighResMonotonicClock => MonotonicClock;

        public IAdvancedScheduler Advanced => this;

        public override string ToString() => $"{GetType().Name} of {log} and {config}";

        public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender)
        {
        }

        public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender,
            ICancelable? cancelable)
        {
        }

        public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver,
            object message, IActorRef sender)
        {
        }

        public void ScheduleTellRepeatedly(
            TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender,
                ICancelable? cancelable) =>
            _repeated.Add(cancelable!);

        public void ScheduleOnce(TimeSpan delay, Action action)
        {
        }

        public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable)
        {
        }

        public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action)
        {
        }

        public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action,
            ICancelable? cancelable)
        {
        }
    }
}
