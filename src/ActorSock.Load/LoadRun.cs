using ActorSock.Client.Native;
using ActorSock.Load.Bodies;
using ActorSock.Load.Driving;
using ActorSock.Load.Measures;
using ActorSock.Load.Proving;
using ActorSock.Load.Scenarios;

namespace ActorSock.Load;

/// <summary>Runs a load test: its phases, one after the other, and the proof.</summary>
internal sealed class LoadRun : IDisposable
{
    private static readonly TimeSpan s_betweenSamples = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_beforePhase = TimeSpan.FromMilliseconds(30); // by then all drivers have seen it
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);          // with what is under way at an interruption

    private readonly LoadOptions _options;
    private readonly FileBodies _bodies;
    private readonly AckLedger _ledger = new();
    private readonly LoadParts _parts;
    private readonly List<Driver> _drivers;
    private readonly Timeline _timeline = new();
    private readonly Interval _total = new();
    private readonly List<PhaseResult> _phases = [];
    private readonly long _begin;
    private readonly DateTimeOffset _began;
    private TimeSpan _sampled;

    public LoadRun(LoadOptions options)
    {
        _options = options;
        var scenario = options.Scenario;
        _began = options.Clock.GetUtcNow();
        // Two runs at once, and two of one seed, must not take each other's files for their own.
        _bodies = new FileBodies(scenario, $"load-{Guid.NewGuid().ToString("N")[..8]}-");
        _parts = new LoadParts(scenario, _bodies, new FileSupply(scenario, _bodies), _ledger, options.Target, options.Clock);
        _parts = _parts with { Key = options.Key };
        if (options.NewReadiness is { } made) _parts = _parts with { NewReadiness = made };
        var threads = Math.Min(options.Threads, scenario.Connections);
        _drivers = [.. Enumerable.Range(0, threads).Select(which => new Driver(_parts, (threads, which)))];
        _begin = options.Clock.GetTimestamp();
    }

    private TimeSpan Elapsed => _options.Clock.GetElapsedTime(_begin);

    /// <summary>Runs it to its end.</summary>
    /// <param name="cancel">Ends it early; there is a result all the same.</param>
    public async Task<LoadResult> RunAsync(CancellationToken cancel)
    {
        Warming.Compile();
        foreach (var driver in _drivers) driver.Start();
        PhaseResult? last = null;
        while (!cancel.IsCancellationRequested && _options.Phases.Next(last) is { } plan)
            _phases.Add(last = await RunAsync(plan, cancel));
        foreach (var driver in _drivers) driver.Stop();
        await Task.WhenAll(_drivers.Select(driver => driver.Completion));
        var elapsed = Elapsed;
        var (proof, leftovers) = await ProveAsync(cancel);
        return new LoadResult
        {
            Scenario = _options.Scenario,
            Prefix = _bodies.Prefix,
            Began = _began,
            Elapsed = elapsed,
            Total = _total,
            Phases = _phases,
            Timeline = _timeline,
            Begun = _parts.Files.Taken,
            Threads = _drivers.Count,
            WasInterrupted = cancel.IsCancellationRequested,
            Proof = proof,
            Leftovers = leftovers,
            Capacity = _options.Phases as CapacitySearch,
        };
    }

    public void Dispose() => _bodies.Dispose();

    private async Task<PhaseResult> RunAsync(PhasePlan plan, CancellationToken cancel)
    {
        var clock = _options.Clock;
        var begin = Elapsed + s_beforePhase;
        var phase = new Phase(TimestampAt(begin), plan.Rate, plan.WithRude) { Drivers = _drivers.Count };
        if (plan.Duration is { } duration) phase.End = phase.Begin + Timestamps(duration);
        foreach (var driver in _drivers) driver.Set(phase);

        var happened = new Interval();
        var alive = Elapsed;
        var ended = Task.WhenAny([phase.Settled, .. _drivers.Select(driver => driver.Completion)]);
        await using var brought = cancel.Register(() => phase.End = Math.Min(phase.End, clock.GetTimestamp()));
        while (!ended.IsCompleted)
        {
            // What is sampled is time, and nothing waits for it: the delay is the measure, not a way to synchronise.
            await Task.WhenAny(ended, Task.Delay(s_betweenSamples, clock, CancellationToken.None));
            if (ended.IsCompleted) break; // what is left is sampled below
            var sample = Sample(plan.Label, happened);
            if (sample.Files > 0 || _drivers.Sum(driver => driver.Connections) > 0) alive = Elapsed;
            // The node is gone, or has not answered an end for too long.
            if (Elapsed - alive > _options.Scenario.Timeout) phase.End = Math.Min(phase.End, clock.GetTimestamp());
            var over = clock.GetElapsedTime(phase.End);
            if (over > (cancel.IsCancellationRequested ? s_patience : _options.Scenario.Timeout + s_patience)) break;
        }
        var elapsed = Elapsed - begin;
        foreach (var driver in _drivers.Where(driver => driver.Completion.IsFaulted)) await driver.Completion;
        Sample(plan.Label, happened);
        return new PhaseResult(plan, begin, elapsed, happened);
    }

    private Interval Sample(string phase, Interval happened)
    {
        var sample = new Interval();
        foreach (var driver in _drivers) driver.Take(sample);
        var (before, now) = (_sampled, Elapsed);
        _sampled = now;
        var connections = _drivers.Sum(driver => driver.Connections);
        happened.Add(sample);
        _total.Add(sample);
        _timeline.Add(before, now, sample, connections);
        _options.Watch(new LoadStatus(
            phase, now, connections, _drivers.Sum(driver => driver.InFlight), sample, now - before, _total));
        return sample;
    }

    private async Task<(Proof?, string)> ProveAsync(CancellationToken cancel)
    {
        // Who has interrupted wants an end soon, and the truth about as much as can be had until then.
        using var limit = new CancellationTokenSource();
        await using var interrupted = cancel.Register(() => limit.CancelAfter(s_patience));
        await using var node = _options.NativeAddress is null ? null : new NodeClient(_options.NativeAddress, new NodeOptions { Key = _options.Key });
        var native = node is null ? null : new NativeProver(node, _bodies, _ledger, _options.SampleCount);
        var prover = _options.Root is { } root ? new RootProver(root, _bodies, _ledger) : (IProver?)native;
        var proof = _options.HasProof && prover is not null ? await ProveAsync(prover, limit.Token) : null;
        var files = $"{Path.Combine(_options.Root ?? "", _bodies.Prefix)}*";
        if (native is null || _options.Keeps) return (proof, $"the files stay: {files}");
        // What went wrong is looked for in them. Who has interrupted has seen to it himself that not all were looked at.
        if (proof is { IsDisproved: true } || proof is { Holds: false } && !cancel.IsCancellationRequested)
            return (proof, $"the files stay, since the proof failed: {files}");
        Tell("deleting");
        return (proof, await native.RemoveAsync(limit.Token));
    }

    private async Task<Proof> ProveAsync(IProver prover, CancellationToken limit)
    {
        Tell("proving");
        var begin = _options.Clock.GetTimestamp();
        var proof = await prover.ProveAsync(_options.Scenario.RudeConnections, _ => { }, limit);
        proof.Elapsed = _options.Clock.GetElapsedTime(begin);
        return proof;
    }

    private void Tell(string what) =>
        _options.Watch(new LoadStatus(what, Elapsed, 0, 0, new Interval(), TimeSpan.Zero, _total));

    private long TimestampAt(TimeSpan elapsed) => _begin + Timestamps(elapsed);

    // In whole numbers: a file that is due at the very end belongs to the next phase.
    private long Timestamps(TimeSpan time) => (long)((Int128)time.Ticks * _options.Clock.TimestampFrequency / TimeSpan.TicksPerSecond);
}
