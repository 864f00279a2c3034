namespace ActorSock.EngineTests;

public class EscalationTests : EngineTest
{
    private static readonly SupervisorStrategy s_escalate = new OneForOneStrategy(_ => Directive.Escalate);

    [Fact]
    public void A_failure_escalated_through_two_levels_is_decided_by_the_third()
    {
        var (upper, lower, child) =
            StartTower(new OneForOneStrategy(_ => Directive.Restart), keepsChildren: false);

        child.Fail("deep");

        // The restart of the uppermost stops everything below.
        var seen = ReceiveN(6).Cast<string>().ToList();
        seen[0].ShouldBe("upper#1 PreRestart(deep, nothing)");
        seen.ShouldContain("upper#1 PostStop");
        seen.IndexOf("child#1 PostStop").ShouldBeLessThan(seen.IndexOf("lower#1 PostStop"));
        seen.IndexOf("lower#1 PostStop").ShouldBeLessThan(seen.IndexOf("upper#2 PostRestart(deep)"));
        seen[^1].ShouldBe("upper#2 PreStart");
        Settle(upper);
        Watch(lower);
        ExpectTerminated(lower);
    }

    [Fact]
    public void An_escalated_failure_that_is_resumed_lets_everybody_go_on()
    {
        var (upper, lower, child) =
            StartTower(new OneForOneStrategy(_ => Directive.Resume), keepsChildren: false);

        child.Fail("deep");
        child.Tell(1);
        ExpectMsg("child#1 gets 1");

        lower.Tell(2);
        ExpectMsg("lower#1 gets 2");
        upper.Tell(3);
        ExpectMsg("upper#1 gets 3");
        child.Fail("again"); // and it can fail again: it was forgiven
        child.Tell(4);
        ExpectMsg("child#1 gets 4");
    }

    [Fact]
    public void An_escalated_failure_that_restarts_reaches_the_child_where_nobody_stops_it()
    {
        var (_, _, child) = StartTower(new OneForOneStrategy(_ => Directive.Restart), keepsChildren: true);

        child.Fail("deep");
        child.Tell(1);

        ExpectInOrder("upper#1 PreRestart(deep, nothing)", "upper#1 PostStop", "upper#2 PostRestart(deep)",
            "upper#2 PreStart",
            "lower#1 PreRestart(deep, nothing)", "lower#1 PostStop", "lower#2 PostRestart(deep)",
            "lower#2 PreStart",
            "child#1 PreRestart(deep, deep)", "child#1 PostStop", "child#2 PostRestart(deep)",
            "child#2 PreStart", "child#2 gets 1");
    }

    [Fact]
    public void An_escalated_failure_that_stops_takes_everything_below_along()
    {
        var (upper, _, child) = StartTower(new OneForOneStrategy(_ => Directive.Stop), keepsChildren: false);
        Watch(upper);

        child.Fail("deep");

        ExpectInOrder("child#1 PostStop", "lower#1 PostStop", "upper#1 PostStop");
        ExpectTerminated(upper);
    }

    [Fact]
    public void A_sibling_stands_still_while_a_failure_is_escalated()
    {
        using var gate = new Gate();
        var top = Start(new Role("top", ActorRefs.Nobody)
        {
            Strategy = new OneForOneStrategy(_ =>
            {
                gate.Pass();
                return Directive.Resume;
            }),
        });
        var middle = top.Ask(p => p.Start(new Role("middle", ActorRefs.Nobody) { Strategy = s_escalate }));
        var (guilty, sibling) = middle.Ask(p => (p.Start(RoleOf("guilty")), p.Start(RoleOf("sibling"))));
        ExpectInAnyOrder("guilty#1 PreStart", "sibling#1 PreStart");

        guilty.Fail();
        gate.AwaitReached();
        sibling.Tell(1);
        guilty.Tell(2);
        Start(RoleOf("elsewhere"));
        ExpectMsg("elsewhere#1 PreStart");
        gate.Open();

        ExpectInAnyOrder("sibling#1 gets 1", "guilty#1 gets 2");
    }

    private (IActorRef Upper, IActorRef Lower, IActorRef Child) StartTower(SupervisorStrategy decision,
        bool keepsChildren)
    {
        var top = Start(new Role("top", ActorRefs.Nobody) { Strategy = decision });
        var upper = top.Ask(p => p.Start(new Role("upper", TestActor)
        {
            Strategy = s_escalate,
            KeepsChildren = keepsChildren,
        }));
        var lower = upper.Ask(p => p.Start(new Role("lower", TestActor)
        {
            Strategy = s_escalate,
            KeepsChildren = keepsChildren,
        }));
        var child = lower.Ask(p => p.Start(RoleOf("child")));
        ExpectInAnyOrder("upper#1 PreStart", "lower#1 PreStart", "child#1 PreStart");
        return (upper, lower, child);
    }
}
