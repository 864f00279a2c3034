namespace ActorSock.EngineTests;

public class OneAtATimeTests() : EngineTest("""
    impatient { type = Dispatcher, throughput = 1 }
    dedicated { type = ForkJoinDispatcher, throughput = 5, dedicated-thread-pool.thread-count = 3 }
    pinned { type = PinnedDispatcher }
    """)
{
    private const int Threads = 6, MessagesEach = 4_000;

    [Theory]
    [InlineData("akka.actor.default-dispatcher")]
    [InlineData("impatient")]
    [InlineData("dedicated")]
    [InlineData("pinned")]
    public void An_actor_handles_one_message_at_a_time_however_many_threads_send(string dispatcher)
    {
        var witness = TestActor;
        var counter = Sys.ActorOf(Props.Create(() => new Counting(witness)).WithDispatcher(dispatcher));

        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < MessagesEach; i++)
                counter.Tell(i, ActorRefs.NoSender);
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());

        ExpectMsg($"{Threads * MessagesEach} handled, 0 at once with another");
    }

    private sealed class Counting(IActorRef witness) : UntypedActor
    {
        private int _inside, _handled, _atOnce;

        protected override void OnReceive(object message)
        {
            if (Interlocked.Increment(ref _inside) != 1)
                Interlocked.Increment(ref _atOnce);
            _handled++; // lost updates would show here as well
            if (_handled % 16 == 0)
                Thread.Yield();
            Interlocked.Decrement(ref _inside);
            if (_handled == Threads * MessagesEach)
                witness.Tell($"{_handled} handled, {_atOnce} at once with another");
        }
    }
}
