namespace ActorSock.EngineTests;

public class TerminationTests : EngineTest
{
    [Fact]
    public async Task Children_stop_first_and_the_end_comes_when_the_last_actor_has_stopped()
    {
        var said = new Scribe();
        var system = ActorSystem.Create("ending");
        var parent = system.ActorOf(new Role("parent", said.Start(Sys)).Props, "parent");
        var child = parent.Ask(p => p.Start(new Role("child", said.Actor)));
        child.Ask(p => p.Start(new Role("grandchild", said.Actor)));

        await system.Terminate().InTime();

        Settle(said.Actor);
        said.Lines.Where(line => line.Contains("PostStop"))
            .ShouldBe(["grandchild#1 PostStop", "child#1 PostStop", "parent#1 PostStop"]);
        system.WhenTerminated.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task The_end_waits_for_an_actor_that_is_at_work()
    {
        using var gate = new Gate();
        var system = ActorSystem.Create("ending");
        var puppet = system.ActorOf(new Role("a", ActorRefs.Nobody).Props);
        puppet.Do(_ => gate.Pass());
        gate.AwaitReached();

        var end = system.Terminate();
        end.IsCompleted.ShouldBeFalse();
        gate.Open();

        await end.InTime();
    }

    [Fact]
    public async Task After_the_end_no_actor_can_be_started()
    {
        var system = ActorSystem.Create("ending");
        await system.Terminate().InTime();

        Should.Throw<InvalidOperationException>(() => system.ActorOf(new Role("a", ActorRefs.Nobody).Props));
    }

    [Fact]
    public async Task Terminating_twice_is_terminating_once()
    {
        var system = ActorSystem.Create("ending");

        var (first, second) = (system.Terminate(), system.Terminate());

        await first;
        await second;
        await system.Terminate().InTime();
    }

    [Fact]
    public async Task Actors_started_while_the_system_ends_are_refused_or_stopped()
    {
        var system = ActorSystem.Create("ending");
        var (started, stopped) = (0, 0);
        var starting = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (true)
            {
                try
                {
                    system.ActorOf(new Role("a", ActorRefs.Nobody)
                    {
                        InPreStart = _ => Interlocked.Increment(ref started),
                        InPostStop = _ => Interlocked.Increment(ref stopped),
                    }.Props);
                }
                catch (InvalidOperationException)
                {
                    return;
                }
            }
        })).ToList();
        AwaitCondition(() => Volatile.Read(ref started) > 100);

        await system.Terminate().InTime();
        await Task.WhenAll(starting);

        stopped.ShouldBe(started);
    }

    [Fact]
    public async Task Code_can_be_registered_for_the_end_and_the_latest_runs_first()
    {
        var system = ActorSystem.Create("ending");
        var ran = new List<string>();
        system.RegisterOnTermination(() => ran.Add("first"));
        system.RegisterOnTermination(() => throw new InvalidOperationException("does not stop the others"));
        system.RegisterOnTermination(() => ran.Add("third"));

        await system.Terminate().InTime();

        ran.ShouldBe(["third", "first"]);
        Should.Throw<InvalidOperationException>(() => system.RegisterOnTermination(() => { }));
    }

    [Fact]
    public async Task A_terminated_system_leaves_its_messages_to_the_dead()
    {
        var system = ActorSystem.Create("ending");
        var puppet = system.ActorOf(new Role("a", ActorRefs.Nobody).Props);
        await system.Terminate().InTime();

        puppet.Tell("nothing happens");
        puppet.Tell(PoisonPill.Instance);
    }

    [Fact]
    public void A_systems_name_must_be_good_for_paths()
    {
        foreach (var name in new[] { "", "with space", "-dash", "dot.dot", "söme" })
            Should.Throw<ArgumentException>(() => ActorSystem.Create(name), name);
    }

    private sealed class Scribe
    {
        public List<string> Lines { get; } = [];

        public IActorRef Actor { get; private set; } = ActorRefs.Nobody;

        public IActorRef Start(ActorSystem system)
        {
            var lines = Lines;
            return Actor = system.ActorOf(Props.Create(() => new Writing(lines)));
        }

        private sealed class Writing(List<string> lines) : UntypedActor
        {
            protected override void OnReceive(object message) => lines.Add(message.ToString()!);
        }
    }
}
