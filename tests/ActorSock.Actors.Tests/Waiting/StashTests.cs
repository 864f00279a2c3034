namespace ActorSock.EngineTests;

public class StashTests : EngineTest
{
    [Fact]
    public void Unstashed_messages_come_in_their_order_before_those_that_wait()
    {
        var puppet = StartStashing();
        using var gate = new Gate();

        puppet.Tell(1);
        puppet.Tell(2);
        puppet.Tell(3);
        puppet.Do(p =>
        {
            gate.Pass();
            p.Stash.UnstashAll();
            p.EnterListening();
        });
        gate.AwaitReached();
        puppet.Tell(4);
        gate.Open();

        ExpectInOrder("a#1 gets 1", "a#1 gets 2", "a#1 gets 3", "a#1 gets 4");
    }

    [Fact]
    public void Unstash_brings_back_the_oldest_alone()
    {
        var puppet = StartStashing();

        puppet.Tell(1);
        puppet.Tell(2);
        puppet.Do(p =>
        {
            p.EnterListening();
            p.Stash.Unstash();
        });
        ExpectMsg("a#1 gets 1");

        puppet.Ask(p => p.Stash.Count).ShouldBe(1);
    }

    [Fact]
    public void The_sender_comes_back_with_the_message()
    {
        var sender = CreateTestProbe();
        var puppet = StartStashing();

        puppet.Tell("question", sender.Ref);
        puppet.Do(p =>
        {
            p.Enter(_ => p.From.Tell("answer", p.Me));
            p.Stash.UnstashAll();
        });

        sender.ExpectMsg("answer");
    }

    [Fact]
    public void A_message_can_be_stashed_again_when_it_has_come_back()
    {
        var puppet = StartStashing();

        puppet.Tell(1);
        puppet.Do(p => p.Stash.UnstashAll());
        Settle(puppet);
        puppet.Ask(p => p.Stash.Count).ShouldBe(1);
        puppet.Do(p =>
        {
            p.EnterListening();
            p.Stash.UnstashAll();
        });

        ExpectMsg("a#1 gets 1");
    }

    [Fact]
    public void Stashing_a_message_twice_is_refused()
    {
        var puppet = Start(new Role("a", ActorRefs.Nobody));

        puppet.Ask(p =>
        {
            p.Stash.Stash();
            return Should.Throw<IllegalActorStateException>(() => p.Stash.Stash());
        });
    }

    [Fact]
    public void A_stash_has_room_for_what_its_props_say()
    {
        var role = new Role("a", ActorRefs.Nobody);
        var puppet = Sys.ActorOf(Props.Create(() => new Puppet(role)).WithStashCapacity(2));
        puppet.Do(p => p.Stash.Stash());
        puppet.Ask(p => p.Stash.IsFull).ShouldBeFalse();
        puppet.Do(p => p.Stash.Stash());

        puppet.Ask(p => p.Stash.IsFull).ShouldBeTrue();
        puppet.Ask(p => Should.Throw<StashOverflowException>(() => p.Stash.Stash()));
        puppet.Ask(p => p.Stash.Count).ShouldBe(2);
    }

    [Fact]
    public void A_restart_brings_stashed_messages_back_to_the_new_instance()
    {
        var puppet = Start(new Role("a", TestActor) { InPreStart = p => EnterStashing(p, p.Instance == 1) });
        using var gate = new Gate();
        puppet.Do(_ => gate.Pass());

        puppet.Tell(1);
        puppet.Tell(2);
        puppet.Fail();
        puppet.Tell(3);
        gate.Open();

        ExpectInOrder("a#1 PreStart", "a#1 PreRestart(boom, boom)", "a#1 PostStop", "a#2 PostRestart(boom)",
            "a#2 PreStart",
            "a#2 gets 1", "a#2 gets 2", "a#2 gets 3");
    }

    [Fact]
    public void Stashed_messages_of_an_actor_that_stops_are_dead_letters()
    {
        var puppet = StartStashing();
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        using var gate = new Gate();

        puppet.Tell(1);
        puppet.Tell(2);
        puppet.Do(_ => gate.Pass());
        gate.AwaitReached();
        puppet.Tell(3);
        Sys.Stop(puppet);
        gate.Open();

        ExpectMsg("a#1 PostStop");
        ExpectMsg<DeadLetter>().Message.ShouldBe(1);
        ExpectMsg<DeadLetter>().Message.ShouldBe(2);
        ExpectMsg<DeadLetter>().Message.ShouldBe(3);
    }

    [Fact]
    public void An_announced_end_can_be_stashed()
    {
        var watched = Start(new Role("watched", ActorRefs.Nobody));
        var puppet = StartStashing();
        puppet.Ask(p => p.Surroundings.Watch(watched));
        Watch(watched);

        Sys.Stop(watched);
        ExpectTerminated(watched);
        AwaitCondition(() => puppet.Ask(p => p.Stash.Count) == 1);
        puppet.Do(p =>
        {
            p.Enter(message => p.Say(message is Terminated ended
                ? $"sees the end of {ended.ActorRef.Path.Name}" : "gets else"));
            p.Stash.UnstashAll();
        });

        ExpectMsg("a#1 sees the end of watched");
    }

    [Fact]
    public void A_cleared_stash_gives_its_messages_to_whoever_cleared_it()
    {
        var puppet = StartStashing();

        puppet.Tell(1);
        puppet.Tell(2);

        puppet.Ask(p => p.Stash.ClearStash().Select(e => e.Message).ToList()).ShouldBe([1, 2]);
        puppet.Ask(p => p.Stash.IsEmpty).ShouldBeTrue();
    }

    private IActorRef StartStashing()
    {
        var puppet = Start(new Role("a", TestActor) { InPreStart = p => EnterStashing(p, really: true) });
        ExpectMsg("a#1 PreStart");
        return puppet;
    }

    /// <summary>A state that stashes all but deeds and failures.</summary>
    private static void EnterStashing(Puppet puppet, bool really)
    {
        if (!really)
            return;
        puppet.Enter(message =>
        {
            switch (message)
            {
                case Action<Puppet> deed:
                    deed(puppet);
                    break;
                case Exception cause:
                    throw cause;
                default:
                    puppet.Stash.Stash();
                    break;
            }
        });
    }
}
