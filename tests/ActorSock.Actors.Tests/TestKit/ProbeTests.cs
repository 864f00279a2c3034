using Xunit.Sdk;

namespace ActorSock.EngineTests;

public class ProbeTests : TestKit
{
    [Fact]
    public void A_probe_has_messages_of_its_own()
    {
        var (one, other) = (CreateTestProbe(), CreateTestProbe("other"));

        one.Tell("to one");
        other.Tell("to the other");

        one.ExpectMsg("to one");
        other.ExpectMsg("to the other");
        HasMessages.ShouldBeFalse();
        other.Ref.Path.Name.ShouldBe("other");
    }

    [Fact]
    public void A_probe_sends_replies_and_forwards()
    {
        var (client, server, backend) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());

        client.Send(server, "question");
        server.ExpectMsg("question");
        server.Sender.ShouldBe(client.Ref);
        server.Forward(backend);
        backend.ExpectMsgFrom(client.Ref, "question");
        backend.Reply("answer");

        client.ExpectMsgFrom(backend.Ref, "answer");
    }

    [Fact]
    public async Task A_probe_can_be_asked()
    {
        var probe = CreateTestProbe();

        var answer = probe.Ask<int>("how many", TimeSpan.FromSeconds(3));
        probe.ExpectMsg("how many");
        probe.Reply(7);

        (await answer).ShouldBe(7);
    }

    [Fact]
    public void A_probe_can_be_watched_and_stopped()
    {
        var probe = CreateTestProbe();
        Watch(probe);

        Sys.Stop(probe);

        ExpectTerminated(probe);
    }

    [Fact]
    public void An_actor_can_watch_a_probe()
    {
        var probe = CreateTestProbe();
        var watcher = ActorOf(() => new Watcher(probe, TestActor));
        ExpectMsg("watching");

        probe.Tell(PoisonPill.Instance);

        ExpectMsgFrom(watcher, probe.Ref);
    }

    [Fact]
    public void A_probe_is_its_reference()
    {
        var probe = CreateTestProbe();
        IActorRef asReference = probe;

        asReference.ShouldBe(probe.Ref);
        probe.Ref.Equals(asReference).ShouldBeTrue();
        asReference.GetHashCode().ShouldBe(probe.Ref.GetHashCode());
        probe.CompareTo(probe.Ref).ShouldBe(0);
        new HashSet<IActorRef> { probe, probe.Ref }.Count.ShouldBe(1);
        asReference.ShouldNotBe(CreateTestProbe().Ref);
    }

    [Fact]
    public void A_probe_does_not_take_the_tests_place()
    {
        var probe = CreateTestProbe();

        probe.Ref.Tell("who is it");

        probe.ExpectMsgFrom(TestActor, "who is it");
    }

    [Fact]
    public void There_is_nothing_to_forward_before_the_first_message()
    {
        var probe = CreateTestProbe();

        Should.Throw<InvalidOperationException>(() => probe.Forward(TestActor));
    }

    [Fact]
    public void A_pilot_reacts_before_the_test_looks()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            if (message is "last")
                return AutoPilot.NoAutoPilot;
            sender.Tell($"{message} to you too", ActorRefs.NoSender);
            return AutoPilot.KeepRunning;
        }));

        probe.Tell("good morning");
        probe.Tell("last");
        probe.Tell("unheard");

        ExpectMsg("good morning to you too");
        probe.ReceiveN(3).ShouldBe(["good morning", "last", "unheard"]);
        HasMessages.ShouldBeFalse();
    }

    [Fact]
    public void A_pilot_that_throws_is_logged_and_the_message_is_there()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((_, _) => throw new FormatException("lost")));

        EventFilter.Exception<FormatException>("lost").ExpectOne(() => probe.Tell("message"));

        probe.ExpectMsg("message");
    }

    [Fact]
    public void Children_are_treated_by_the_strategy_that_they_were_started_with()
    {
        var probe = CreateTestProbe();
        var stopping = probe.Watch(probe.ChildActorOf(Props.Create(() => new Failing()),
            SupervisorStrategy.StoppingStrategy));
        var restarting = probe.Watch(probe.ChildActorOf(Props.Create(() => new Failing()), "restarting"));

        EventFilter.Exception<InvalidOperationException>().Expect(2, () =>
        {
            stopping.Tell("fail");
            restarting.Tell("fail");
        });

        probe.ExpectTerminated(stopping);
        restarting.Path.Parent.ShouldBe(probe.Ref.Path);
        restarting.Tell(new Identify(1));
        ExpectMsg<ActorIdentity>(identity => restarting.Equals(identity.Subject));
    }

    [Fact]
    public void A_kit_that_does_not_want_to_be_a_sender_is_none()
    {
        using var silent = new Silent();

        silent.TellWithoutSender(TestActor);

        ExpectMsg("anonymous");
        LastSender.ShouldBe(Sys.DeadLetters);
    }

    [Fact]
    public void Messages_to_be_ignored_are_not_seen()
    {
        IgnoreMessages<int>(number => number < 10);
        TestActor.Tell(1);
        TestActor.Tell(11);
        IgnoreNoMessages();
        TestActor.Tell(2);

        ExpectMsg(11);
        ExpectMsg(2);
        Should.Throw<FailException>(() => ExpectMsg<int>(TimeSpan.Zero));
    }

    private sealed class Watcher : UntypedActor
    {
        private readonly IActorRef _reports;

        public Watcher(IActorRef subject, IActorRef reports)
        {
            _reports = reports;
            Context.Watch(subject);
            reports.Tell("watching");
        }

        protected override void OnReceive(object message) => _reports.Tell(((Terminated)message).ActorRef);
    }

    private sealed class Failing : UntypedActor
    {
        protected override void OnReceive(object message) =>
            throw new InvalidOperationException("on purpose");
    }

    private sealed class Silent : TestKit, INoImplicitSender
    {
        public void TellWithoutSender(IActorRef receiver) => receiver.Tell("anonymous");
    }
}
