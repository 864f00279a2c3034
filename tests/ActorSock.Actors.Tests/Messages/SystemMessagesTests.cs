namespace ActorSock.EngineTests;

public class SystemMessagesTests : EngineTest
{
    [Fact]
    public void A_stop_overtakes_messages_that_were_sent_before_it()
    {
        var puppet = Start(RoleOf("a"));
        ExpectMsg("a#1 PreStart");
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        using var gate = new Gate();

        puppet.Do(_ => gate.Pass());
        gate.AwaitReached();
        puppet.Tell(1);
        puppet.Tell(2);
        Sys.Stop(puppet);
        gate.Open();

        ExpectMsg("a#1 PostStop");
        ExpectMsg<DeadLetter>().Message.ShouldBe(1);
        ExpectMsg<DeadLetter>().Message.ShouldBe(2);
    }

    [Fact]
    public void A_restart_comes_before_messages_that_were_sent_before_the_failure()
    {
        var puppet = Start(RoleOf("a"));
        using var gate = new Gate();

        puppet.Do(_ => gate.Pass());
        puppet.Fail();
        puppet.Tell(1);
        gate.Open();

        ExpectInOrder("a#1 PreStart", "a#1 PreRestart(boom, boom)", "a#1 PostStop", "a#2 PostRestart(boom)",
            "a#2 PreStart", "a#2 gets 1");
    }

    [Fact]
    public void A_suspended_child_handles_nothing_until_its_parent_goes_on()
    {
        using var gate = new Gate();
        var top = Start(new Role("top", TestActor)
        {
            Strategy = new OneForOneStrategy(_ =>
            {
                gate.Pass();
                return Directive.Resume;
            }),
        });
        var middle = top.Ask(p => p.Start(RoleOf("middle")));
        var bottom = middle.Ask(p => p.Start(RoleOf("bottom")));
        ExpectInAnyOrder("top#1 PreStart", "middle#1 PreStart", "bottom#1 PreStart");

        middle.Fail();
        gate.AwaitReached(); // top decides; middle and bottom stand still
        middle.Tell(1);
        bottom.Tell(2);
        Sys.Stop(Start(RoleOf("other"))); // and others do not
        ExpectInOrder("other#1 PreStart", "other#1 PostStop");
        gate.Open();

        ExpectInAnyOrder("middle#1 gets 1", "bottom#1 gets 2");
    }
}
