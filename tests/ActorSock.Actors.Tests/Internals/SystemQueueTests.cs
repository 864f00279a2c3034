namespace ActorSock.EngineTests.Internals;

public class SystemQueueTests : EngineTest
{
    private static readonly Exception s_cause = new InvalidOperationException("boom");

    [Fact]
    public void A_childs_failure_that_waits_for_its_parent_does_not_hold_up_what_the_parent_waits_for()
    {
        using var gate = new Gate();
        IActorRef leaving = ActorRefs.Nobody;
        var parent = Start(new Role("parent", TestActor)
        {
            KeepsChildren = true,
            InPreRestart = p => p.Surroundings.Stop(leaving),
        });
        var survivor = parent.Ask(p =>
        {
            leaving = p.Start(new Role("leaving", ActorRefs.Nobody) { InPostStop = _ => gate.Pass() });
            return p.Start(new Role("survivor", ActorRefs.Nobody));
        });
        var cell = (ActorCell)parent;

        // Suspended twice and restarted once, the parent waits for a child to end; meanwhile another
        // child fails, and then comes the second restart.
        cell.SendSystem(new Suspend());
        cell.SendSystem(new Suspend());
        cell.SendSystem(new Recreate(s_cause));
        gate.AwaitReached();
        ((ActorCell)survivor).SendSystem(new Suspend());
        cell.SendSystem(new Failed((ActorCell)survivor, s_cause));
        cell.SendSystem(new Recreate(s_cause));
        parent.Tell(1);
        gate.Open();

        FishForMessage<string>(s => s == "parent#3 gets 1");
        survivor.Ask(_ => true).ShouldBeTrue();
    }

    [Fact]
    public void A_message_posted_to_a_cell_that_is_not_yet_started_waits_for_its_creation()
    {
        var mailbox = new Mailbox(new Create());
        var pending = true;

        mailbox.Post("early", null).ShouldBe(Posted.Queued);
        mailbox.PostSystem(new Terminate(), ref pending).ShouldBe(Posted.Queued);

        var first = mailbox.TakeSystem(ref pending);
        first.ShouldBeOfType<Create>();
        first.Next.ShouldBeOfType<Terminate>();
        pending.ShouldBeFalse();
        mailbox.Rest(userMessagesLeft: false).ShouldBeFalse(); // it is still blocked
        mailbox.Block(false);
        mailbox.Rest(userMessagesLeft: false).ShouldBeTrue();
    }
}
