namespace ActorSock.EngineTests;

public class OrderTests : EngineTest
{
    private const int Senders = 10, MessagesEach = 10_000;

    private sealed record Numbered(int Sender, int Number);

    [Fact]
    public void Messages_of_each_of_many_threads_arrive_in_its_order()
    {
        var checking = StartChecking();

        Parallel.For(0, Senders, new ParallelOptions { MaxDegreeOfParallelism = Senders }, sender =>
        {
            for (var i = 0; i < MessagesEach; i++)
                checking.Tell(new Numbered(sender, i), ActorRefs.NoSender);
        });

        ExpectMsg("all in order");
    }

    [Fact]
    public void Messages_of_each_of_many_actors_arrive_in_its_order()
    {
        var checking = StartChecking();
        var start = new List<IActorRef>();

        for (var sender = 0; sender < Senders; sender++)
        {
            var number = sender;
            start.Add(Sys.ActorOf(Props.Create(() => new Counting(number, checking))));
        }
        start.ForEach(s => s.Tell("go"));

        ExpectMsg("all in order");
    }

    [Fact]
    public void Messages_over_a_selection_and_over_the_reference_arrive_in_one_order()
    {
        var puppet = Start(RoleOf("a"));
        ExpectMsg("a#1 PreStart");

        for (var i = 0; i < 100; i++)
        {
            puppet.Tell(2 * i);
            Sys.ActorSelection("/user/a").Tell((2 * i) + 1);
        }

        for (var i = 0; i < 200; i++)
            ExpectMsg($"a#1 gets {i}");
    }

    private IActorRef StartChecking()
    {
        var witness = TestActor;
        return Sys.ActorOf(Props.Create(() => new Checking(witness)));
    }

    /// <summary>Sends by telling itself to go on, so that senders take turns.</summary>
    private sealed class Counting(int sender, IActorRef to) : UntypedActor
    {
        private int _next;

        protected override void OnReceive(object message)
        {
            for (var i = 0; i < 10 && _next < MessagesEach; i++)
                to.Tell(new Numbered(sender, _next++));
            if (_next < MessagesEach)
                Self.Tell(message);
        }
    }

    private sealed class Checking(IActorRef witness) : UntypedActor
    {
        private readonly int[] _next = new int[Senders];
        private int _handled;

        protected override void OnReceive(object message)
        {
            var (sender, number) = (Numbered)message;
            if (number != _next[sender])
                witness.Tell($"{number} of sender {sender} came where {_next[sender]} was due");
            _next[sender] = number + 1;
            if (++_handled == Senders * MessagesEach)
                witness.Tell("all in order");
        }
    }
}
