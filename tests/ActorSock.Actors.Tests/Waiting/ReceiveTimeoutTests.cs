namespace ActorSock.EngineTests;

public class ReceiveTimeoutTests() : EngineTest(VirtualTime)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_almost = s_timeout - TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_instant = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void Silence_is_announced_when_it_has_lasted()
    {
        var puppet = StartImpatient();

        Time.Advance(s_almost);
        AndStillNothing(puppet, countsAsActivity: false);
        Time.Advance(s_instant);

        ExpectMsg("a#1 gets silence");
    }

    [Fact]
    public void Silence_is_announced_again_and_again()
    {
        var puppet = StartImpatient();

        for (var i = 0; i < 3; i++)
        {
            Time.Advance(s_timeout);
            ExpectMsg("a#1 gets silence");
            SettleSilently(puppet);
        }
    }

    [Fact]
    public void A_message_starts_the_wait_over()
    {
        var puppet = StartImpatient();

        Time.Advance(s_almost);
        AndStillNothing(puppet, countsAsActivity: true);
        Time.Advance(s_almost);
        AndStillNothing(puppet, countsAsActivity: false);
        Time.Advance(s_instant);

        ExpectMsg("a#1 gets silence");
    }

    [Fact]
    public void A_message_that_is_marked_so_does_not_count()
    {
        var puppet = StartImpatient();

        Time.Advance(s_almost);
        puppet.Tell(new Background());
        ExpectMsg("a#1 gets Background { }");
        Time.Advance(s_instant);

        ExpectMsg("a#1 gets silence");
    }

    [Fact]
    public void It_can_be_switched_off()
    {
        var puppet = StartImpatient();

        puppet.Ask(p =>
        {
            p.Surroundings.SetReceiveTimeout(null);
            return true;
        });
        Time.Advance(s_timeout * 10);

        AndStillNothing(puppet, countsAsActivity: true);
        puppet.Ask(p => p.Surroundings.ReceiveTimeout).ShouldBeNull();
    }

    [Fact]
    public void It_can_be_changed()
    {
        var puppet = StartImpatient();

        puppet.Ask(p =>
        {
            p.Surroundings.SetReceiveTimeout(s_timeout * 2);
            return true;
        });
        Time.Advance(s_timeout);
        AndStillNothing(puppet, countsAsActivity: false);
        Time.Advance(s_timeout);

        ExpectMsg("a#1 gets silence");
        puppet.Ask(p => p.Surroundings.ReceiveTimeout).ShouldBe(s_timeout * 2);
    }

    [Fact]
    public void Switching_it_off_takes_back_an_announcement_that_is_already_queued()
    {
        var puppet = StartImpatient();
        using var gate = new Gate();

        puppet.Do(p =>
        {
            gate.Pass();
            p.Surroundings.SetReceiveTimeout(null);
        });
        gate.AwaitReached();
        Time.Advance(s_timeout);
        gate.Open();

        AndStillNothing(puppet, countsAsActivity: true);
    }

    [Fact]
    public void It_outlives_a_restart()
    {
        var puppet = Start(new Role("a", TestActor) { InConstructor = p => p.EnterListening() });
        puppet.Ask(p =>
        {
            p.Surroundings.SetReceiveTimeout(s_timeout);
            return true;
        });

        puppet.Fail();
        puppet.Ask(p => p.Surroundings.ReceiveTimeout).ShouldBe(s_timeout);
        ExpectInOrder("a#1 PreStart", "a#1 PreRestart(boom, boom)", "a#1 PostStop", "a#2 PostRestart(boom)",
            "a#2 PreStart");
        Time.Advance(s_timeout);

        ExpectMsg("a#2 gets silence");
    }

    private IActorRef StartImpatient()
    {
        var puppet = Start(new Role("a", TestActor)
        {
            InConstructor = p => p.EnterListening(),
            InPreStart = p => p.Surroundings.SetReceiveTimeout(s_timeout),
        });
        ExpectMsg("a#1 PreStart");
        SettleSilently(puppet);
        return puppet;
    }

    /// <summary>Has the actor handle a message and shows that nothing else came before it.</summary>
    private void AndStillNothing(IActorRef puppet, bool countsAsActivity)
    {
        SettleSilently(puppet);
        puppet.Tell(countsAsActivity ? "nothing" : new Background());
        ExpectMsg(countsAsActivity ? "a#1 gets nothing" : "a#1 gets Background { }");
        SettleSilently(puppet); // the wait starts over when the message has been handled, which is after its answer
    }

    /// <summary>Waits for all that is queued, by a question that does not count as activity.</summary>
    private void SettleSilently(IActorRef actor) => Settle(actor);

    private sealed record Background : INotInfluenceReceiveTimeout;
}

internal static class ListeningForSilence
{
    /// <summary>The first state of a puppet that also says when it hears nothing.</summary>
    public static void EnterListening(this Puppet puppet) => puppet.Enter(message =>
    {
        switch (message)
        {
            case ReceiveTimeout:
                puppet.Say("gets silence");
                break;
            case Action<Puppet> deed:
                deed(puppet);
                break;
            case Exception cause:
                throw cause;
            default:
                puppet.Say($"gets {message}");
                break;
        }
    });
}
