namespace ActorSock.EngineTests;

public class ActorSelectionTests : EngineTest
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void An_absolute_path_leads_to_its_actor()
    {
        var family = StartFamily();

        Sys.ActorSelection("/user/parent/older").Tell(1);
        ExpectMsg("older#1 gets 1");
        Sys.ActorSelection($"akka://{Sys.Name}/user/parent/younger").Tell(2);
        ExpectMsg("younger#1 gets 2");
        Sys.ActorSelection(family.Older.Path).Tell(3);
        ExpectMsg("older#1 gets 3");
    }

    [Fact]
    public void A_relative_path_starts_at_the_actor_that_uses_it()
    {
        var family = StartFamily();

        family.Older.Do(p => p.Surroundings.ActorSelection("../younger").Tell(1));
        ExpectMsg("younger#1 gets 1");
        family.Parent.Do(p => p.Surroundings.ActorSelection("older").Tell(2));
        ExpectMsg("older#1 gets 2");
        family.Older.Do(p => p.Surroundings.ActorSelection("..").Tell(3));
        ExpectMsg("parent#1 gets 3");
        family.Older.Do(p => p.Surroundings.ActorSelection("../../parent/younger").Tell(4));
        ExpectMsg("younger#1 gets 4");
    }

    [Fact]
    public void Wildcards_lead_to_all_that_match()
    {
        StartFamily();

        Sys.ActorSelection("/user/parent/*").Tell(1);
        ExpectInAnyOrder("older#1 gets 1", "younger#1 gets 1");
        Sys.ActorSelection("/user/parent/o?d*").Tell(2);
        ExpectMsg("older#1 gets 2");
        Sys.ActorSelection("/user/p*/younger").Tell(3);
        ExpectMsg("younger#1 gets 3");
    }

    [Fact]
    public void The_sender_goes_along()
    {
        Sys.ActorOf(Props.Create(() => new Echo()), "echo");

        Sys.ActorSelection("/user/echo").Tell("hello");
        ExpectMsg("hello");
        var other = CreateTestProbe();
        Sys.ActorSelection("/user/echo").Tell("hello", other.Ref);
        other.ExpectMsg("hello");
    }

    [Theory]
    [InlineData("/user/nobody")]
    [InlineData("/user/parent/nobody")]
    [InlineData("/user/parent/x*")]
    [InlineData("akka://elsewhere/user/parent")]
    public void A_message_to_nobody_is_a_dead_letter(string path)
    {
        StartFamily();
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));

        Sys.ActorSelection(path).Tell("hello");

        ExpectMsg<DeadLetter>().Message.ShouldBe("hello");
    }

    [Fact]
    public async Task ResolveOne_finds_the_reference()
    {
        var family = StartFamily();

        (await Sys.ActorSelection("/user/parent/older").ResolveOne(s_patience)).ShouldBe(family.Older);
    }

    [Fact]
    public async Task ResolveOne_of_what_is_not_there_fails_without_waiting_for_its_timeout()
    {
        StartFamily();

        await Should.ThrowAsync<ActorNotFoundException>(() =>
            Sys.ActorSelection("/user/nobody").ResolveOne(Timeout.InfiniteTimeSpan));
        await Should.ThrowAsync<ActorNotFoundException>(() =>
            Sys.ActorSelection("/user/parent/x*").ResolveOne(Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task ResolveOne_of_an_actor_that_does_not_answer_fails_in_time()
    {
        using var gate = new Gate();
        var puppet = Start(new Role("busy", ActorRefs.Nobody));
        puppet.Do(_ => gate.Pass());
        gate.AwaitReached();

        await Should.ThrowAsync<ActorNotFoundException>(() =>
            Sys.ActorSelection("/user/busy").ResolveOne(TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public void A_new_actor_of_an_old_name_is_found_by_path_and_not_by_the_old_reference()
    {
        var old = Start(RoleOf("a"));
        Watch(old);
        Sys.Stop(old);
        ExpectInOrder("a#1 PreStart", "a#1 PostStop");
        ExpectTerminated(old);
        AwaitCondition(() => Sys.ActorSelection("/user/a").Ask<ActorIdentity>(new Identify(1), s_patience)
            .Result.Subject is null);

        // The name is free when the parent knows of the end, and it hears of that beside us.
        IActorRef young = ActorRefs.Nobody;
        AwaitCondition(() => TryStart(RoleOf("a"), out young));
        ExpectMsg("a#1 PreStart");
        old.Tell("to the old one");
        Sys.ActorSelection("/user/a").Tell("to whoever is there");

        ExpectMsg("a#1 gets to whoever is there");
        young.ShouldNotBe(old);
        young.Path.ShouldBe(old.Path);
    }

    [Fact]
    public void A_selection_can_be_found_while_children_come_and_go()
    {
        var parent = Start(new Role("parent", ActorRefs.Nobody));
        using var end = new CancellationTokenSource();
        var looking = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                Sys.ActorSelection("/user/parent/*").Tell("hello", ActorRefs.NoSender);
                Sys.ActorSelection("/user/parent/child").Tell("hello", ActorRefs.NoSender);
            }
        });

        for (var i = 0; i < 300; i++)
        {
            var child = parent.Ask(p => p.Start(new Role("child", ActorRefs.Nobody)));
            parent.Do(p => p.Surroundings.Stop(child));
            AwaitCondition(() => parent.Ask(p => p.Surroundings.Child("child")).Equals(ActorRefs.Nobody));
        }
        end.Cancel();

        Should.NotThrow(() => looking.Wait(s_patience)).ShouldBeTrue();
    }

    private (IActorRef Parent, IActorRef Older, IActorRef Younger) StartFamily()
    {
        var parent = Start(RoleOf("parent"));
        var (older, younger) = parent.Ask(p => (p.Start(RoleOf("older")), p.Start(RoleOf("younger"))));
        ExpectInAnyOrder("parent#1 PreStart", "older#1 PreStart", "younger#1 PreStart");
        return (parent, older, younger);
    }

    private bool TryStart(Role role, out IActorRef actor)
    {
        actor = ActorRefs.Nobody;
        try
        {
            actor = Start(role);
            return true;
        }
        catch (InvalidActorNameException)
        {
            return false;
        }
    }
}
