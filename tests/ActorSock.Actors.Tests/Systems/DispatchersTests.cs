namespace ActorSock.EngineTests;

public class DispatchersTests() : EngineTest("""
    two-threads {
      type = ForkJoinDispatcher
      throughput = 1
      dedicated-thread-pool { thread-count = 2, threadtype = background }
    }
    one-thread { type = ForkJoinDispatcher, throughput = 1, dedicated-thread-pool.thread-count = 1 }
    generous { type = ForkJoinDispatcher, throughput = 3, dedicated-thread-pool.thread-count = 1 }
    hurried {
      type = ForkJoinDispatcher
      throughput = 100
      throughput-deadline-time = 1ms
      dedicated-thread-pool.thread-count = 1
    }
    pinned { type = PinnedDispatcher }
    mistaken { type = NoSuchDispatcher }

    """ + string.Join('\n', Enumerable.Range(0, FreshDispatchers).Select(i =>
        $"fresh-{i} {{ type = ForkJoinDispatcher, dedicated-thread-pool.thread-count = 2 }}")))
{
    private const int FreshDispatchers = 40;

    [Fact]
    public void Actors_run_on_the_thread_pool_when_not_told_otherwise()
    {
        var puppet = Start(new Role("a", ActorRefs.Nobody));

        puppet.Ask(_ => Thread.CurrentThread.IsThreadPoolThread).ShouldBeTrue();
        puppet.Ask(p => p.Surroundings.Dispatcher.Id).ShouldBe("akka.actor.default-dispatcher");
    }

    [Fact]
    public void A_dispatcher_with_threads_of_its_own_uses_all_of_them_and_no_more()
    {
        var puppets = Enumerable.Range(0, 8).Select(i => StartOn("two-threads", $"p{i}")).ToList();
        using var gate = new CountdownEvent(2);
        var threads = new HashSet<Thread>();

        // Two block until both are running: with one thread only, this would never end.
        foreach (var puppet in puppets.Take(2))
        {
            puppet.Do(_ =>
            {
                gate.Signal();
                gate.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue("the other does not run");
            });
        }
        gate.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue("the second thread does not run");
        for (var i = 0; i < 20; i++)
            foreach (var puppet in puppets)
                threads.Add(puppet.Ask(_ => Thread.CurrentThread));

        threads.Count.ShouldBeInRange(1, 2);
        threads.ShouldAllBe(thread => !thread.IsThreadPoolThread && thread.IsBackground
            && thread.Name!.Contains("two-threads"));
    }

    [Fact]
    public void A_second_thread_is_started_for_a_second_actor_however_quickly_it_comes()
    {
        // The first thread waits for work. Until it has taken the first actor it still looks free; the
        // second actor must not be left to it, because the first blocks until both run.
        for (var i = 0; i < FreshDispatchers; i++)
        {
            using var both = new CountdownEvent(2);
            Action<Puppet> meet = _ =>
            {
                both.Signal();
                both.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue("the other does not run");
            };
            var role = new Role("b", ActorRefs.Nobody) { InPreStart = meet };
            var propsOfB = Props.Create(() => new Puppet(role)).WithDispatcher($"fresh-{i}");
            var a = StartOn($"fresh-{i}", $"a{i}");
            var thread = a.Ask(_ => Thread.CurrentThread);
            AwaitCondition(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin));

            a.Tell(meet, ActorRefs.NoSender);
            Sys.ActorOf(propsOfB);

            both.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue();
        }
    }

    [Fact]
    public void Throughput_says_how_many_messages_an_actor_handles_before_it_is_anothers_turn()
    {
        TakingTurnsOn("one-thread").ShouldBe("abababababab");
        TakingTurnsOn("generous").ShouldBe("aaabbbaaabbb");
    }

    [Fact]
    public void A_turn_also_ends_when_its_time_is_over()
    {
        var handled = new List<char>();
        using var gate = new Gate();
        using var done = new CountdownEvent(12);
        var (holder, a, b) = (StartOn("hurried", "holder"), StartOn("hurried", "a"), StartOn("hurried", "b"));
        Settle(a);
        Settle(b);

        holder.Do(_ => gate.Pass());
        gate.AwaitReached();
        a.Do(p => TakeLongAndGoOn(p, 'a', 5));
        b.Do(p => TakeLongAndGoOn(p, 'b', 5));
        gate.Open();

        done.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue();
        string.Concat(handled).ShouldBe("abababababab");

        void TakeLongAndGoOn(Puppet puppet, char name, int more)
        {
            handled.Add(name);
            var begin = TimeProvider.System.GetTimestamp();
            SpinWait.SpinUntil(() =>
                TimeProvider.System.GetElapsedTime(begin) > TimeSpan.FromMilliseconds(2));
            if (more > 0)
                puppet.Me.Do(p => TakeLongAndGoOn(p, name, more - 1));
            done.Signal();
        }
    }

    [Fact]
    public void A_handler_may_block_until_an_actor_that_it_has_told_answers()
    {
        var echo = ActorOf<Echo>();
        var puppet = Start(new Role("a", ActorRefs.Nobody));

        for (var i = 0; i < 20; i++)
            puppet.Ask(_ => echo.Ask<int>(i, TimeSpan.FromSeconds(60)).Result).ShouldBe(i);
    }

    [Fact]
    public void A_pinned_actor_has_a_thread_of_its_own()
    {
        var (a, b) = (StartOn("pinned", "a"), StartOn("pinned", "b"));

        var threads = Enumerable.Range(0, 10)
            .Select(_ => (A: a.Ask(_ => Thread.CurrentThread), B: b.Ask(_ => Thread.CurrentThread))).ToList();

        threads.Select(t => t.A).Distinct().Count().ShouldBe(1);
        threads.Select(t => t.B).Distinct().Count().ShouldBe(1);
        threads[0].A.ShouldNotBe(threads[0].B);
    }

    [Fact]
    public void The_thread_of_a_pinned_actor_ends_with_it()
    {
        var puppet = StartOn("pinned", "a");
        var thread = puppet.Ask(_ => Thread.CurrentThread);

        Sys.Stop(puppet);

        thread.Join(TimeSpan.FromSeconds(60)).ShouldBeTrue();
    }

    [Fact]
    public async Task Threads_end_with_the_system()
    {
        var thread = StartOn("two-threads", "a").Ask(_ => Thread.CurrentThread);

        await Sys.Terminate().InTime();

        thread.Join(TimeSpan.FromSeconds(60)).ShouldBeTrue();
    }

    [Fact]
    public void A_dispatcher_that_is_not_configured_is_refused_and_nothing_is_started()
    {
        var failure = Should.Throw<Exception>(() => StartOn("missing", "a"));

        failure.Message.ShouldContain("missing");
        Sys.Dispatchers.HasDispatcher("missing").ShouldBeFalse();
        Sys.Dispatchers.HasDispatcher("pinned").ShouldBeTrue();
        StartOn("pinned", "a").Ask(_ => true).ShouldBeTrue(); // the name is free
    }

    [Fact]
    public void A_type_of_dispatcher_that_there_is_not_is_refused_by_name()
    {
        Should.Throw<Exception>(() => StartOn("mistaken", "a")).ToString().ShouldContain("NoSuchDispatcher");
    }

    private IActorRef StartOn(string dispatcher, string name)
    {
        var role = new Role(name, ActorRefs.Nobody);
        return Sys.ActorOf(Props.Create(() => new Puppet(role)).WithDispatcher(dispatcher), name);
    }

    /// <summary>
    /// Who handled messages in which order, when two actors on one thread find six each in their
    /// mailboxes.
    /// </summary>
    private string TakingTurnsOn(string dispatcher)
    {
        var handled = new List<char>();
        using var gate = new Gate();
        using var done = new CountdownEvent(12);
        var (holder, a, b) = (StartOn(dispatcher, $"{dispatcher}-holder"),
            StartOn(dispatcher, $"{dispatcher}-a"), StartOn(dispatcher, $"{dispatcher}-b"));
        Settle(holder);
        Settle(a);
        Settle(b);

        holder.Do(_ => gate.Pass());
        gate.AwaitReached();
        foreach (var (actor, name) in new[] { (a, 'a'), (b, 'b') })
        {
            for (var i = 0; i < 6; i++)
            {
                actor.Do(_ =>
                {
                    handled.Add(name);
                    done.Signal();
                });
            }
        }
        gate.Open();

        done.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue();
        return string.Concat(handled);
    }
}
