using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Xunit.Abstractions;

namespace ActorSock.EngineTests;

public class TreeTests(ITestOutputHelper output) : EngineTest
{
    private const ulong Seed = 19_730_401;

    [Fact]
    public void Whatever_is_done_to_a_tree_nothing_hangs_nothing_is_lost_and_each_life_ends_once()
    {
        output.WriteLine($"property seed {Seed}");
        var replay = new Replay(new Rnd(Seed, 1), FSharpOption<int>.None);

        Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(FSharpOption<Replay>.Some(replay)),
            Prop.ForAll(Program.Any.ToArbitrary(), Run));
    }

    private void Run(Program program)
    {
        var ledger = new Ledger();
        var (spawned, places) = (0, new List<Place>());
        places.AddRange(program.Natures.Select((nature, number) =>
            new Place(number, nature, ledger, FindFree)));
        var watching = Props.Create(() => new Watching());
        IActorRef[] watchers = [Sys.ActorOf(watching), Sys.ActorOf(watching)];
        var undertaker = Sys.ActorOf(Props.Create(() => new Undertaking(ledger)));
        var system = ActorSystem.Create("arena", ConfigurationFactory.ParseString($$"""
            akka { loglevel = OFF, loggers = [], log-dead-letters = off }
            akka.actor.default-dispatcher { {{program.Dispatcher}} }
            """));
        system.EventStream.Subscribe(undertaker, typeof(AllDeadLetters));
        Subject.Spawn(places[0], watchers, system);

        Do(program, system, places, ledger);
        AwaitAllEnds(places, ledger);
        system.Terminate().Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue("the system does not end");

        ledger.Violations.ShouldBeEmpty();
        places.ForEach(place => place.ShouldHaveEndedEachLife());
        var actors = places.Where(place => place.Actor is not null).Select(place => place.Actor!).ToList();
        foreach (var watcher in watchers)
        {
            AwaitCondition(() => EndsSeenBy(watcher).Values.All(count => count > 0));
            var ends = EndsSeenBy(watcher);
            ends.Keys.ShouldBe(actors, ignoreOrder: true);
            ends.Values.ShouldAllBe(count => count == 1);
            Sys.Stop(watcher);
        }
        Sys.Stop(undertaker);

        Place? FindFree()
        {
            var next = Interlocked.Increment(ref spawned);
            return next < places.Count ? places[next] : null;
        }
    }

    /// <summary>Two threads take turns at the steps, each in order.</summary>
    private static void Do(Program program, ActorSystem system, List<Place> places, Ledger ledger)
    {
        var threads = Enumerable.Range(0, 2).Select(half => new Thread(() =>
        {
            for (var i = half; i < program.Steps.Count; i += 2)
                Do(program.Steps[i]);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        void Do(Step step)
        {
            // Places further down may not have an actor yet: take the nearest above that has.
            var place = places.Take(step.Actor + 1).Last(p => p.Actor is not null);
            var other = places.Take(step.Other + 1).Last(p => p.Actor is not null).Actor!;
            var actor = place.Actor!;
            switch (step.Deed)
            {
                case Deed.Work:
                    lock (place) // numbers in the order of sending
                        Send(actor, Deed.Work, null);
                    break;
                case Deed.Release:
                    actor.Tell(new Subject.LetGo(), ActorRefs.NoSender);
                    break;
                case Deed.Kill:
                    actor.Tell(Kill.Instance, ActorRefs.NoSender);
                    break;
                case Deed.Poison:
                    actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);
                    break;
                case Deed.StopFromOutside:
                    system.Stop(actor);
                    break;
                default:
                    Send(actor, step.Deed, other);
                    break;
            }
        }

        void Send(IActorRef actor, Deed deed, IActorRef? other) =>
            actor.Tell(new Subject.Numbered(ledger.Next(), deed, other), ActorRefs.NoSender);
    }

    /// <summary>
    /// Every message comes to its end while the tree still lives: nobody stands still for ever.
    /// </summary>
    private static void AwaitAllEnds(List<Place> places, Ledger ledger)
    {
        var waiting = Stopwatch.StartNew();
        while (ledger.Open > 0)
        {
            (waiting.Elapsed < TimeSpan.FromSeconds(60))
                .ShouldBeTrue($"messages {ledger.OpenNumbers} came to no end");
            foreach (var place in places) // again: a restart may have made it hold once more
                place.Actor?.Tell(new Subject.LetGo(), ActorRefs.NoSender);
            Thread.Yield();
        }
    }

    private static Dictionary<IActorRef, int> EndsSeenBy(IActorRef watcher) =>
        watcher.Ask<Dictionary<IActorRef, int>>(new Watching.Report(), TimeSpan.FromSeconds(60)).Result;

    private sealed class Undertaking(Ledger ledger) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is AllDeadLetters { Message: Subject.Numbered numbered })
                ledger.End(numbered.Number);
        }
    }
}
