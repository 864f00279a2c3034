namespace ActorSock.EngineTests;

public class BackoffSupervisorTests() : EngineTest(VirtualTime)
{
    private static readonly TimeSpan s_min = TimeSpan.FromSeconds(1), s_max = TimeSpan.FromSeconds(5),
        s_instant = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void A_child_that_stopped_is_started_again_after_a_delay_that_doubles_up_to_a_limit()
    {
        var supervisor = StartSupervisor(Backoff.OnStop(ChildProps(), "child", s_min, s_max, 0.0, -1)
            .WithManualReset());

        foreach (var delay in new[] { 1, 2, 4, 5, 5 })
        {
            supervisor.Tell(PoisonPillFor.Child);
            ExpectRestartAfter(supervisor, TimeSpan.FromSeconds(delay), "stopped");
        }
    }

    [Fact]
    public void A_child_that_failed_is_started_again_after_a_delay()
    {
        var supervisor = StartSupervisor(Backoff.OnFailure(ChildProps(), "child", s_min, s_max, 0.0, -1)
            .WithManualReset());

        foreach (var delay in new[] { 1, 2, 4, 5 })
        {
            supervisor.Tell("fail");
            ExpectRestartAfter(supervisor, TimeSpan.FromSeconds(delay), "stopped");
        }
    }

    [Fact]
    public void A_child_that_ends_of_its_own_will_ends_a_supervisor_that_restarts_failures()
    {
        var supervisor = StartSupervisor(Backoff.OnFailure(ChildProps(), "child", s_min, s_max, 0.0, -1));
        Watch(supervisor);

        supervisor.Tell(PoisonPillFor.Child);

        ExpectMsg("stopped");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void The_delay_is_longer_by_a_random_share()
    {
        var supervisor = StartSupervisor(Backoff.OnStop(ChildProps(), "child", s_min, s_max, 0.5, -1));

        supervisor.Tell(PoisonPillFor.Child);
        ExpectMsg("stopped");
        AwaitNoChild(supervisor);
        Time.Advance(s_min - s_instant);
        ChildOf(supervisor).ShouldBe(ActorRefs.Nobody);
        Time.Advance((s_min * 0.5) + s_instant);

        ExpectMsg("started");
    }

    [Fact]
    public void The_count_starts_over_when_the_child_has_run_long_enough()
    {
        var supervisor = StartSupervisor(Backoff.OnStop(ChildProps(), "child", s_min, s_max, 0.0, -1)
            .WithAutoReset(TimeSpan.FromSeconds(30)));
        supervisor.Tell(PoisonPillFor.Child);
        ExpectRestartAfter(supervisor, s_min, "stopped");
        RestartsOf(supervisor).ShouldBe(1);

        Time.Advance(TimeSpan.FromSeconds(30));

        RestartsOf(supervisor).ShouldBe(0);
        supervisor.Tell(PoisonPillFor.Child);
        ExpectRestartAfter(supervisor, s_min, "stopped");
    }

    [Fact]
    public void The_count_does_not_start_over_when_the_child_fails_before()
    {
        var supervisor = StartSupervisor(Backoff.OnStop(ChildProps(), "child", s_min, s_max, 0.0, -1)
            .WithAutoReset(TimeSpan.FromSeconds(30)));
        supervisor.Tell(PoisonPillFor.Child);
        ExpectRestartAfter(supervisor, s_min, "stopped");

        Time.Advance(TimeSpan.FromSeconds(29));
        supervisor.Tell(PoisonPillFor.Child);
        ExpectRestartAfter(supervisor, s_min * 2, "stopped");

        RestartsOf(supervisor).ShouldBe(2);
    }

    [Fact]
    public void The_count_can_be_reset_by_hand()
    {
        var supervisor = StartSupervisor(Backoff.OnStop(ChildProps(), "child", s_min, s_max, 0.0, -1)
            .WithManualReset());
        supervisor.Tell(PoisonPillFor.Child);
        ExpectRestartAfter(supervisor, s_min, "stopped");

        supervisor.Tell(BackoffSupervisor.Reset.Instance);

        RestartsOf(supervisor).ShouldBe(0);
        supervisor.Tell(PoisonPillFor.Child);
        ExpectRestartAfter(supervisor, s_min, "stopped");
    }

    [Fact]
    public void After_the_last_allowed_restart_the_supervisor_stops()
    {
        var supervisor = StartSupervisor(Backoff.OnStop(ChildProps(), "child", s_min, s_max, 0.0, -1)
            .WithManualReset().WithMaxNrOfRetries(2));
        Watch(supervisor);
        supervisor.Tell(PoisonPillFor.Child);
        ExpectRestartAfter(supervisor, s_min, "stopped");
        supervisor.Tell(PoisonPillFor.Child);
        ExpectRestartAfter(supervisor, s_min * 2, "stopped");

        supervisor.Tell(PoisonPillFor.Child);

        ExpectMsg("stopped");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void Messages_go_to_the_child_and_its_own_to_the_parent()
    {
        var supervisor = StartSupervisor(Backoff.OnStop(ChildProps(), "child", s_min, s_max, 0.0, -1));

        supervisor.Tell("hello");

        ExpectMsg("child heard hello");
        LastSender.ShouldBe(ChildOf(supervisor));
    }

    [Fact]
    public void Messages_while_there_is_no_child_are_dead_letters()
    {
        var supervisor = StartSupervisor(Backoff.OnStop(ChildProps(), "child", s_min, s_max, 0.0, -1));
        supervisor.Tell(PoisonPillFor.Child);
        ExpectMsg("stopped");
        AwaitNoChild(supervisor);
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));

        supervisor.Tell("hello");

        ExpectMsg<DeadLetter>().Message.ShouldBe("hello");
    }

    [Fact]
    public void Messages_while_there_is_no_child_can_be_answered()
    {
        var supervisor = StartSupervisor(Backoff.OnStop(ChildProps(), "child", s_min, s_max, 0.0, -1)
            .WithReplyWhileStopped("come back later"));
        supervisor.Tell(PoisonPillFor.Child);
        ExpectMsg("stopped");
        AwaitNoChild(supervisor);

        supervisor.Tell("hello");

        ExpectMsg("come back later");
    }

    private Props ChildProps()
    {
        var witness = TestActor;
        return Props.Create(() => new Child(witness));
    }

    private IActorRef StartSupervisor(BackoffOptions options)
    {
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(options));
        ExpectMsg("started");
        return supervisor;
    }

    private void ExpectRestartAfter(IActorRef supervisor, TimeSpan delay, string end)
    {
        ExpectMsg(end);
        AwaitNoChild(supervisor);
        Time.Advance(delay - s_instant);
        ChildOf(supervisor).ShouldBe(ActorRefs.Nobody);
        Time.Advance(s_instant);
        ExpectMsg("started");
        ChildOf(supervisor).ShouldNotBe(ActorRefs.Nobody);
    }

    /// <summary>
    /// Returns when the supervisor knows of the end of its child, and so waits to start another.
    /// </summary>
    private void AwaitNoChild(IActorRef supervisor) =>
        AwaitCondition(() => ChildOf(supervisor).Equals(ActorRefs.Nobody));

    private static IActorRef ChildOf(IActorRef supervisor) =>
        supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance,
            TimeSpan.FromSeconds(60)).Result.Ref;

    private static int RestartsOf(IActorRef supervisor) =>
        supervisor.Ask<BackoffSupervisor.RestartCount>(BackoffSupervisor.GetRestartCount.Instance,
            TimeSpan.FromSeconds(60)).Result.Count;

    private enum PoisonPillFor
    {
        Child,
    }

    private sealed class Child(IActorRef witness) : UntypedActor
    {
        protected override void PreStart() => witness.Tell("started");

        protected override void PostStop() => witness.Tell("stopped");

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case PoisonPillFor.Child:
                    Context.Stop(Self);
                    break;
                case "fail":
                    throw new InvalidOperationException("fail");
                default:
                    Sender.Tell($"child heard {message}");
                    break;
            }
        }
    }
}
