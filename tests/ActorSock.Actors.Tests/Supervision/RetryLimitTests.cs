namespace ActorSock.EngineTests;

public class RetryLimitTests() : EngineTest(VirtualTime)
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_child_that_failed_more_often_than_allowed_is_stopped()
    {
        var child = StartChild(new OneForOneStrategy(2, Timeout.InfiniteTimeSpan, _ => Directive.Restart));

        FailAndExpectRestart(child, 1);
        Time.Advance(TimeSpan.FromDays(1));
        FailAndExpectRestart(child, 2);
        child.Fail();

        ExpectMsg("child#3 PostStop");
    }

    [Fact]
    public void Failures_are_counted_in_a_window_that_starts_over_when_it_has_passed()
    {
        var child = StartChild(new OneForOneStrategy(2, s_minute, _ => Directive.Restart));

        FailAndExpectRestart(child, 1);
        FailAndExpectRestart(child, 2);
        Time.Advance(s_minute + TimeSpan.FromMilliseconds(1));
        FailAndExpectRestart(child, 3);
        FailAndExpectRestart(child, 4);
        Time.Advance(s_minute - TimeSpan.FromMilliseconds(1));
        child.Fail();

        ExpectMsg("child#5 PostStop");
    }

    [Fact]
    public void No_retries_means_that_the_first_failure_stops()
    {
        var child = StartChild(new OneForOneStrategy(0, s_minute, _ => Directive.Restart));

        child.Fail();

        ExpectMsg("child#1 PostStop");
    }

    [Fact]
    public void Without_a_limit_a_child_may_fail_for_ever()
    {
        var child = StartChild(new OneForOneStrategy(-1, -1, _ => Directive.Restart));

        for (var instance = 1; instance <= 50; instance++)
            FailAndExpectRestart(child, instance);
    }

    [Fact]
    public void A_resumed_failure_does_not_count()
    {
        var child = StartChild(new OneForOneStrategy(1, s_minute, cause =>
            cause.Message == "boom" ? Directive.Restart : Directive.Resume));

        child.Fail("mild");
        child.Fail("mild");
        FailAndExpectRestart(child, 1);
        child.Fail();

        ExpectMsg("child#2 PostStop");
    }

    [Fact]
    public void Each_child_has_its_own_count_by_OneForOne()
    {
        var parent = Start(new Role("parent", ActorRefs.Nobody)
        {
            Strategy = new OneForOneStrategy(1, s_minute, _ => Directive.Restart),
        });
        var (a, b) = parent.Ask(p => (p.Start(RoleOf("a")), p.Start(RoleOf("b"))));
        ExpectInAnyOrder("a#1 PreStart", "b#1 PreStart");

        foreach (var child in new[] { a, b })
        {
            var name = child.Path.Name;
            child.Fail();
            child.Tell(1);
            ExpectInOrder($"{name}#1 PreRestart(boom, boom)", $"{name}#1 PostStop",
                $"{name}#2 PostRestart(boom)", $"{name}#2 PreStart", $"{name}#2 gets 1");
        }
    }

    [Fact]
    public void Over_the_limit_AllForOne_stops_all()
    {
        var parent = Start(new Role("parent", ActorRefs.Nobody)
        {
            Strategy = new AllForOneStrategy(1, s_minute, _ => Directive.Restart),
        });
        var (a, b) = parent.Ask(p => (p.Start(RoleOf("a")), p.Start(RoleOf("b"))));
        ExpectInAnyOrder("a#1 PreStart", "b#1 PreStart");

        a.Fail();
        ExpectInAnyOrder("a#1 PreRestart(boom, boom)", "a#1 PostStop", "a#2 PostRestart(boom)",
            "a#2 PreStart",
            "b#1 PreRestart(boom, nothing)", "b#1 PostStop", "b#2 PostRestart(boom)", "b#2 PreStart");
        b.Fail();

        ExpectInAnyOrder("a#2 PostStop", "b#2 PostStop");
    }

    private IActorRef StartChild(SupervisorStrategy strategy)
    {
        var parent = Start(new Role("parent", ActorRefs.Nobody) { Strategy = strategy });
        var child = parent.Ask(p => p.Start(RoleOf("child")));
        ExpectMsg("child#1 PreStart");
        return child;
    }

    private void FailAndExpectRestart(IActorRef child, int instance)
    {
        child.Fail();
        ExpectInOrder($"child#{instance} PreRestart(boom, boom)", $"child#{instance} PostStop",
            $"child#{instance + 1} PostRestart(boom)", $"child#{instance + 1} PreStart");
    }
}
