namespace ActorSock.EngineTests;

public class WatchTests : EngineTest
{
    [Fact]
    public void The_end_of_a_watched_actor_is_announced_once()
    {
        var puppet = Start(new Role("a", ActorRefs.Nobody));
        Watch(puppet);
        Watch(puppet);

        Sys.Stop(puppet);

        var terminated = ExpectTerminated(puppet);
        terminated.ExistenceConfirmed.ShouldBeTrue();
        TestActor.Tell("last");
        ExpectMsg("last");
    }

    [Fact]
    public void All_watchers_are_told()
    {
        var watched = Start(new Role("watched", ActorRefs.Nobody));
        var watchers = Enumerable.Range(0, 20).Select(i => Start(RoleOf($"w{i:00}"))).ToList();
        ReceiveN(20);
        watchers.ForEach(w => w.Ask(p => p.Surroundings.Watch(watched)));

        Sys.Stop(watched);

        ExpectInAnyOrder([.. Enumerable.Range(0, 20).Select(i => $"w{i:00}#1 sees the end of watched")]);
    }

    [Fact]
    public void Watching_the_dead_is_answered()
    {
        var puppet = Start(new Role("a", ActorRefs.Nobody));
        Watch(puppet);
        Sys.Stop(puppet);
        ExpectTerminated(puppet);

        Watch(puppet);

        ExpectTerminated(puppet).ExistenceConfirmed.ShouldBeFalse();
    }

    [Fact]
    public void A_stop_and_a_watch_at_once_are_announced_exactly_once()
    {
        var watcher = Start(RoleOf("watcher"));
        ExpectMsg("watcher#1 PreStart");

        for (var i = 0; i < 500; i++)
        {
            var watched = Start(new Role($"a{i}", ActorRefs.Nobody));
            watcher.Do(p => p.Surroundings.Watch(watched));
            Sys.Stop(watched);
            ExpectMsg($"watcher#1 sees the end of a{i}");
        }
        watcher.Tell("the end");

        ExpectMsg("watcher#1 gets the end");
    }

    [Fact]
    public void Unwatch_takes_a_watch_back()
    {
        var watched = Start(new Role("watched", ActorRefs.Nobody));
        var watcher = Start(RoleOf("watcher"));
        watcher.Ask(p => p.Surroundings.Watch(watched));
        Watch(watched);

        watcher.Ask(p => p.Surroundings.Unwatch(watched));
        Sys.Stop(watched);

        ExpectMsg("watcher#1 PreStart");
        ExpectTerminated(watched);
        watcher.Tell("the end");
        ExpectMsg("watcher#1 gets the end");
    }

    [Fact]
    public void Unwatch_takes_back_an_announcement_that_is_already_queued()
    {
        var watched = Start(new Role("watched", ActorRefs.Nobody));
        var watcher = Start(RoleOf("watcher"));
        watcher.Ask(p => p.Surroundings.Watch(watched));
        Watch(watched);
        using var gate = new Gate();

        watcher.Do(p =>
        {
            gate.Pass();
            p.Me.Tell("round"); // behind whatever is queued by now
        });
        gate.AwaitReached();
        watcher.Do(p => p.Surroundings.Unwatch(watched));
        Sys.Stop(watched);
        ExpectMsg("watcher#1 PreStart");
        ExpectTerminated(watched);
        gate.Open();

        ExpectMsg("watcher#1 gets round");
        Settle(watcher);
        watcher.Tell("the end");
        ExpectMsg("watcher#1 gets the end");
    }

    [Fact]
    public void A_watch_can_be_renewed_after_it_was_taken_back()
    {
        var watched = Start(new Role("watched", ActorRefs.Nobody));
        var watcher = Start(RoleOf("watcher"));
        ExpectMsg("watcher#1 PreStart");

        watcher.Ask(p => p.Surroundings.Watch(watched));
        watcher.Ask(p => p.Surroundings.Unwatch(watched));
        watcher.Ask(p => p.Surroundings.Watch(watched));
        Sys.Stop(watched);

        ExpectMsg("watcher#1 sees the end of watched");
    }

    [Fact]
    public void WatchWith_announces_by_a_message_of_ones_own()
    {
        var watched = Start(new Role("watched", ActorRefs.Nobody));
        var watcher = Start(RoleOf("watcher"));

        watcher.Ask(p => p.Surroundings.WatchWith(watched, "what was to come"));
        Sys.Stop(watched);

        ExpectInOrder("watcher#1 PreStart", "watcher#1 gets what was to come");
    }

    [Fact]
    public void Unwatch_takes_back_a_WatchWith()
    {
        var watched = Start(new Role("watched", ActorRefs.Nobody));
        var watcher = Start(RoleOf("watcher"));
        watcher.Ask(p => p.Surroundings.WatchWith(watched, "never"));
        Watch(watched);

        watcher.Ask(p => p.Surroundings.Unwatch(watched));
        Sys.Stop(watched);

        ExpectMsg("watcher#1 PreStart");
        ExpectTerminated(watched);
        watcher.Tell("the end");
        ExpectMsg("watcher#1 gets the end");
    }

    [Fact]
    public void A_watch_cannot_change_its_message()
    {
        var watched = Start(new Role("watched", ActorRefs.Nobody));
        var watcher = Start(new Role("watcher", ActorRefs.Nobody));

        watcher.Ask(p => p.Surroundings.WatchWith(watched, "one"));

        watcher.Ask(p => Should.Throw<InvalidOperationException>(() =>
            p.Surroundings.WatchWith(watched, "two")));
    }

    [Fact]
    public void A_watched_child_is_announced_and_then_gone()
    {
        var parent = Start(RoleOf("parent"));
        ExpectMsg("parent#1 PreStart");
        var child = parent.Ask(p => p.Surroundings.Watch(p.Start(new Role("child", ActorRefs.Nobody))));

        Sys.Stop(child);

        ExpectMsg("parent#1 sees the end of child");
        parent.Ask(p => p.Surroundings.Child("child")).ShouldBe(ActorRefs.Nobody);
    }

    [Fact]
    public void A_child_that_nobody_watches_ends_silently()
    {
        var parent = Start(RoleOf("parent"));
        ExpectMsg("parent#1 PreStart");
        var child = parent.Ask(p => p.Start(new Role("child", ActorRefs.Nobody)));
        Watch(child);

        Sys.Stop(child);
        ExpectTerminated(child);
        AwaitCondition(() => !parent.Ask(p => p.Surroundings.GetChildren().Any()));
        parent.Tell("the end");

        ExpectMsg("parent#1 gets the end");
    }

    [Fact]
    public void An_announcement_comes_after_what_the_watched_actor_sent()
    {
        var watched = Start(new Role("watched", ActorRefs.Nobody));
        Watch(watched);
        var witness = TestActor;

        watched.Do(p =>
        {
            for (var i = 0; i < 100; i++)
                witness.Tell(i, p.Me);
            p.Surroundings.Stop(p.Me);
        });

        for (var i = 0; i < 100; i++)
            ExpectMsg(i);
        ExpectTerminated(watched);
    }

    [Fact]
    public async Task Who_does_not_handle_the_end_of_whom_it_watches_fails_with_a_death_pact()
    {
        var causes = new TaskCompletionSource<Exception>();
        var parent = Start(new Role("parent", ActorRefs.Nobody)
        {
            Strategy = new OneForOneStrategy(cause =>
            {
                causes.SetResult(cause);
                return Directive.Stop;
            }),
        });
        var watched = Start(new Role("watched", ActorRefs.Nobody));
        var watcher = parent.Ask(p => p.Surroundings.ActorOf(Props.Create(() => new Indifferent(watched))));
        Watch(watcher);
        Settle(watcher);

        Sys.Stop(watched);

        ExpectTerminated(watcher);
        (await causes.Task.InTime()).ShouldBeOfType<DeathPactException>().DeadActor.ShouldBe(watched);
    }

    [Fact]
    public void A_death_pact_stops_by_default()
    {
        var watched = Start(new Role("watched", ActorRefs.Nobody));
        var watcher = Sys.ActorOf(Props.Create(() => new Indifferent(watched)));
        Watch(watcher);
        Settle(watcher);

        Sys.Stop(watched);

        ExpectTerminated(watcher);
    }

    [Fact]
    public void Terminated_is_announced_only_to_those_who_watch()
    {
        var puppet = Start(RoleOf("a"));
        ExpectMsg("a#1 PreStart");

        puppet.Tell(new Terminated(TestActor, existenceConfirmed: true, addressTerminated: false));
        puppet.Tell("the end");

        ExpectMsg("a#1 gets the end");
    }

    [Fact]
    public void The_end_is_announced_to_a_watcher_that_is_suspended_when_it_goes_on()
    {
        using var gate = new Gate();
        var parent = Start(new Role("parent", ActorRefs.Nobody)
        {
            Strategy = new OneForOneStrategy(_ =>
            {
                gate.Pass();
                return Directive.Resume;
            }),
        });
        var watcher = parent.Ask(p => p.Start(RoleOf("watcher")));
        var watched = Start(new Role("watched", ActorRefs.Nobody));
        watcher.Ask(p => p.Surroundings.Watch(watched));
        ExpectMsg("watcher#1 PreStart");
        Watch(watched);

        watcher.Fail();
        gate.AwaitReached();
        Sys.Stop(watched);
        ExpectTerminated(watched);
        gate.Open();

        ExpectMsg("watcher#1 sees the end of watched");
    }

    private sealed class Indifferent : ReceiveActor
    {
        public Indifferent(IActorRef watched)
        {
            Context.Watch(watched);
            Receive<int>(_ => { });
        }
    }
}
