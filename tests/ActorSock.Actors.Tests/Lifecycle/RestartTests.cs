namespace ActorSock.EngineTests;

public class RestartTests : EngineTest
{
    [Fact]
    public void The_reference_stays_and_the_state_is_new()
    {
        var puppet = Start(RoleOf("a"));
        var before = puppet.Ask(p => p.Me);

        puppet.Fail();

        var after = puppet.Ask(p => (p.Me, p.Instance));
        after.Me.ShouldBe(before);
        after.Me.Path.Uid.ShouldBe(before.Path.Uid);
        after.Instance.ShouldBe(2);
    }

    [Fact]
    public void The_mailbox_stays_but_for_the_message_that_failed()
    {
        var puppet = Start(RoleOf("a"));
        using var gate = new Gate();

        puppet.Do(_ => gate.Pass());
        puppet.Tell(1);
        puppet.Fail();
        puppet.Tell(2);
        puppet.Tell(3);
        gate.Open();

        ExpectInOrder("a#1 PreStart", "a#1 gets 1", "a#1 PreRestart(boom, boom)", "a#1 PostStop",
            "a#2 PostRestart(boom)", "a#2 PreStart",
            "a#2 gets 2", "a#2 gets 3");
    }

    [Fact]
    public void Children_are_stopped_before_the_new_instance_is_made()
    {
        var parent = Start(RoleOf("parent"));
        ExpectMsg("parent#1 PreStart");
        var child = parent.Ask(p => p.Start(RoleOf("child")));
        ExpectMsg("child#1 PreStart");
        child.Do(p => p.Start(RoleOf("grandchild")));
        ExpectMsg("grandchild#1 PreStart");

        parent.Fail();

        // PostStop of the parent's old instance runs while its children are on their way out.
        var seen = ReceiveN(6).Cast<string>().ToList();
        seen.IndexOf("grandchild#1 PostStop").ShouldBeLessThan(seen.IndexOf("child#1 PostStop"));
        seen.IndexOf("child#1 PostStop").ShouldBeLessThan(seen.IndexOf("parent#2 PostRestart(boom)"));
        seen.ShouldContain("parent#1 PreRestart(boom, boom)");
        seen.ShouldContain("parent#1 PostStop");
        seen[^1].ShouldBe("parent#2 PreStart");
        parent.Ask(p => p.Surroundings.GetChildren().Count()).ShouldBe(0);
    }

    [Fact]
    public void Messages_wait_while_children_are_stopping()
    {
        using var gate = new Gate();
        var parent = Start(RoleOf("parent"));
        parent.Do(p => p.Start(new Role("child", ActorRefs.Nobody) { InPostStop = _ => gate.Pass() }));

        parent.Fail();
        gate.AwaitReached();
        parent.Tell(1);
        gate.Open();

        ExpectInOrder("parent#1 PreStart", "parent#1 PreRestart(boom, boom)", "parent#1 PostStop",
            "parent#2 PostRestart(boom)",
            "parent#2 PreStart", "parent#2 gets 1");
    }

    [Fact]
    public void Children_stopped_by_a_restart_are_not_announced_to_their_parent()
    {
        var parent = Start(RoleOf("parent"));
        parent.Do(p => p.Surroundings.Watch(p.Start(new Role("child", ActorRefs.Nobody))));

        parent.Fail();
        parent.Tell(1);

        ExpectInOrder("parent#1 PreStart", "parent#1 PreRestart(boom, boom)", "parent#1 PostStop",
            "parent#2 PostRestart(boom)",
            "parent#2 PreStart", "parent#2 gets 1");
    }

    [Fact]
    public void Children_that_PreRestart_leaves_alone_are_restarted_with_their_parent()
    {
        var parent = Start(new Role("parent", TestActor) { KeepsChildren = true });
        ExpectMsg("parent#1 PreStart");
        var child = parent.Ask(p => p.Start(RoleOf("child")));
        ExpectMsg("child#1 PreStart");

        parent.Fail();

        ExpectInOrder("parent#1 PreRestart(boom, boom)", "parent#1 PostStop", "parent#2 PostRestart(boom)",
            "parent#2 PreStart",
            "child#1 PreRestart(boom, nothing)", "child#1 PostStop", "child#2 PostRestart(boom)",
            "child#2 PreStart");
        child.Tell(1);
        ExpectMsg("child#2 gets 1");
        parent.Ask(p => p.Surroundings.Child("child")).ShouldBe(child);
    }

    [Fact]
    public void A_child_that_is_started_by_PreRestart_stands_still_when_its_parent_does()
    {
        using var gate = new Gate();
        var top = Start(new Role("top", ActorRefs.Nobody)
        {
            Strategy = new OneForOneStrategy(cause =>
            {
                if (cause.Message == "later")
                    gate.Pass();
                return Directive.Restart;
            }),
        });
        var parent = top.Ask(p => p.Start(new Role("parent", ActorRefs.Nobody)
        {
            InPreRestart = q => q.Surroundings.Child("late").GetOrElse(() => q.Start(RoleOf("late"))),
            KeepsChildren = true,
        }));
        parent.Fail();
        ExpectInOrder("late#1 PreStart", "late#1 PreRestart(boom, nothing)", "late#1 PostStop",
            "late#2 PostRestart(boom)", "late#2 PreStart");
        var late = parent.Ask(p => p.Surroundings.Child("late"));
        late.Tell(1);
        ExpectMsg("late#2 gets 1");

        // Had it been resumed once more often than suspended, it would handle this while its parent waits
        // for a decision.
        parent.Fail("later");
        gate.AwaitReached();
        late.Tell(2);
        for (var i = 0; i < 10; i++)
            Settle(Start(new Role($"other{i}", ActorRefs.Nobody)));
        gate.Open();

        ExpectInOrder("late#2 PreRestart(later, nothing)", "late#2 PostStop", "late#3 PostRestart(later)",
            "late#3 PreStart", "late#3 gets 2");
    }

    [Fact]
    public void A_name_is_free_again_when_the_new_instance_starts()
    {
        var parent = Start(new Role("parent", ActorRefs.Nobody)
        {
            InPreStart = p => p.Start(RoleOf("child")),
        });
        ExpectMsg("child#1 PreStart");

        parent.Fail();

        ExpectInOrder("child#1 PostStop", "child#1 PreStart");
    }

    [Fact]
    public void Watches_stay_over_a_restart_of_the_watcher_and_of_the_watched()
    {
        var watched = Start(new Role("watched", ActorRefs.Nobody));
        var watcher = Start(RoleOf("watcher"));
        watcher.Do(p => p.Surroundings.Watch(watched));

        watcher.Fail();
        watched.Fail();
        Settle(watched);
        ExpectInOrder("watcher#1 PreStart", "watcher#1 PreRestart(boom, boom)", "watcher#1 PostStop",
            "watcher#2 PostRestart(boom)",
            "watcher#2 PreStart");
        Sys.Stop(watched);

        ExpectMsg("watcher#2 sees the end of watched");
    }

    [Fact]
    public void A_stop_while_a_restart_waits_for_children_wins()
    {
        using var gate = new Gate();
        var parent = Start(RoleOf("parent"));
        parent.Do(p => p.Start(new Role("child", ActorRefs.Nobody) { InPostStop = _ => gate.Pass() }));
        Watch(parent);

        parent.Fail();
        gate.AwaitReached();
        Sys.Stop(parent);
        gate.Open();

        ExpectInOrder("parent#1 PreStart", "parent#1 PreRestart(boom, boom)", "parent#1 PostStop");
        ExpectTerminated(parent);
    }
}
