namespace ActorSock.EngineTests;

public class FailingHooksTests : EngineTest
{
    [Fact]
    public void A_constructor_that_throws_stops_by_default()
    {
        var child = StartBelow(SupervisorStrategy.DefaultStrategy, new Role("child", TestActor)
        {
            InConstructor = _ => throw new FormatException("no"),
        });
        Watch(child);

        ExpectTerminated(child);
    }

    [Fact]
    public void A_PreStart_that_throws_stops_by_default_and_without_PostStop()
    {
        var child = StartBelow(SupervisorStrategy.DefaultStrategy, new Role("child", TestActor)
        {
            InPreStart = _ => throw new FormatException("no"),
        });

        ExpectMsg("child#1 PreStart");
        Watch(child);
        ExpectTerminated(child);
    }

    [Fact]
    public async Task The_parent_is_asked_with_the_cause_inside()
    {
        var causes = new TaskCompletionSource<Exception>();
        var strategy = new OneForOneStrategy(cause =>
        {
            causes.SetResult(cause);
            return Directive.Stop;
        });

        StartBelow(strategy, new Role("child", ActorRefs.Nobody)
        {
            InConstructor = _ => throw new FormatException("no"),
        });

        var failure = (await causes.Task.InTime()).ShouldBeOfType<ActorInitializationException>();
        Innermost(failure).ShouldBeOfType<FormatException>();
    }

    [Theory]
    [InlineData(Directive.Restart)]
    [InlineData(Directive.Resume)]
    public void A_creation_is_tried_again_until_it_succeeds(Directive directive)
    {
        var child = StartBelow(new OneForOneStrategy(_ => directive), new Role("child", TestActor)
        {
            InPreStart = p => ThrowIf(p.Instance < 3),
        });
        child.Tell(1);

        ExpectInOrder("child#1 PreStart", "child#2 PreStart", "child#3 PreStart", "child#3 gets 1");
    }

    [Fact]
    public void Children_of_a_failed_creation_are_stopped_before_the_next()
    {
        var child = StartBelow(new OneForOneStrategy(_ => Directive.Restart),
            new Role("child", ActorRefs.Nobody)
        {
            InPreStart = p =>
            {
                p.Start(RoleOf("grandchild"));
                ThrowIf(p.Instance == 1);
            },
        });

        ExpectInOrder("grandchild#1 PreStart", "grandchild#1 PostStop", "grandchild#1 PreStart");
        child.Ask(p => p.Instance).ShouldBe(2);
    }

    [Fact]
    public void A_PostRestart_that_throws_stops_by_default()
    {
        var child = StartBelow(SupervisorStrategy.DefaultStrategy, new Role("child", TestActor)
        {
            InPostRestart = _ => throw new FormatException("no"),
        });
        Watch(child);

        child.Fail();

        ExpectInOrder("child#1 PreStart", "child#1 PreRestart(boom, boom)", "child#1 PostStop",
            "child#2 PostRestart(boom)");
        ExpectTerminated(child);
    }

    [Fact]
    public void A_PostRestart_that_throws_is_a_failure_of_its_own_that_knows_the_first()
    {
        var causes = new List<Exception>();
        var child = StartBelow(new OneForOneStrategy(cause =>
        {
            causes.Add(cause);
            return Directive.Restart;
        }), new Role("child", TestActor) { InPostRestart = p => ThrowIf(p.Instance == 2) });

        child.Fail();
        child.Tell(1);

        // The third instance is a creation, not a restart: the second never came to life.
        ExpectInOrder("child#1 PreStart", "child#1 PreRestart(boom, boom)", "child#1 PostStop",
            "child#2 PostRestart(boom)",
            "child#3 PreStart", "child#3 gets 1");
        causes.Count.ShouldBe(2);
        causes[1].ShouldBeOfType<PostRestartException>().OriginalCause.ShouldBe(causes[0]);
    }

    [Fact]
    public void A_constructor_that_throws_while_restarting_takes_surviving_children_along()
    {
        var child = StartBelow(SupervisorStrategy.DefaultStrategy, new Role("child", TestActor)
        {
            KeepsChildren = true,
            InConstructor = p => ThrowIf(p.Instance == 2),
        });
        child.Do(p => p.Start(RoleOf("grandchild")));
        Watch(child);
        ExpectInOrder("child#1 PreStart", "grandchild#1 PreStart");

        child.Fail();

        ExpectInOrder("child#1 PreRestart(boom, boom)", "child#1 PostStop", "grandchild#1 PostStop");
        ExpectTerminated(child);
    }

    [Fact]
    public void A_PreRestart_that_throws_is_logged_and_the_restart_goes_on()
    {
        var child = StartBelow(SupervisorStrategy.DefaultStrategy, new Role("child", TestActor)
        {
            InPreRestart = _ => throw new FormatException("no"),
        });
        ExpectMsg("child#1 PreStart");

        EventFilter.Error(contains: "no").ExpectOne(() => child.Fail());

        ExpectInOrder("child#1 PreRestart(boom, boom)", "child#2 PostRestart(boom)", "child#2 PreStart");
    }

    [Fact]
    public void A_PostStop_that_throws_is_logged_and_the_actor_has_stopped()
    {
        var child = StartBelow(SupervisorStrategy.DefaultStrategy, new Role("child", TestActor)
        {
            InPostStop = _ => throw new FormatException("no"),
        });
        ExpectMsg("child#1 PreStart");
        Watch(child);

        EventFilter.Exception<FormatException>().ExpectOne(() => Sys.Stop(child));

        ExpectMsg("child#1 PostStop");
        ExpectTerminated(child);
    }

    private IActorRef StartBelow(SupervisorStrategy strategy, Role role)
    {
        var parent = Start(new Role("parent", ActorRefs.Nobody) { Strategy = strategy });
        return parent.Ask(p => p.Start(role));
    }

    private static void ThrowIf(bool condition)
    {
        if (condition)
            throw new FormatException("no");
    }

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
