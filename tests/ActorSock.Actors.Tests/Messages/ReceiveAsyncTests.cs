namespace ActorSock.EngineTests;

public class ReceiveAsyncTests : EngineTest
{
    [Fact]
    public void The_next_message_waits_until_the_handler_has_ended()
    {
        var work = new TaskCompletionSource();
        var actor = StartWorking(work.Task);

        actor.Tell("work");
        actor.Tell("ping");
        ExpectMsg("begins");
        Start(RoleOf("other")); // others do not wait
        ExpectMsg("other#1 PreStart");
        work.SetResult();

        ExpectMsg("ends");
        ExpectMsg("pong");
    }

    [Fact]
    public void Sender_and_Self_are_the_same_after_an_await()
    {
        var work = new TaskCompletionSource();
        var actor = StartWorking(work.Task);
        var other = CreateTestProbe();

        actor.Tell("work", other.Ref);
        other.ExpectMsg("begins");
        actor.Tell("ping");
        work.SetResult();

        other.ExpectMsg("ends");
        other.LastSender.ShouldBe(actor);
        ExpectMsg("pong");
    }

    [Fact]
    public void The_context_is_there_after_an_await()
    {
        var puppet = Start(RoleOf("a"));
        ExpectMsg("a#1 PreStart");

        puppet.Do(p => p.Run(async () =>
        {
            await Task.Yield();
            p.Start(RoleOf("child"));
        }));

        ExpectMsg("child#1 PreStart");
    }

    [Fact]
    public void Nothing_of_the_actor_runs_at_once_with_a_handler()
    {
        var witness = TestActor;
        var actor = Sys.ActorOf(Props.Create(() => new Counting(witness)));

        Parallel.For(0, 200, i => actor.Tell(i, ActorRefs.NoSender));

        ExpectMsg("200 handled, 0 at once with another");
    }

    [Fact]
    public void A_failure_after_an_await_restarts_the_actor_with_the_message()
    {
        var puppet = Start(RoleOf("a"));
        Action<Puppet> deed = p => p.Run(async () =>
        {
            await Task.Yield();
            throw new InvalidOperationException("later");
        });

        puppet.Tell(deed);
        puppet.Tell(1);

        ExpectInOrder("a#1 PreStart", $"a#1 PreRestart(later, {deed})", "a#1 PostStop",
            "a#2 PostRestart(later)", "a#2 PreStart", "a#2 gets 1");
    }

    [Fact]
    public void A_failure_before_the_first_await_is_a_failure_as_well()
    {
        var puppet = Start(RoleOf("a"));

        puppet.Do(p => p.Run(() => throw new InvalidOperationException("at once")));

        FishForMessage<string>(s => s == "a#2 PreStart");
    }

    [Fact]
    public void A_cancelled_task_is_a_failure()
    {
        var puppet = Start(RoleOf("a"));

        puppet.Do(p => p.Run(() => Task.Delay(1, new CancellationToken(canceled: true))));

        FishForMessage<string>(s => s == "a#2 PreStart");
    }

    [Fact]
    public void A_handler_that_is_done_at_once_delays_nothing()
    {
        var actor = StartWorking(Task.CompletedTask);

        actor.Tell("work");
        actor.Tell("ping");

        ExpectMsg("begins");
        ExpectMsg("ends");
        ExpectMsg("pong");
    }

    [Fact]
    public void Several_tasks_of_one_handler_are_all_waited_for()
    {
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var puppet = Start(RoleOf("a"));
        puppet.Do(p =>
        {
            p.Run(async () => await first.Task);
            p.Run(async () => await second.Task);
            p.Say("has begun");
        });
        puppet.Tell(1);
        ExpectInOrder("a#1 PreStart", "a#1 has begun");

        second.SetResult();
        Start(RoleOf("other"));
        ExpectMsg("other#1 PreStart");
        first.SetException(new InvalidOperationException("the first"));

        ExpectInOrder("a#1 PreRestart(the first, System.Action`1[ActorSock.EngineTests.Puppet])",
            "a#1 PostStop",
            "a#2 PostRestart(the first)", "a#2 PreStart", "a#2 gets 1");
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_handler_and_the_handler_lets_go_of_what_it_holds()
    {
        var work = new TaskCompletionSource();
        var released = new TaskCompletionSource();
        var puppet = Start(RoleOf("a"));
        puppet.Do(p => p.Run(async () =>
        {
            p.Say("has begun");
            try
            {
                await work.Task;
                await Task.Yield();
            }
            finally
            {
                released.SetResult();
            }
        }));
        ExpectInOrder("a#1 PreStart", "a#1 has begun");

        Sys.Stop(puppet);
        ExpectMsg("a#1 PostStop");
        work.SetResult();

        await released.Task.InTime();
    }

    [Fact]
    public async Task The_rest_of_a_handler_runs_one_step_at_a_time_also_when_its_actor_has_stopped()
    {
        var work = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource<int>();
        var (inside, atOnce) = (0, 0);
        var puppet = Start(RoleOf("a"));
        puppet.Do(p => p.Run(async () =>
        {
            p.Say("has begun");
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Step()));
            ended.SetResult(atOnce);

            async Task Step()
            {
                await work.Task;
                for (var i = 0; i < 20; i++)
                {
                    if (Interlocked.Increment(ref inside) != 1)
                        Interlocked.Increment(ref atOnce);
                    Thread.SpinWait(200);
                    Interlocked.Decrement(ref inside);
                    await Task.Yield();
                }
            }
        }));
        ExpectInOrder("a#1 PreStart", "a#1 has begun");

        Sys.Stop(puppet);
        ExpectMsg("a#1 PostStop");
        work.SetResult();

        (await ended.Task.InTime()).ShouldBe(0);
    }

    [Fact]
    public void After_a_restart_the_rest_of_an_old_handler_keeps_its_own_sender()
    {
        var (old, young) = (CreateTestProbe(), CreateTestProbe());
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var parent = Start(new Role("parent", ActorRefs.Nobody)
        {
            Strategy = new AllForOneStrategy(_ => Directive.Restart),
        });
        var (puppet, sibling) =
            parent.Ask(p => (p.Start(RoleOf("a")), p.Start(new Role("b", ActorRefs.Nobody))));

        puppet.Tell(Answering(first, "old"), old.Ref);
        old.ExpectMsg("begins");
        sibling.Fail();
        FishForMessage<string>(s => s == "a#2 PreStart");
        puppet.Tell(Answering(second, "young"), young.Ref);
        young.ExpectMsg("begins");
        first.SetResult();

        old.ExpectMsg("old");
        second.SetResult();
        young.ExpectMsg("young");

        static Action<Puppet> Answering(TaskCompletionSource when, string answer) => p => p.Run(async () =>
        {
            p.From.Tell("begins", p.Me);
            await when.Task;
            p.From.Tell(answer, p.Me);
        });
    }

    [Fact]
    public void A_failure_of_a_handler_that_its_actor_has_left_behind_is_logged_and_harms_nobody()
    {
        var work = new TaskCompletionSource();
        var parent = Start(new Role("parent", ActorRefs.Nobody)
        {
            Strategy = new AllForOneStrategy(_ => Directive.Restart),
        });
        var (puppet, sibling) =
            parent.Ask(p => (p.Start(RoleOf("a")), p.Start(new Role("b", ActorRefs.Nobody))));
        puppet.Ask(p =>
        {
            p.Run(async () => await work.Task);
            return true;
        });
        sibling.Fail();
        FishForMessage<string>(s => s == "a#2 PreStart");

        EventFilter.Warning(contains: "too late")
            .ExpectOne(() => work.SetException(new InvalidOperationException("too late")));

        puppet.Tell(1);
        ExpectMsg("a#2 gets 1");
    }

    [Fact]
    public void What_a_handler_left_behind_fails_into_the_log_when_its_actor_has_stopped()
    {
        var work = new TaskCompletionSource();
        var puppet = Start(RoleOf("a"));
        puppet.Do(p => p.Run(() =>
        {
            LeaveBehind();
            return Task.CompletedTask;
        }));
        puppet.Tell(1);
        ExpectInOrder("a#1 PreStart", "a#1 gets 1");
        Sys.Stop(puppet);
        ExpectMsg("a#1 PostStop");
        Watch(puppet);
        ExpectTerminated(puppet);

        EventFilter.Warning(contains: "too late").ExpectOne(work.SetResult);

        async void LeaveBehind()
        {
            await work.Task;
            throw new InvalidOperationException("too late");
        }
    }

    [Fact]
    public void A_message_can_be_stashed_after_an_await()
    {
        var puppet = Start(RoleOf("a"));
        ExpectMsg("a#1 PreStart");

        puppet.Do(p => p.Enter(message => p.Run(async () =>
        {
            await Task.Yield();
            if (message is "open")
            {
                p.EnterListening();
                p.Stash.UnstashAll();
            }
            else
            {
                p.Stash.Stash();
            }
        })));
        puppet.Tell(1);
        puppet.Tell(2);
        puppet.Tell("open");

        ExpectInOrder("a#1 gets 1", "a#1 gets 2");
    }

    [Fact]
    public void An_actor_may_ask_another_and_await_the_answer()
    {
        var other = Sys.ActorOf(Props.Create(() => new Echo()));
        var puppet = Start(RoleOf("a"));

        puppet.Do(p => p.Run(async () => p.Say(await other.Ask<string>("hello", TimeSpan.FromSeconds(60)))));

        ExpectInOrder("a#1 PreStart", "a#1 hello");
    }

    [Fact]
    public void Cases_can_be_asynchronous_with_and_without_conditions()
    {
        var actor = ActorOf(Props.Create(() => new Choosing()));

        foreach (var message in new object[] { 1, 2, "text", 2.5 })
            actor.Tell(message);

        ExpectMsg("odd 1");
        ExpectMsg("even 2");
        ExpectMsg("string text");
        ExpectMsg("any 2.5");
    }

    private IActorRef StartWorking(Task work) => Sys.ActorOf(Props.Create(() => new Working(work)));

    private sealed class Working : ReceiveActor
    {
        public Working(Task work)
        {
            ReceiveAsync<string>(s => s == "work", async _ =>
            {
                Sender.Tell("begins");
                await work;
                Sender.Tell("ends");
            });
            Receive<string>(_ => Sender.Tell("pong"));
        }
    }

    private sealed class Counting : ReceiveActor
    {
        private int _inside, _atOnce, _handled;

        public Counting(IActorRef witness) => ReceiveAsync<int>(async _ =>
        {
            Enter();
            await Task.Yield();
            Leave();
            await Task.Run(() => { });
            Enter();
            Leave();
            if (++_handled == 200)
                witness.Tell($"{_handled} handled, {_atOnce} at once with another");
        });

        private void Enter()
        {
            if (Interlocked.Increment(ref _inside) != 1)
                Interlocked.Increment(ref _atOnce);
        }

        private void Leave() => Interlocked.Decrement(ref _inside);
    }

    private sealed class Choosing : ReceiveActor
    {
        public Choosing()
        {
            ReceiveAsync<int>(async n => await Answer($"odd {n}"), n => n % 2 == 1);
            ReceiveAsync<int>(async n => await Answer($"even {n}"));
            ReceiveAsync<string>(async s => await Answer($"string {s}"));
            ReceiveAnyAsync(async o => await Answer(FormattableString.Invariant($"any {o}")));
        }

        private async Task Answer(string answer)
        {
            await Task.Yield();
            Sender.Tell(answer);
        }
    }
}
