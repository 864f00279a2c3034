namespace ActorSock.EngineTests;

public class DeadLettersTests : EngineTest
{
    [Fact]
    public void A_message_to_the_dead_is_published_with_sender_and_recipient()
    {
        var dead = StartAndStop();
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));

        dead.Tell("hello", TestActor);

        var letter = ExpectMsg<DeadLetter>();
        letter.Message.ShouldBe("hello");
        letter.Sender.ShouldBe(TestActor);
        letter.Recipient.ShouldBe(dead);
    }

    [Fact]
    public void A_message_to_the_dead_letters_is_one()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));

        Sys.DeadLetters.Tell("hello");

        ExpectMsg<DeadLetter>().Message.ShouldBe("hello");
    }

    [Fact]
    public void The_sender_of_a_message_that_nobody_sent_is_the_dead_letters()
    {
        var puppet = Start(new Role("a", ActorRefs.Nobody));

        puppet.Ask(p => p.From).ShouldBe(Sys.DeadLetters);
    }

    [Fact]
    public void What_nobody_would_miss_is_published_apart()
    {
        var dead = StartAndStop();
        Sys.EventStream.Subscribe(TestActor, typeof(AllDeadLetters));

        dead.Tell(new Unmissed());
        dead.Tell("missed");

        ExpectMsg<SuppressedDeadLetter>().Message.ShouldBeOfType<Unmissed>();
        ExpectMsg<DeadLetter>().Message.ShouldBe("missed");
    }

    [Fact]
    public void A_message_that_an_actor_does_not_know_is_published_as_unhandled()
    {
        var actor = Sys.ActorOf(Props.Create(() => new KnowsNumbers()));
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));

        actor.Tell("text", TestActor);

        var unhandled = ExpectMsg<UnhandledMessage>();
        unhandled.Message.ShouldBe("text");
        unhandled.Sender.ShouldBe(TestActor);
        unhandled.Recipient.ShouldBe(actor);
    }

    [Fact]
    public void Unhandled_can_be_said_of_any_message()
    {
        var puppet = Start(new Role("a", ActorRefs.Nobody) { InPreStart = p => p.Enter(p.Refuse) });
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));

        puppet.Tell(1);

        ExpectMsg<UnhandledMessage>().Message.ShouldBe(1);
    }

    [Fact]
    public void No_message_is_null()
    {
        var puppet = Start(new Role("a", ActorRefs.Nobody));

        Should.Throw<InvalidMessageException>(() => puppet.Tell(null!));
    }

    [Fact]
    public void IgnoreRef_takes_everything_and_says_nothing()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(AllDeadLetters));

        Sys.IgnoreRef.Tell("ignored");
        Sys.DeadLetters.Tell("the end");

        ExpectMsg<DeadLetter>().Message.ShouldBe("the end");
    }

    [Fact]
    public void A_dead_letter_that_waits_in_a_subscriber_that_dies_is_not_published_again()
    {
        using var gate = new Gate();
        var subscriber = Start(new Role("subscriber", ActorRefs.Nobody));
        Sys.EventStream.Subscribe(subscriber, typeof(DeadLetter));
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Watch(subscriber);
        subscriber.Do(_ => gate.Pass());
        gate.AwaitReached();

        Sys.DeadLetters.Tell("once");
        ExpectMsg<DeadLetter>().Message.ShouldBe("once");
        Sys.Stop(subscriber);
        gate.Open();

        ExpectTerminated(subscriber);
    }

    [Fact]
    public void Who_asks_a_dead_actor_to_identify_itself_learns_that_nobody_is_there()
    {
        var dead = StartAndStop();

        dead.Tell(new Identify("who"), TestActor);

        var identity = ExpectMsg<ActorIdentity>();
        identity.MessageId.ShouldBe("who");
        identity.Subject.ShouldBeNull();
    }

    private IActorRef StartAndStop()
    {
        var puppet = Start(new Role("dead", ActorRefs.Nobody));
        Watch(puppet);
        Sys.Stop(puppet);
        ExpectTerminated(puppet);
        return puppet;
    }

    private sealed class Unmissed : IDeadLetterSuppression;

    private sealed class KnowsNumbers : ReceiveActor
    {
        public KnowsNumbers() => Receive<int>(_ => { });
    }
}
