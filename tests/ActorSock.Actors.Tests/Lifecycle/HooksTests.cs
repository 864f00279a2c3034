namespace ActorSock.EngineTests;

public class HooksTests : EngineTest
{
    [Fact]
    public void An_actor_starts_before_its_first_message_and_stops_after_its_last()
    {
        var puppet = Start(RoleOf("a"));

        puppet.Tell(1);
        puppet.Tell(PoisonPill.Instance);

        ExpectInOrder("a#1 PreStart", "a#1 gets 1", "a#1 PostStop");
    }

    [Fact]
    public void A_restart_runs_the_hooks_of_the_old_instance_and_then_of_the_new_one()
    {
        var puppet = Start(RoleOf("a"));

        puppet.Fail();
        puppet.Tell(1);

        ExpectInOrder("a#1 PreStart", "a#1 PreRestart(boom, boom)", "a#1 PostStop", "a#2 PostRestart(boom)",
            "a#2 PreStart", "a#2 gets 1");
    }

    [Fact]
    public void PreRestart_is_given_the_cause_and_the_message_that_failed()
    {
        var puppet = Start(new Role("a", TestActor)
        {
            InPreStart = p => p.Enter(_ => throw new ArgumentException("refused")),
        });

        puppet.Tell("the culprit");

        ExpectInOrder("a#1 PreStart", "a#1 PreRestart(refused, the culprit)", "a#1 PostStop",
            "a#2 PostRestart(refused)", "a#2 PreStart");
    }

    [Fact]
    public void PreRestart_is_given_no_message_when_another_actor_failed()
    {
        var parent = Start(new Role("parent", TestActor)
        {
            Strategy = new AllForOneStrategy(_ => Directive.Restart),
        });
        ExpectMsg("parent#1 PreStart");
        var guilty = parent.Ask(p => p.Start(RoleOf("guilty")));
        parent.Do(p => p.Start(RoleOf("innocent")));
        ExpectInAnyOrder("guilty#1 PreStart", "innocent#1 PreStart");

        guilty.Fail();

        ExpectInAnyOrder(
            "guilty#1 PreRestart(boom, boom)", "guilty#1 PostStop", "guilty#2 PostRestart(boom)",
            "guilty#2 PreStart",
            "innocent#1 PreRestart(boom, nothing)", "innocent#1 PostStop", "innocent#2 PostRestart(boom)",
            "innocent#2 PreStart");
    }

    [Fact]
    public async Task Self_is_known_in_the_last_hook()
    {
        var self = new TaskCompletionSource<IActorRef>();

        var puppet = Start(new Role("a", TestActor) { InPostStop = p => self.SetResult(p.Me) });
        Sys.Stop(puppet);

        ExpectInOrder("a#1 PreStart", "a#1 PostStop");
        (await self.Task.InTime()).ShouldBe(puppet);
    }

    [Fact]
    public void Around_each_hook_there_is_one_that_an_actor_can_override()
    {
        var witness = TestActor;
        var actor = Sys.ActorOf(Props.Create(() => new Around(witness)));

        actor.Tell("fail");
        actor.Tell("hello");
        actor.Tell(PoisonPill.Instance);

        ExpectInOrder("around PreStart", "around fail", "around PreRestart", "around PostRestart",
            "around hello", "hello", "around PostStop");
    }

    private sealed class Around(IActorRef witness) : UntypedActor
    {
        public override void AroundPreStart()
        {
            witness.Tell("around PreStart");
            base.AroundPreStart();
        }

        public override void AroundPostStop()
        {
            witness.Tell("around PostStop");
            base.AroundPostStop();
        }

        public override void AroundPreRestart(Exception cause, object message)
        {
            witness.Tell("around PreRestart");
            base.AroundPreRestart(cause, message);
        }

        public override void AroundPostRestart(Exception cause, object message)
        {
            witness.Tell("around PostRestart");
            base.AroundPostRestart(cause, message);
        }

        protected override bool AroundReceive(Receive receive, object message)
        {
            witness.Tell($"around {message}");
            return base.AroundReceive(receive, message);
        }

        protected override void OnReceive(object message)
        {
            if (message is "fail")
                throw new InvalidOperationException("fail");
            witness.Tell(message);
        }
    }
}
