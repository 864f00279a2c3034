namespace ActorSock.EngineTests;

/// <summary>
/// A test of the engine: a system of its own, and so much patience that only what never comes fails it.
/// </summary>
public abstract class EngineTest(string config = "")
    : TestKit(ConfigurationFactory.ParseString(Patience + config))
{
    private const string Patience = """
        akka.test { single-expect-default = 60s, default-timeout = 60s, filter-leeway = 60s }

        """;

    /// <summary>
    /// The clock and timers of the system are the test's: nothing happens before it says <c>Advance</c>.
    /// </summary>
    protected const string VirtualTime = """
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"

        """;

    protected TestScheduler Time => (TestScheduler)Sys.Scheduler;

    /// <summary>Starts a puppet whose hooks and messages the test sees.</summary>
    private protected IActorRef Start(Role role) => Sys.ActorOf(role.Props, role.Name);

    private protected Role RoleOf(string name) => new(name, TestActor);

    /// <summary>Waits until an actor has handled all that was sent to it before.</summary>
    protected void Settle(IActorRef actor)
    {
        var probe = CreateTestProbe();
        actor.Tell(new Identify(probe), probe.Ref);
        probe.ExpectMsg<ActorIdentity>();
    }

    /// <summary>The next messages, in any order, are exactly these.</summary>
    protected void ExpectInAnyOrder(params string[] messages) =>
        ReceiveN(messages.Length).Cast<string>().Order().ShouldBe(messages.Order());

    /// <summary>The next messages, in this order, are exactly these.</summary>
    protected void ExpectInOrder(params string[] messages)
    {
        foreach (var message in messages)
            ExpectMsg(message);
    }
}
