namespace ActorSock.EngineTests;

public class EventStreamTests : EngineTest
{
    private abstract record Happened;

    private interface IUrgent;

    private sealed record Rain(int Number) : Happened;

    private sealed record Fire : Happened, IUrgent;

    [Fact]
    public void A_subscriber_gets_what_is_of_its_type_or_of_one_derived_from_it()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Happened)).ShouldBeTrue();

        Sys.EventStream.Publish("else");
        Sys.EventStream.Publish(new Rain(1));
        Sys.EventStream.Publish(new Fire());

        ExpectMsg(new Rain(1));
        ExpectMsg<Fire>();
    }

    [Fact]
    public void A_type_can_be_an_interface()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(IUrgent));

        Sys.EventStream.Publish(new Rain(1));
        Sys.EventStream.Publish(new Fire());

        ExpectMsg<Fire>();
    }

    [Fact]
    public void A_subscriber_by_two_types_gets_an_event_once()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Rain));
        Sys.EventStream.Subscribe(TestActor, typeof(Happened));

        Sys.EventStream.Publish(new Rain(1));
        Sys.EventStream.Publish(new Rain(2));

        ExpectMsg(new Rain(1));
        ExpectMsg(new Rain(2));
    }

    [Fact]
    public void Subscribing_again_changes_nothing()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Rain)).ShouldBeTrue();

        Sys.EventStream.Subscribe(TestActor, typeof(Rain)).ShouldBeFalse();

        Sys.EventStream.Publish(new Rain(1));
        Sys.EventStream.Publish(new Rain(2));
        ExpectMsg(new Rain(1));
        ExpectMsg(new Rain(2));
    }

    [Fact]
    public void Events_of_one_publisher_come_in_their_order()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Rain));

        for (var i = 0; i < 500; i++)
            Sys.EventStream.Publish(new Rain(i));

        for (var i = 0; i < 500; i++)
            ExpectMsg(new Rain(i));
    }

    [Fact]
    public void Who_has_unsubscribed_gets_nothing_more()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Rain));
        Sys.EventStream.Subscribe(TestActor, typeof(Fire));
        Sys.EventStream.Publish(new Rain(1));
        ExpectMsg(new Rain(1));

        Sys.EventStream.Unsubscribe(TestActor, typeof(Rain)).ShouldBeTrue();
        Sys.EventStream.Publish(new Rain(2));
        Sys.EventStream.Publish(new Fire());

        ExpectMsg<Fire>();
        Sys.EventStream.Unsubscribe(TestActor, typeof(Rain)).ShouldBeFalse();
    }

    [Fact]
    public void One_can_unsubscribe_from_everything()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Rain));
        Sys.EventStream.Subscribe(TestActor, typeof(Fire));

        Sys.EventStream.Unsubscribe(TestActor).ShouldBeTrue();
        Sys.EventStream.Publish(new Rain(1));
        Sys.EventStream.Publish(new Fire());

        TestActor.Tell("the end");
        ExpectMsg("the end");
    }

    [Fact]
    public void A_dead_subscriber_gets_nothing_and_leaves_no_dead_letters()
    {
        var dead = Start(new Role("dead", ActorRefs.Nobody));
        Sys.EventStream.Subscribe(dead, typeof(Rain));
        Watch(dead);
        Sys.Stop(dead);
        ExpectTerminated(dead);
        Sys.EventStream.Subscribe(TestActor, typeof(AllDeadLetters));

        Sys.EventStream.Publish(new Rain(1));
        Sys.EventStream.Publish(new Rain(2));

        TestActor.Tell("the end");
        ExpectMsg("the end");
    }

    [Fact]
    public async Task Nothing_is_missed_after_Subscribe_has_returned_whoever_publishes_meanwhile()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Remembering()));
        using var end = new CancellationTokenSource();
        var publishing = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                Sys.EventStream.Publish(new Rain(0));
                Thread.SpinWait(200);
            }
        });

        for (var i = 1; i <= 20_000; i++)
        {
            Sys.EventStream.Subscribe(actor, typeof(Rain));
            Sys.EventStream.Publish(new Rain(i));
            Sys.EventStream.Unsubscribe(actor);
        }
        await end.CancelAsync();
        await publishing;

        (await actor.Ask<int>("how many", TimeSpan.FromSeconds(60))).ShouldBe(20_000);
    }

    private sealed class Remembering : ReceiveActor
    {
        private readonly HashSet<int> _numbers = [];

        public Remembering()
        {
            Receive<Rain>(rain => rain.Number > 0, rain => _numbers.Add(rain.Number));
            Receive<Rain>(_ => { });
            Receive<string>(_ => Sender.Tell(_numbers.Count));
        }
    }
}
