using System.Diagnostics;

namespace ActorSock.Benchmarks.Engine;

/// <summary>The figures of the engine over whole runs: warm, medians of several rounds.</summary>
internal static class EngineRuns
{
    private const int Rounds = 7, WarmRounds = 2, Tells = 10_000_000, Actors = 200_000;

    public static async Task<int> Run()
    {
        using var system = ActorSystem.Create("bench", ConfigurationFactory.ParseString("akka.loggers = [], akka.loglevel = ERROR"));
        Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {Rounds} rounds after {WarmRounds} warm ones: median (min-max)");
        await Report("tell, one producer to one actor", "M/s", () => Tell(system));
        await Report("ping-pong, 1 pair, 1 in flight", "M messages/s", () => PingPong(system, 1, 1, 1_000_000));
        await Report("ping-pong, 8 pairs, 1 in flight each", "M messages/s", () => PingPong(system, 8, 1, 250_000));
        await Report("ping-pong, 8 pairs, 100 in flight each", "M messages/s", () => PingPong(system, 8, 100, 1_000_000));
        var spawns = new List<double>();
        var stops = new List<double>();
        var bytes = new List<double>();
        for (var round = -WarmRounds; round < Rounds; round++)
        {
            var (spawn, stop, each) = await SpawnAndStop(system);
            if (round < 0)
                continue;
            spawns.Add(spawn);
            stops.Add(stop);
            bytes.Add(each);
        }
        Print("spawn, children of one parent", "/s", spawns);
        Print("stop, children of one parent", "/s", stops);
        Print("memory of an idle actor", "bytes", bytes);
        await system.Terminate();
        return 0;
    }

    private static async Task<double> Tell(ActorSystem system)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var counter = system.ActorOf(Props.Create(() => new Counter(Tells, done)));
        var message = new object();
        var watch = Stopwatch.StartNew();
        var producer = new Thread(() =>
        {
            for (var i = 0; i < Tells; i++)
                counter.Tell(message, ActorRefs.NoSender);
        });
        producer.Start();
        await done.Task;
        var rate = Tells / watch.Elapsed.TotalSeconds / 1e6;
        producer.Join();
        system.Stop(counter);
        return rate;
    }

    private static Task<double> PingPong(ActorSystem system, int pairs, int inFlight, int trips)
    {
        using var done = new CountdownEvent(pairs);
        var actors = new List<IActorRef>();
        var pings = new List<IActorRef>();
        for (var i = 0; i < pairs; i++)
        {
            var pong = system.ActorOf(Props.Create(() => new Pong()));
            pings.Add(system.ActorOf(Props.Create(() => new Ping(trips, inFlight, pong, done))));
            actors.Add(pong);
        }
        var watch = Stopwatch.StartNew();
        foreach (var ping in pings)
            ping.Tell(Ping.Start, ActorRefs.NoSender);
        done.Wait();
        var rate = 2.0 * trips * pairs / watch.Elapsed.TotalSeconds / 1e6;
        actors.ForEach(system.Stop);
        pings.ForEach(system.Stop);
        return Task.FromResult(rate);
    }

    private static async Task<(double Spawns, double Stops, double Bytes)> SpawnAndStop(ActorSystem system)
    {
        using var started = new CountdownEvent(Actors);
        using var stopped = new CountdownEvent(Actors);
        var brood = system.ActorOf(Props.Create(() => new Brood(Actors, started, stopped)));
        var watch = Stopwatch.StartNew();
        brood.Tell(Brood.Do.Spawn, ActorRefs.NoSender);
        started.Wait();
        var spawns = Actors / watch.Elapsed.TotalSeconds;
        var full = GC.GetTotalMemory(forceFullCollection: true);
        watch.Restart();
        brood.Tell(Brood.Do.Stop, ActorRefs.NoSender);
        stopped.Wait();
        var stops = Actors / watch.Elapsed.TotalSeconds;
        // The parent books the last deaths after the children have told of them; an Identify behind them says that it has.
        await brood.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(30));
        var empty = GC.GetTotalMemory(forceFullCollection: true);
        system.Stop(brood);
        return (spawns, stops, (full - empty) / (double)Actors);
    }

    private static async Task Report(string what, string unit, Func<Task<double>> round)
    {
        var figures = new List<double>();
        for (var i = -WarmRounds; i < Rounds; i++)
        {
            var figure = await round();
            if (i >= 0)
                figures.Add(figure);
        }
        Print(what, unit, figures);
    }

    private static void Print(string what, string unit, List<double> figures)
    {
        figures.Sort();
        var format = figures[^1] > 1000 ? "N0" : "0.0";
        Console.WriteLine($"{what,-42} {figures[figures.Count / 2].ToString(format),10} {unit} ({figures[0].ToString(format)}-{figures[^1].ToString(format)})");
    }
}
