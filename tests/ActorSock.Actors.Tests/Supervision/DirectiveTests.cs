namespace ActorSock.EngineTests;

public class DirectiveTests : EngineTest
{
    [Fact]
    public void Resume_by_OneForOne_keeps_state_and_mailbox_of_the_child_that_failed()
    {
        var (guilty, innocent) = StartFamily(new OneForOneStrategy(_ => Directive.Resume));
        using var gate = new Gate();

        guilty.Do(_ => gate.Pass());
        guilty.Fail();
        guilty.Tell(1);
        gate.Open();
        ExpectMsg("guilty#1 gets 1");

        innocent.Tell(2);
        ExpectMsg("innocent#1 gets 2");
    }

    [Fact]
    public void Restart_by_OneForOne_concerns_the_child_that_failed_alone()
    {
        var (guilty, innocent) = StartFamily(new OneForOneStrategy(_ => Directive.Restart));

        guilty.Fail();
        guilty.Tell(1);

        ExpectInOrder("guilty#1 PreRestart(boom, boom)", "guilty#1 PostStop", "guilty#2 PostRestart(boom)",
            "guilty#2 PreStart", "guilty#2 gets 1");
        innocent.Tell(2);
        ExpectMsg("innocent#1 gets 2");
    }

    [Fact]
    public void Stop_by_OneForOne_concerns_the_child_that_failed_alone()
    {
        var (guilty, innocent) = StartFamily(new OneForOneStrategy(_ => Directive.Stop));
        Watch(guilty);

        guilty.Fail();

        ExpectMsg("guilty#1 PostStop");
        ExpectTerminated(guilty);
        innocent.Tell(2);
        ExpectMsg("innocent#1 gets 2");
    }

    [Fact]
    public void Resume_by_AllForOne_touches_nobody_else()
    {
        var (guilty, innocent) = StartFamily(new AllForOneStrategy(_ => Directive.Resume));

        guilty.Fail();
        guilty.Tell(1);
        ExpectMsg("guilty#1 gets 1");

        innocent.Tell(2);
        ExpectMsg("innocent#1 gets 2");
    }

    [Fact]
    public void Restart_by_AllForOne_restarts_all_children()
    {
        var (guilty, innocent) = StartFamily(new AllForOneStrategy(_ => Directive.Restart));

        guilty.Fail();
        ExpectInAnyOrder(
            "guilty#1 PreRestart(boom, boom)", "guilty#1 PostStop", "guilty#2 PostRestart(boom)",
            "guilty#2 PreStart",
            "innocent#1 PreRestart(boom, nothing)", "innocent#1 PostStop", "innocent#2 PostRestart(boom)",
            "innocent#2 PreStart");

        guilty.Tell(1);
        ExpectMsg("guilty#2 gets 1");
        innocent.Tell(2);
        ExpectMsg("innocent#2 gets 2");
    }

    [Fact]
    public void Stop_by_AllForOne_stops_all_children()
    {
        var (guilty, innocent) = StartFamily(new AllForOneStrategy(_ => Directive.Stop));
        Watch(guilty);
        Watch(innocent);

        guilty.Fail();

        ExpectInAnyOrderOf(message =>
            message is Terminated ended ? $"end of {ended.ActorRef.Path.Name}" : (string)message,
            "guilty#1 PostStop", "innocent#1 PostStop", "end of guilty", "end of innocent");
    }

    [Fact]
    public void Two_children_that_fail_at_once_are_both_restarted_by_AllForOne()
    {
        var (first, second) = StartFamily(new AllForOneStrategy(_ => Directive.Restart));
        using var gate = new Gate();
        IgnoreMessages<string>(s => !s.Contains("gets"));

        first.Do(_ => gate.Pass());
        gate.AwaitReached();
        first.Fail("one");
        second.Fail("two");
        first.Tell(1);
        second.Tell(2);
        gate.Open();

        // Whichever comes first, each failure restarts both, and both go on.
        ReceiveN(2).Cast<string>().Select(s => s[s.IndexOf(' ')..]).Order().ShouldBe([" gets 1", " gets 2"]);
        AwaitAssert(() => first.Ask(p => p.Instance).ShouldBe(3));
        AwaitAssert(() => second.Ask(p => p.Instance).ShouldBe(3));
    }

    [Fact]
    public void The_exception_decides()
    {
        var strategy = new OneForOneStrategy(cause => cause switch
        {
            ArgumentException => Directive.Resume,
            InvalidOperationException => Directive.Restart,
            _ => Directive.Stop,
        });
        var (child, _) = StartFamily(strategy);

        child.Tell(new ArgumentException("a"));
        child.Tell(1);
        child.Tell(new InvalidOperationException("b"));
        child.Tell(2);
        child.Tell(new FormatException("c"));

        ExpectInOrder("guilty#1 gets 1", "guilty#1 PreRestart(b, b)", "guilty#1 PostStop",
            "guilty#2 PostRestart(b)", "guilty#2 PreStart",
            "guilty#2 gets 2", "guilty#2 PostStop");
    }

    [Fact]
    public void Without_a_strategy_failures_restart()
    {
        var parent = Start(new Role("parent", ActorRefs.Nobody));
        var child = parent.Ask(p => p.Start(RoleOf("child")));

        child.Fail();

        ExpectInOrder("child#1 PreStart", "child#1 PreRestart(boom, boom)", "child#1 PostStop",
            "child#2 PostRestart(boom)", "child#2 PreStart");
    }

    [Fact]
    public void A_strategy_given_with_the_props_is_used_instead_of_the_actors_own()
    {
        var role = new Role("parent", ActorRefs.Nobody)
        {
            Strategy = new OneForOneStrategy(_ => Directive.Restart),
        };
        var parent = Sys.ActorOf(Props.Create(() => new Puppet(role))
            .WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Stop)));
        var child = parent.Ask(p => p.Start(RoleOf("child")));

        child.Fail();

        ExpectInOrder("child#1 PreStart", "child#1 PostStop");
    }

    [Fact]
    public void A_decision_table_prefers_the_exact_type()
    {
        var decider = Decider.From(
            Directive.Escalate,
            new KeyValuePair<Type, Directive>(typeof(ArgumentException), Directive.Stop),
            new KeyValuePair<Type, Directive>(typeof(ArgumentNullException), Directive.Resume));

        decider.Decide(new ArgumentNullException("n")).ShouldBe(Directive.Resume);
        decider.Decide(new ArgumentOutOfRangeException("r")).ShouldBe(Directive.Stop);
        decider.Decide(new FormatException()).ShouldBe(Directive.Escalate);
    }

    [Fact]
    public void A_strategy_that_throws_fails_the_parent_and_the_child_shares_what_is_decided_about_it()
    {
        var top = Start(new Role("top", ActorRefs.Nobody)
        {
            Strategy = new OneForOneStrategy(_ => Directive.Resume),
        });
        var middle = top.Ask(p => p.Start(new Role("middle", ActorRefs.Nobody)
        {
            Strategy = new OneForOneStrategy(_ => throw new InvalidOperationException("cannot decide")),
        }));
        var bottom = middle.Ask(p => p.Start(RoleOf("bottom")));

        bottom.Fail();
        bottom.Tell(1);

        ExpectInOrder("bottom#1 PreStart", "bottom#1 gets 1");
    }

    [Fact]
    public void Each_failure_is_logged_once_with_its_cause()
    {
        var (child, _) = StartFamily(new OneForOneStrategy(_ => Directive.Restart));

        EventFilter.Exception<InvalidOperationException>(message: "boom").ExpectOne(() => child.Fail());
        EventFilter.Exception<InvalidOperationException>().Expect(0, () =>
        {
            child.Tell(1);
            FishForMessage<string>(s => s == "guilty#2 gets 1");
        });
    }

    private (IActorRef Guilty, IActorRef Innocent) StartFamily(SupervisorStrategy strategy)
    {
        var parent = Start(new Role("parent", ActorRefs.Nobody) { Strategy = strategy });
        var family = parent.Ask(p => (p.Start(RoleOf("guilty")), p.Start(RoleOf("innocent"))));
        ExpectInAnyOrder("guilty#1 PreStart", "innocent#1 PreStart");
        return family;
    }

    private void ExpectInAnyOrderOf(Func<object, string> named, params string[] expected) =>
        ReceiveN(expected.Length).Select(named).Order().ShouldBe(expected.Order());
}
