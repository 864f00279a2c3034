namespace ActorSock.EngineTests;

public class StopTests : EngineTest
{
    [Fact]
    public void Children_stop_first()
    {
        var parent = Start(RoleOf("parent"));
        var child = parent.Ask(p => p.Start(RoleOf("child")));
        child.Ask(p => p.Start(RoleOf("grandchild")));
        ExpectInAnyOrder("parent#1 PreStart", "child#1 PreStart", "grandchild#1 PreStart");

        Sys.Stop(parent);

        ExpectInOrder("grandchild#1 PostStop", "child#1 PostStop", "parent#1 PostStop");
    }

    [Fact]
    public void A_parent_waits_for_the_slowest_of_its_children()
    {
        using var gate = new Gate();
        var parent = Start(RoleOf("parent"));
        parent.Ask(p => p.Start(new Role("slow", TestActor) { InPostStop = _ => gate.Pass() }));
        parent.Ask(p => p.Start(RoleOf("quick")));
        ExpectInAnyOrder("parent#1 PreStart", "slow#1 PreStart", "quick#1 PreStart");

        Sys.Stop(parent);
        gate.AwaitReached();
        ExpectInAnyOrder("slow#1 PostStop", "quick#1 PostStop");
        gate.Open();

        ExpectMsg("parent#1 PostStop");
    }

    [Fact]
    public void A_stopped_actor_finishes_the_message_at_hand_and_no_other()
    {
        var puppet = Start(RoleOf("a"));

        puppet.Do(p =>
        {
            p.Me.Tell("never");
            p.Surroundings.Stop(p.Me);
            p.Say("finishes");
        });

        ExpectInOrder("a#1 PreStart", "a#1 finishes", "a#1 PostStop");
    }

    [Fact]
    public void A_parent_stops_one_child_and_keeps_the_others()
    {
        var parent = Start(new Role("parent", ActorRefs.Nobody));
        var first = parent.Ask(p => p.Start(RoleOf("first")));
        var second = parent.Ask(p => p.Start(RoleOf("second")));
        ExpectInAnyOrder("first#1 PreStart", "second#1 PreStart");

        parent.Do(p => p.Surroundings.Stop(first));

        ExpectMsg("first#1 PostStop");
        AwaitCondition(() => parent.Ask(p => p.Surroundings.GetChildren().Count()) == 1);
        parent.Ask(p => p.Surroundings.GetChildren().Single()).ShouldBe(second);
    }

    [Fact]
    public void A_poison_pill_is_taken_in_its_turn()
    {
        var puppet = Start(RoleOf("a"));
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));

        puppet.Tell(1);
        puppet.Tell(2);
        puppet.Tell(PoisonPill.Instance);
        puppet.Tell(3);

        ExpectInOrder("a#1 PreStart", "a#1 gets 1", "a#1 gets 2", "a#1 PostStop");
        ExpectMsg<DeadLetter>().Message.ShouldBe(3);
    }

    [Fact]
    public void Kill_makes_an_actor_fail_and_the_default_decision_is_to_stop_it()
    {
        var puppet = Start(RoleOf("a"));
        Watch(puppet);

        puppet.Tell(1);
        puppet.Tell(Kill.Instance);
        puppet.Tell(2);

        ExpectInOrder("a#1 PreStart", "a#1 gets 1", "a#1 PostStop");
        ExpectTerminated(puppet);
    }

    [Fact]
    public void Kill_is_a_failure_that_a_parent_can_decide_otherwise()
    {
        var causes = new List<Type>();
        var parent = Start(new Role("parent", ActorRefs.Nobody)
        {
            Strategy = new OneForOneStrategy(cause =>
            {
                causes.Add(cause.GetType());
                return Directive.Restart;
            }),
        });
        var child = parent.Ask(p => p.Start(RoleOf("child")));

        child.Tell(Kill.Instance);
        child.Tell(1);

        ExpectInOrder("child#1 PreStart", "child#1 PreRestart(Kill, <Kill>)", "child#1 PostStop",
            "child#2 PostRestart(Kill)",
            "child#2 PreStart", "child#2 gets 1");
        causes.ShouldBe([typeof(ActorKilledException)]);
    }

    [Fact]
    public void Stopping_twice_or_the_dead_does_nothing()
    {
        var puppet = Start(RoleOf("a"));
        Watch(puppet);

        Sys.Stop(puppet);
        Sys.Stop(puppet);
        ExpectInOrder("a#1 PreStart", "a#1 PostStop");
        ExpectTerminated(puppet);
        Sys.Stop(puppet);

        Start(RoleOf("b"));
        ExpectMsg("b#1 PreStart");
    }

    [Fact]
    public async Task No_child_can_be_started_while_stopping()
    {
        var refused = new TaskCompletionSource<Exception>();

        var puppet = Start(new Role("a", ActorRefs.Nobody)
        {
            InPostStop = p => refused.SetResult(Should.Throw<InvalidOperationException>(() =>
                p.Start(RoleOf("late")))),
        });
        Sys.Stop(puppet);

        await refused.Task.InTime();
    }

    [Fact]
    public void A_child_that_fails_while_its_parent_stops_is_stopped_with_it()
    {
        using var gate = new Gate();
        var parent = Start(RoleOf("parent"));
        var child = parent.Ask(p => p.Start(RoleOf("child")));
        ExpectInAnyOrder("parent#1 PreStart", "child#1 PreStart");
        Watch(parent);

        child.Do(_ =>
        {
            gate.Pass();
            throw new InvalidOperationException("too late");
        });
        gate.AwaitReached();
        Sys.Stop(parent);
        gate.Open();

        ExpectInOrder("child#1 PostStop", "parent#1 PostStop");
        ExpectTerminated(parent);
    }

    [Fact]
    public void An_actor_that_stopped_at_once_after_its_start_was_started_all_the_same()
    {
        var puppet = Start(RoleOf("a"));
        Sys.Stop(puppet);

        ExpectInOrder("a#1 PreStart", "a#1 PostStop");
    }
}
