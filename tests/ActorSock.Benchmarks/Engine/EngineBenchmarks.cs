using BenchmarkDotNet.Attributes;

namespace ActorSock.Benchmarks.Engine;

/// <summary>The engine's operations under BenchmarkDotNet: time and bytes for one operation.</summary>
[MemoryDiagnoser]
public class EngineBenchmarks
{
    private const int Batch = 100_000;

    private readonly object _message = new();
    private ActorSystem _system = null!;

    [GlobalSetup]
    public void Start() => _system = ActorSystem.Create("bdn", ConfigurationFactory.ParseString("akka.loggers = [], akka.loglevel = ERROR"));

    [GlobalCleanup]
    public Task Stop() => _system.Terminate();

    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task Tell()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var counter = _system.ActorOf(Props.Create(() => new Counter(Batch, done)));
        for (var i = 0; i < Batch; i++)
            counter.Tell(_message, ActorRefs.NoSender);
        await done.Task;
        _system.Stop(counter);
    }

    [Benchmark(OperationsPerInvoke = 2 * Batch)]
    public void PingPong()
    {
        using var done = new CountdownEvent(1);
        var pong = _system.ActorOf(Props.Create(() => new Pong()));
        var ping = _system.ActorOf(Props.Create(() => new Ping(Batch, 1, pong, done)));
        ping.Tell(Ping.Start, ActorRefs.NoSender);
        done.Wait();
        _system.Stop(ping);
        _system.Stop(pong);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void SpawnAndStop()
    {
        using var started = new CountdownEvent(Batch);
        using var stopped = new CountdownEvent(Batch);
        var brood = _system.ActorOf(Props.Create(() => new Brood(Batch, started, stopped)));
        brood.Tell(Brood.Do.Spawn, ActorRefs.NoSender);
        started.Wait();
        brood.Tell(Brood.Do.Stop, ActorRefs.NoSender);
        stopped.Wait();
        _system.Stop(brood);
    }
}
