using System.CommandLine;
using ActorSock.Client;
using ActorSock.Client.Native;
using ActorSock.Load;
using ActorSock.Load.Proving;
using ActorSock.Load.Scenarios;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands.Loading;

/// <summary>One <c>actorsock load</c>, as it was told.</summary>
internal sealed record LoadOrder(Scenario Scenario, string Address)
{
    public bool Anywhere { get; init; }

    public ClientKey? Key { get; init; }

    /// <summary>The 99th percentile that must hold, and how long each rate is tried; null when no capacity is looked for.</summary>
    public (TimeSpan P99, TimeSpan Step)? Capacity { get; init; }

    public string? Root { get; init; }

    public int SampleCount { get; init; }

    public bool HasProof { get; init; }

    public bool Keeps { get; init; }

    public int Threads { get; init; }

    public string? Json { get; init; }

    public string? Html { get; init; }

    /// <returns>The exit code.</returns>
    /// <exception cref="ScenarioException">It makes no sense, or cannot be done here; nothing was done.</exception>
    /// <exception cref="NodeUnreachableException">There is no node.</exception>
    public async Task<int> RunAsync(InvocationConfiguration console, CancellationToken cancel)
    {
        if (Descriptors.InTheWayOf(Scenario) is { } why) throw new ScenarioException(why);
        if (Capacity is not null && Scenario.RudeConnections > 0)
            throw new ScenarioException("--find-capacity goes without rude clients: what they cost would be taken for what the node can");
        var target = await LoadTarget.FindAsync(Address, Anywhere, cancel);
        var isNative = await IsNativeAsync(cancel);
        if (Scenario.Dialect == LoadDialect.Native && !isNative)
            throw new ScenarioException($"{Address} speaks no native protocol: choose another dialect");
        if (HasProof && Root is null && !isNative)
            throw new ScenarioException($"nothing would prove what is acknowledged: {Address} speaks no native protocol: say --root DIR, the folder "
                + "in which a node on this machine stores files, or --no-proof");

        using var report = LoadReport.Open(Address, Json, Html);
        var progress = LoadProgress.On(console);
        var scenario = Capacity is null ? Scenario : Scenario with { Duration = null, Files = null, Bytes = null };
        using var run = new LoadRun(new LoadOptions
        {
            Scenario = scenario,
            Target = target,
            Key = Key,
            Phases = Capacity is var (p99, step)
                ? new CapacitySearch(new CapacityGoal(p99, Scenario.Rate!.Value, step)) : new ScenarioPhases(scenario),
            Root = Root,
            NativeAddress = isNative ? Address : null,
            SampleCount = SampleCount,
            HasProof = HasProof,
            Keeps = Keeps,
            Threads = Threads,
            Watch = progress.Show,
        });
        var result = await progress.WhileAsync(() => run.RunAsync(cancel));
        var problems = report.Write(result, console.Output);
        foreach (var problem in problems) await console.Error.WriteLineAsync(Escaping.Printable(problem));
        return result.WasInterrupted ? ExitCode.Interrupted
            : result.Complaints.Count + problems.Count > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private async Task<bool> IsNativeAsync(CancellationToken cancel)
    {
        try
        {
            return await NativeProver.SpeaksAsync(Address, Key, cancel);
        }
        catch (NodeLostException asks) when (asks.AsksForKey)
        {
            throw new ScenarioException($"{Address} asks for a key: name yours with --key-file", asks);
        }
        catch (KeyRefusedException refused)
        {
            throw new ScenarioException($"{Address}: {refused.Message}", refused);
        }
    }
}
