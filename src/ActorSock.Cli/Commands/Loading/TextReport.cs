using ActorSock.Load;
using ActorSock.Load.Measures;
using ActorSock.Load.Scenarios;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands.Loading;

/// <summary>Writes what came of a load test for a person.</summary>
internal static class TextReport
{
    public static void Write(LoadResult result, Conditions conditions, TextWriter output)
    {
        output.WriteLine(Asked(result.Scenario, conditions));
        if (result.Capacity is { } search) Write(search, output);
        else
            foreach (var phase in result.Phases)
            {
                if (result.Phases.Count > 1) output.WriteLine($"{phase.Plan.Label}:");
                Write(phase, output);
            }
        Write(result.Total.Rude, output);
        output.WriteLine($"the client was busy {result.BusyFraction:P0} of the time"
            + (result.Total.Lag.Count > 0 ? $", and begins files late by {Shown.Of(result.Total.Lag.Percentile(99))} (99 %)" : ""));
        Write(result, output);
    }

    private static string Asked(Scenario scenario, Conditions conditions)
    {
        var pace = scenario.Rate is { } rate ? $"{rate:0.###} files/s" : "as fast as possible";
        var rude = scenario.RudeConnections > 0 ? $", {scenario.RudeConnections} rude" : "";
        return $"{conditions.Address}, scenario {scenario.Name}: {scenario.Connections} connections{rude}, files of {scenario.Sizes}, {pace}, "
            + $"{Words.Of(scenario.Dialect)}, seed {scenario.Seed}";
    }

    private static void Write(CapacitySearch search, TextWriter output)
    {
        foreach (var step in search.Steps)
            output.WriteLine($"  {step.Rate,9:0.#} files/s  p99 {Shown.Of(step.Result.Happened.Latency.Percentile(99)),9}  "
                + (step.Held ? "held" : step.Failure));
        output.WriteLine($"capacity: {CapacityText.Of(search)}");
    }

    private static void Write(PhaseResult phase, TextWriter output)
    {
        var (happened, latency) = (phase.Happened, phase.Happened.Latency);
        output.WriteLine($"  stored     {happened.Files} files, {Shown.Size(happened.Bytes)} in {Shown.Of(phase.Elapsed)}: "
            + $"{phase.FilesPerSecond:0.#} files/s, {Shown.Rate(phase.BytesPerSecond)}");
        output.WriteLine($"  latency    p50 {Shown.Of(latency.Percentile(50))}, p90 {Shown.Of(latency.Percentile(90))}, "
            + $"p99 {Shown.Of(latency.Percentile(99))}, p99.9 {Shown.Of(latency.Percentile(99.9))}, max {Shown.Of(latency.Max)}");
        if (happened.Unsent > 0)
            output.WriteLine($"  not begun  {happened.Unsent} files that were due: no connection was free; the latencies are lower bounds");
        foreach (var (kind, count) in happened.Errors.OrderByDescending(each => each.Value))
            output.WriteLine($"  error      {count} x {Escaping.Printable(kind)}");
    }

    private static void Write(IReadOnlyDictionary<string, RudeTally> rude, TextWriter output)
    {
        foreach (var (kind, tally) in rude.OrderBy(each => each.Key))
            output.WriteLine($"rude {kind}: {tally.Tried} times, {tally.Ended} of them ended by the node");
    }

    private static void Write(LoadResult result, TextWriter output)
    {
        if (result.Proof is { } proof)
        {
            output.WriteLine($"proof: {proof.Method}: {proof.Acknowledged} acknowledged, {proof.Checked} looked for, {proof.Compared} compared, "
                + $"{proof.Missing} missing, {proof.Different} different, in {Shown.Of(proof.Elapsed)}");
            foreach (var example in proof.Examples) output.WriteLine($"  {Escaping.Printable(example)}");
        }
        else output.WriteLine("proof: none was asked for");
        output.WriteLine(result.Leftovers);
        foreach (var complaint in result.Complaints) output.WriteLine($"FAILED: {Escaping.Printable(complaint)}");
        if (result.WasInterrupted) output.WriteLine("interrupted: this is what came of it until then");
    }
}
