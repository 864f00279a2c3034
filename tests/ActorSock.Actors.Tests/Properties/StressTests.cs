namespace ActorSock.EngineTests;

/// <summary>Many real threads at once; bounded by counts, not by time.</summary>
public class StressTests : EngineTest
{
    [Fact]
    public async Task Actors_that_come_and_go_under_fire_lose_no_message()
    {
        const int rounds = 400, senders = 4, messagesEach = 25;
        var ledger = new Ledger();
        var undertaker = Sys.ActorOf(Props.Create(() => new Undertaking(ledger)));
        Sys.EventStream.Subscribe(undertaker, typeof(DeadLetter));
        var parent = Start(new Role("parent", ActorRefs.Nobody));

        await Task.WhenAll(Enumerable.Range(0, rounds).Chunk(rounds / 4).Select(chunk => Task.Run(async () =>
        {
            foreach (var round in chunk)
            {
                var child = parent.Ask(p =>
                    p.Surroundings.ActorOf(Props.Create(() => new Working(ledger)), $"c{round}"));
                await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(() =>
                {
                    for (var i = 0; i < messagesEach; i++)
                    {
                        child.Tell(ledger.Next(), ActorRefs.NoSender);
                        if (sender == 0 && i == messagesEach / 2)
                            Sys.Stop(child);
                        else if (sender == 1 && i == messagesEach / 3)
                            child.Tell("fail", ActorRefs.NoSender);
                    }
                })));
            }
        })));

        AwaitAssert(() => ledger.OpenNumbers.ShouldBeEmpty());
        ledger.Violations.ShouldBeEmpty();
        AwaitAssert(() => parent.Ask(p => p.Surroundings.GetChildren().Count()).ShouldBe(0));
    }

    [Fact]
    public void Pairs_of_actors_that_answer_each_other_never_stall()
    {
        const int pairs = 50, rounds = 2_000;
        var witness = TestActor;

        for (var i = 0; i < pairs; i++)
        {
            var echo = Sys.ActorOf(Props.Create(() => new Echo()));
            Sys.ActorOf(Props.Create(() => new Serving(echo, witness)));
        }

        for (var i = 0; i < pairs; i++)
            ExpectMsg(rounds);
    }

    [Fact]
    public async Task A_system_that_ends_under_fire_ends_and_every_message_is_accounted_for()
    {
        var ledger = new Ledger();
        var undertaker = Sys.ActorOf(Props.Create(() => new Undertaking(ledger)));
        var system = ActorSystem.Create("ending",
            ConfigurationFactory.ParseString("akka { loglevel = OFF, loggers = [] }"));
        system.EventStream.Subscribe(undertaker, typeof(DeadLetter));
        var actors = Enumerable.Range(0, 100)
            .Select(_ => system.ActorOf(Props.Create(() => new Working(ledger)))).ToList();
        var fire = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
                actors[i % actors.Count].Tell(ledger.Next(), ActorRefs.NoSender);
        })).ToList();
        AwaitCondition(() => ledger.Sent > 5_000);

        await system.Terminate().InTime();
        await Task.WhenAll(fire).InTime();

        AwaitAssert(() => ledger.Open.ShouldBe(0));
        ledger.Violations.ShouldBeEmpty();
    }

    [Fact]
    public void A_deep_tree_and_a_wide_one_stop_whole()
    {
        const int depth = 500, width = 5_000;
        var stopped = 0;
        var parent = Start(new Role("parent", ActorRefs.Nobody));
        var deepest = parent;
        for (var i = 0; i < depth; i++)
            deepest = deepest.Ask(p => p.Start(CountingRole()));
        parent.Ask(p =>
        {
            for (var i = 0; i < width; i++)
                p.Surroundings.ActorOf(CountingRole().Props);
            return true;
        });
        Watch(parent);

        Sys.Stop(parent);

        ExpectTerminated(parent);
        stopped.ShouldBe(depth + width);

        Role CountingRole() =>
            new("c", ActorRefs.Nobody) { InPostStop = _ => Interlocked.Increment(ref stopped) };
    }

    private sealed class Working(Ledger ledger) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not int number)
                throw new InvalidOperationException("told to fail");
            ledger.End(number);
        }
    }

    private sealed class Serving(IActorRef echo, IActorRef witness) : UntypedActor
    {
        protected override void PreStart() => echo.Tell(1);

        protected override void OnReceive(object message)
        {
            var round = (int)message;
            if (round < 2_000)
                echo.Tell(round + 1);
            else
                witness.Tell(round);
        }
    }

    private sealed class Undertaking(Ledger ledger) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is DeadLetter { Message: int number })
                ledger.End(number);
        }
    }
}
