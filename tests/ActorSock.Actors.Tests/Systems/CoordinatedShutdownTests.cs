namespace ActorSock.EngineTests;

public class CoordinatedShutdownTests : EngineTest
{
    private static readonly CoordinatedShutdown.Reason s_reason = CoordinatedShutdown.UnknownReason.Instance;

    [Fact]
    public async Task Phases_run_one_after_the_other_in_their_order()
    {
        var (system, shutdown) = StartSystem();
        var ran = new List<string>();
        var phases = new[]
        {
            CoordinatedShutdown.PhaseBeforeServiceUnbind, CoordinatedShutdown.PhaseServiceUnbind,
            CoordinatedShutdown.PhaseServiceRequestsDone,
            CoordinatedShutdown.PhaseServiceStop, CoordinatedShutdown.PhaseBeforeActorSystemTerminate,
        };
        foreach (var phase in phases.Reverse())
            AddTask(shutdown, phase, async () =>
            {
                await Task.Yield();
                lock (ran)
                    ran.Add(phase);
            });

        await shutdown.Run(s_reason);

        ran.ShouldBe(phases);
        system.WhenTerminated.IsCompleted.ShouldBeTrue();
        shutdown.ShutdownReason.ShouldBe(s_reason);
    }

    [Fact]
    public async Task Tasks_of_a_phase_run_side_by_side()
    {
        var (_, shutdown) = StartSystem();
        using var both = new CountdownEvent(2);
        for (var i = 0; i < 2; i++)
        {
            AddTask(shutdown, CoordinatedShutdown.PhaseServiceStop, () =>
            {
                both.Signal();
                both.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue("the other does not run");
                return Task.CompletedTask;
            });
        }

        await shutdown.Run(s_reason);

        both.IsSet.ShouldBeTrue();
    }

    [Fact]
    public async Task A_task_that_fails_holds_up_nothing()
    {
        var (system, shutdown) = StartSystem();
        var ran = new TaskCompletionSource();
        AddTask(shutdown, CoordinatedShutdown.PhaseServiceUnbind, () =>
            throw new InvalidOperationException("no"));
        AddTask(shutdown, CoordinatedShutdown.PhaseServiceUnbind, () =>
            Task.FromException(new InvalidOperationException("no")));
        AddTask(shutdown, CoordinatedShutdown.PhaseServiceStop, () =>
        {
            ran.SetResult();
            return Task.CompletedTask;
        });

        await shutdown.Run(s_reason);

        ran.Task.IsCompleted.ShouldBeTrue();
        system.WhenTerminated.IsCompleted.ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_task_that_takes_too_long_is_left_behind(bool blocksItsThread)
    {
        var (system, shutdown) = StartSystem("akka.coordinated-shutdown.phases.service-stop.timeout = 30ms");
        var never = new TaskCompletionSource();
        AddTask(shutdown, CoordinatedShutdown.PhaseServiceStop, () =>
        {
            if (blocksItsThread)
                never.Task.Wait();
            return never.Task;
        });

        await shutdown.Run(s_reason);

        system.WhenTerminated.IsCompleted.ShouldBeTrue();
        never.SetResult();
    }

    [Fact]
    public async Task Terminating_the_system_runs_the_phases()
    {
        var (system, shutdown) = StartSystem();
        var ran = new TaskCompletionSource();
        var actors = 0;
        system.ActorOf(new Role("a", ActorRefs.Nobody)
        {
            InPostStop = _ => actors--,
        }.Props).Ask(_ => actors++);
        AddTask(shutdown, CoordinatedShutdown.PhaseBeforeServiceUnbind, () =>
        {
            actors.ShouldBe(1); // actors are still there while the phases run
            ran.SetResult();
            return Task.CompletedTask;
        });

        await system.Terminate();

        ran.Task.IsCompleted.ShouldBeTrue();
        actors.ShouldBe(0);
        shutdown.ShutdownReason.ShouldBe(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
    }

    [Fact]
    public async Task A_shutdown_runs_once()
    {
        var (_, shutdown) = StartSystem();
        var ran = 0;
        AddTask(shutdown, CoordinatedShutdown.PhaseServiceStop, () =>
            Task.FromResult(Interlocked.Increment(ref ran)));

        await Task.WhenAll(shutdown.Run(s_reason), shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance));

        ran.ShouldBe(1);
        shutdown.ShutdownReason.ShouldBe(s_reason);
    }

    [Fact]
    public async Task A_shutdown_can_begin_at_a_later_phase()
    {
        var (_, shutdown) = StartSystem();
        var ran = new List<string>();
        string[] phases = [CoordinatedShutdown.PhaseServiceUnbind, CoordinatedShutdown.PhaseServiceStop];
        foreach (var phase in phases)
            AddTask(shutdown, phase, () =>
            {
                ran.Add(phase);
                return Task.CompletedTask;
            });

        await shutdown.Run(s_reason, CoordinatedShutdown.PhaseServiceStop);

        ran.ShouldBe([CoordinatedShutdown.PhaseServiceStop]);
    }

    [Fact]
    public async Task Phases_can_be_added_by_what_they_depend_on_and_switched_off()
    {
        var (_, shutdown) = StartSystem("""
            akka.coordinated-shutdown.phases {
              service-stop.enabled = off
              drained { depends-on = [service-unbind] }
              service-requests-done.depends-on = [drained]
            }
            """);
        var ran = new List<string>();
        foreach (var phase in new[] { "service-requests-done", "drained", "service-stop", "service-unbind" })
            AddTask(shutdown, phase, () =>
            {
                ran.Add(phase);
                return Task.CompletedTask;
            });

        await shutdown.Run(s_reason);

        ran.ShouldBe(["service-unbind", "drained", "service-requests-done"]);
    }

    [Fact]
    public void Phases_that_depend_on_each_other_in_a_circle_are_refused()
    {
        const string circle =
            "akka.coordinated-shutdown.phases.before-service-unbind.depends-on = [service-stop]";

        Should.Throw<ArgumentException>(() => StartSystem(circle));
    }

    [Fact]
    public async Task A_phase_that_does_not_recover_ends_the_shutdown()
    {
        var (system, shutdown) = StartSystem("akka.coordinated-shutdown.phases.service-unbind.recover = off");
        AddTask(shutdown, CoordinatedShutdown.PhaseServiceUnbind, () => throw new FormatException("no"));

        await Should.ThrowAsync<FormatException>(() => shutdown.Run(s_reason));

        system.WhenTerminated.IsCompleted.ShouldBeFalse();
        await system.Terminate();
    }

    [Fact]
    public void A_phase_that_there_is_not_is_refused()
    {
        var (_, shutdown) = StartSystem();

        Should.Throw<ArgumentException>(() => AddTask(shutdown, "no-such-phase", () => Task.CompletedTask));
    }

    [Fact]
    public async Task A_shutdown_can_leave_the_actors_alone()
    {
        var (system, shutdown) = StartSystem("""
            akka.coordinated-shutdown { terminate-actor-system = off, run-by-actor-system-terminate = off }
            """);

        await shutdown.Run(s_reason);

        system.WhenTerminated.IsCompleted.ShouldBeFalse();
        await system.Terminate();
    }

    private static (ActorSystem System, CoordinatedShutdown Shutdown) StartSystem(string config = "")
    {
        var system = ActorSystem.Create("ending", ConfigurationFactory.ParseString(config));
        return (system, CoordinatedShutdown.Get(system));
    }

    private static void AddTask(CoordinatedShutdown shutdown, string phase, Func<Task> task) =>
        shutdown.AddTask(phase, $"task of {phase}", async () =>
        {
            await task();
            return Done.Instance;
        });
}
