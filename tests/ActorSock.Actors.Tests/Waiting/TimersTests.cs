namespace ActorSock.EngineTests;

public class TimersTests() : EngineTest(VirtualTime)
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_single_timer_fires_once()
    {
        var puppet = StartPuppet();

        Do(puppet, p => p.Timers.StartSingleTimer("key", "tick", s_second));
        puppet.Ask(p => p.Timers.IsTimerActive("key")).ShouldBeTrue();
        Time.Advance(s_second);
        ExpectMsg("a#1 gets tick");
        puppet.Ask(p => p.Timers.IsTimerActive("key")).ShouldBeFalse();
        Time.Advance(s_second * 10);

        AndNothingElse(puppet);
    }

    [Fact]
    public void A_periodic_timer_fires_until_it_is_cancelled()
    {
        var puppet = StartPuppet();

        Do(puppet, p => p.Timers.StartPeriodicTimer("key", "tick", s_second));
        for (var i = 0; i < 5; i++)
        {
            Time.Advance(s_second);
            ExpectMsg("a#1 gets tick");
        }
        Do(puppet, p => p.Timers.Cancel("key"));
        Time.Advance(s_second * 5);

        AndNothingElse(puppet);
    }

    [Fact]
    public void A_periodic_timer_can_begin_after_another_delay()
    {
        var puppet = StartPuppet();

        Do(puppet, p => p.Timers.StartPeriodicTimer("key", "tick", s_second * 3, s_second));
        Time.Advance(s_second * 2);
        AndNothingElse(puppet);
        Time.Advance(s_second);
        ExpectMsg("a#1 gets tick");
        Time.Advance(s_second);

        ExpectMsg("a#1 gets tick");
    }

    [Fact]
    public void Starting_a_timer_of_the_same_key_replaces_the_first()
    {
        var puppet = StartPuppet();

        Do(puppet, p => p.Timers.StartSingleTimer("key", "old", s_second));
        Do(puppet, p => p.Timers.StartSingleTimer("key", "new", s_second * 2));
        Time.Advance(s_second);
        AndNothingElse(puppet);
        Time.Advance(s_second);

        ExpectMsg("a#1 gets new");
    }

    [Fact]
    public void A_replaced_timer_never_delivers_not_even_what_is_queued()
    {
        var puppet = StartPuppet();
        using var gate = new Gate();
        Do(puppet, p => p.Timers.StartSingleTimer("key", "old", s_second));

        puppet.Do(p =>
        {
            gate.Pass();
            p.Timers.StartSingleTimer("key", "new", s_second);
        });
        gate.AwaitReached();
        Time.Advance(s_second);
        gate.Open();
        AndNothingElse(puppet);
        Time.Advance(s_second);

        ExpectMsg("a#1 gets new");
    }

    [Fact]
    public void A_cancelled_timer_never_delivers_not_even_what_is_queued()
    {
        var puppet = StartPuppet();
        using var gate = new Gate();
        Do(puppet, p => p.Timers.StartPeriodicTimer("key", "tick", s_second));

        puppet.Do(p =>
        {
            gate.Pass();
            p.Timers.Cancel("key");
        });
        gate.AwaitReached();
        Time.Advance(s_second);
        gate.Open();

        AndNothingElse(puppet);
    }

    [Fact]
    public void CancelAll_cancels_all()
    {
        var puppet = StartPuppet();
        Do(puppet, p =>
        {
            p.Timers.StartPeriodicTimer(1, "one", s_second);
            p.Timers.StartSingleTimer(2, "two", s_second);
        });

        Do(puppet, p => p.Timers.CancelAll());
        Time.Advance(s_second * 3);

        AndNothingElse(puppet);
    }

    [Fact]
    public void A_restart_cancels_timers_even_what_is_queued()
    {
        var puppet = StartPuppet();
        using var gate = new Gate();
        Do(puppet, p => p.Timers.StartPeriodicTimer("key", "tick", s_second));

        puppet.Do(_ =>
        {
            gate.Pass();
            throw new InvalidOperationException("boom");
        });
        gate.AwaitReached();
        Time.Advance(s_second);
        gate.Open();
        FishForMessage<string>(s => s == "a#2 PreStart");
        Time.Advance(s_second * 5);

        puppet.Tell("the end");
        ExpectMsg("a#2 gets the end");
    }

    [Fact]
    public void A_stop_cancels_timers()
    {
        var puppet = StartPuppet();
        Sys.EventStream.Subscribe(TestActor, typeof(AllDeadLetters));
        Do(puppet, p => p.Timers.StartPeriodicTimer("key", "tick", s_second));
        Watch(puppet);

        Sys.Stop(puppet);
        ExpectMsg("a#1 PostStop");
        ExpectTerminated(puppet);
        Time.Advance(s_second * 5);

        TestActor.Tell("the end");
        ExpectMsg("the end");
    }

    [Fact]
    public void A_timer_counts_as_activity_unless_its_message_is_marked()
    {
        var puppet = Start(new Role("a", TestActor)
        {
            InConstructor = p => p.EnterListening(),
            InPreStart = p => p.Surroundings.SetReceiveTimeout(s_second * 3),
        });
        ExpectMsg("a#1 PreStart");
        Do(puppet, p => p.Timers.StartSingleTimer("key", new Background(), s_second * 2));

        Time.Advance(s_second * 2);
        ExpectMsg("a#1 gets Background { }");
        Settle(puppet);
        Time.Advance(s_second);

        ExpectMsg("a#1 gets silence");
    }

    private IActorRef StartPuppet()
    {
        var puppet = Start(RoleOf("a"));
        ExpectMsg("a#1 PreStart");
        return puppet;
    }

    private static void Do(IActorRef puppet, Action<Puppet> deed) => puppet.Ask(p =>
    {
        deed(p);
        return true;
    });

    private void AndNothingElse(IActorRef puppet)
    {
        Settle(puppet);
        puppet.Tell("nothing else");
        ExpectMsg("a#1 gets nothing else");
    }

    private sealed record Background : INotInfluenceReceiveTimeout;
}
