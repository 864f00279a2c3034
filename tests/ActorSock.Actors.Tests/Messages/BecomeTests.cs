namespace ActorSock.EngineTests;

public class BecomeTests : EngineTest
{
    [Fact]
    public void Become_takes_effect_with_the_next_message()
    {
        var puppet = Start(RoleOf("a"));

        puppet.Do(p =>
        {
            p.Enter(message => p.Say($"hears {message}"));
            p.Say("still handles this one");
        });
        puppet.Tell(1);

        ExpectInOrder("a#1 PreStart", "a#1 still handles this one", "a#1 hears 1");
    }

    [Fact]
    public void BecomeStacked_returns_to_the_state_below()
    {
        var actor = ActorOf(Props.Create(() => new Nesting()));

        foreach (var message in new object[] { 1, "down", 2, "down", 3, "up", 4, "up", 5, "up", 6 })
            actor.Tell(message);

        ExpectInOrder("0: 1", "1: 2", "2: 3", "1: 4", "0: 5", "0: 6");
    }

    [Fact]
    public void Become_replaces_the_top_of_the_stack_only()
    {
        var actor = ActorOf(Props.Create(() => new Nesting()));

        foreach (var message in new object[] { "down", "replace", 1, "up", 2 })
            actor.Tell(message);

        ExpectInOrder("replaced: 1", "0: 2");
    }

    [Fact]
    public void A_state_can_be_entered_by_the_constructor()
    {
        var actor = ActorOf(Props.Create(() => new BornReady()));

        actor.Tell(1);

        ExpectMsg("ready: 1");
    }

    [Fact]
    public void A_restarted_actor_is_in_its_first_state_with_nothing_stacked()
    {
        var actor = ActorOf(Props.Create(() => new Nesting()));

        foreach (var message in new object[] { "down", "down", "fail", 1, "up", 2 })
            actor.Tell(message);

        ExpectInOrder("0: 1", "0: 2");
    }

    [Fact]
    public void The_method_of_a_state_runs_each_time_the_state_is_entered()
    {
        var actor = ActorOf(Props.Create(() => new Counting()));

        foreach (var message in new object[] { 1, 1, "again", 1 })
            actor.Tell(message);

        ExpectInOrder("1 since entered", "2 since entered", "1 since entered");
    }

    [Fact]
    public void A_failure_in_the_method_of_a_state_leaves_a_resumed_actor_in_its_old_state()
    {
        var parent = Start(new Role("parent", TestActor)
        {
            Strategy = new OneForOneStrategy(_ => Directive.Resume),
        });
        ExpectMsg("parent#1 PreStart");
        var actor = parent.Ask(p => p.Surroundings.ActorOf(Props.Create(() => new StumblesIntoStates())));

        foreach (var message in new object[] { "stumble", 1 })
            actor.Tell(message, TestActor);

        ExpectMsg("old: 1");
    }

    [Fact]
    public void No_case_may_follow_one_that_takes_everything()
    {
        var parent = Start(RoleOf("parent"));
        ExpectMsg("parent#1 PreStart");

        EventFilter.Exception<InvalidOperationException>().ExpectOne(() =>
            parent.Do(p => p.Surroundings.ActorOf(Props.Create(() => new Unreachable()))));
    }

    private sealed class Nesting : ReceiveActor
    {
        public Nesting() => State(0)();

        private Action State(int depth) => () =>
        {
            Receive<int>(n => Sender.Tell($"{depth}: {n}"));
            Receive<string>(s => s == "down", _ => BecomeStacked(State(depth + 1)));
            Receive<string>(s => s == "up", _ => UnbecomeStacked());
            Receive<string>(s => s == "replace", _ => Become(Replaced));
            Receive<string>(s => s == "fail", _ => throw new InvalidOperationException("fail"));
        };

        private void Replaced()
        {
            Receive<int>(n => Sender.Tell($"replaced: {n}"));
            Receive<string>(_ => UnbecomeStacked());
        }
    }

    private sealed class BornReady : ReceiveActor
    {
        public BornReady()
        {
            Receive<int>(n => Sender.Tell($"first: {n}"));
            Become(Ready);
        }

        private void Ready() => Receive<int>(n => Sender.Tell($"ready: {n}"));
    }

    private sealed class Counting : ReceiveActor
    {
        public Counting() => Become(FromZero);

        private void FromZero()
        {
            var count = 0;
            Receive<int>(_ => Sender.Tell($"{++count} since entered"));
            Receive<string>(_ => Become(FromZero));
        }
    }

    private sealed class StumblesIntoStates : ReceiveActor
    {
        public StumblesIntoStates()
        {
            Receive<string>(_ => Become(Broken));
            Receive<int>(n => Sender.Tell($"old: {n}"));
        }

        private void Broken()
        {
            Receive<int>(n => Sender.Tell($"broken: {n}"));
            throw new InvalidOperationException("stumbled");
        }
    }

    private sealed class Unreachable : ReceiveActor
    {
        public Unreachable()
        {
            ReceiveAny(_ => { });
            Receive<int>(_ => { });
        }
    }
}
