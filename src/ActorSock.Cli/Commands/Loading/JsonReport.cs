using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorSock.Load;
using ActorSock.Load.Measures;
using ActorSock.Load.Scenarios;

namespace ActorSock.Cli.Commands.Loading;

/// <summary>Writes what came of a load test for programs. Times are seconds, sizes bytes.</summary>
internal static class JsonReport
{
    private static readonly JsonWriterOptions s_readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(LoadResult result, Conditions conditions)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, s_readable))
        {
            json.WriteStartObject();
            json.WriteBoolean("passed", result.Complaints.Count == 0);
            json.WriteBoolean("interrupted", result.WasInterrupted);
            json.WriteStartArray("complaints");
            foreach (var complaint in result.Complaints) json.WriteStringValue(complaint);
            json.WriteEndArray();
            json.WriteString("began", result.Began);
            json.WriteNumber("elapsed", Seconds(result.Elapsed));
            Write(json, conditions);
            Write(json, result.Scenario);
            json.WriteString("prefix", result.Prefix);
            json.WriteNumber("begun", result.Begun);
            WriteClient(json, result);
            json.WriteStartObject("total");
            Write(json, result.Total);
            json.WriteEndObject();
            json.WriteStartArray("phases");
            foreach (var phase in result.Phases) Write(json, phase);
            json.WriteEndArray();
            WriteProof(json, result);
            WriteDisturbance(json, result);
            WriteCapacity(json, result);
            json.WriteStartArray("timeline");
            foreach (var row in result.Timeline.Rows) Write(json, row);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter json, Conditions conditions)
    {
        json.WriteStartObject("conditions");
        json.WriteString("address", conditions.Address);
        json.WriteString("command_line", conditions.CommandLine);
        json.WriteString("version", conditions.Version);
        json.WriteString("runtime", conditions.Runtime);
        json.WriteString("system", conditions.System);
        json.WriteString("processor", conditions.Processor);
        json.WriteNumber("cores", conditions.Cores);
        json.WriteNumber("memory", conditions.MemoryBytes);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Scenario scenario)
    {
        json.WriteStartObject("scenario");
        json.WriteString("name", scenario.Name);
        json.WriteNumber("connections", scenario.Connections);
        json.WriteString("size", scenario.Sizes.ToString());
        WriteOr(json, "rate", scenario.Rate);
        json.WriteString("arrivals", scenario.RandomArrivals ? "random" : "even");
        WriteOr(json, "duration", scenario.Duration is { } duration ? Seconds(duration) : null);
        WriteOr(json, "files", scenario.Files);
        WriteOr(json, "bytes", scenario.Bytes);
        json.WriteNumber("ramp_up", Seconds(scenario.RampUp));
        json.WriteNumber("think", Seconds(scenario.Think));
        json.WriteString("dialect", Words.Of(scenario.Dialect));
        json.WriteNumber("pipeline", scenario.Pipeline);
        json.WriteNumber("timeout", Seconds(scenario.Timeout));
        json.WriteNumber("rude_connections", scenario.RudeConnections);
        json.WriteNumber("seed", scenario.Seed);
        json.WriteEndObject();
    }

    private static void WriteClient(Utf8JsonWriter json, LoadResult result)
    {
        json.WriteStartObject("client");
        json.WriteNumber("threads", result.Threads);
        json.WriteNumber("busy", Math.Round(result.BusyFraction, 4));
        json.WriteNumber("lag_p99", Seconds(result.Total.Lag.Percentile(99)));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PhaseResult phase)
    {
        json.WriteStartObject();
        json.WriteString("label", phase.Plan.Label);
        WriteOr(json, "rate", phase.Plan.Rate);
        json.WriteBoolean("with_rude", phase.Plan.WithRude);
        json.WriteNumber("begin", Seconds(phase.Begin));
        json.WriteNumber("elapsed", Seconds(phase.Elapsed));
        json.WriteNumber("files_per_second", Math.Round(phase.FilesPerSecond, 2));
        json.WriteNumber("bytes_per_second", Math.Round(phase.BytesPerSecond));
        Write(json, phase.Happened);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Interval happened)
    {
        json.WriteNumber("files", happened.Files);
        json.WriteNumber("bytes", happened.Bytes);
        json.WriteNumber("not_begun", happened.Unsent);
        json.WriteStartObject("latency");
        foreach (var (name, percent) in ((string, double)[])[("p50", 50), ("p90", 90), ("p99", 99), ("p99_9", 99.9)])
            json.WriteNumber(name, Seconds(happened.Latency.Percentile(percent)));
        json.WriteNumber("max", Seconds(happened.Latency.Max));
        json.WriteNumber("mean", Seconds(happened.Latency.Mean));
        json.WriteEndObject();
        json.WriteStartObject("errors");
        foreach (var (kind, count) in happened.Errors.OrderBy(each => each.Key, StringComparer.Ordinal)) json.WriteNumber(kind, count);
        json.WriteEndObject();
        if (happened.Rude.Count == 0) return;
        json.WriteStartObject("rude");
        foreach (var (kind, tally) in happened.Rude.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject(kind);
            json.WriteNumber("tried", tally.Tried);
            json.WriteNumber("ended_by_node", tally.Ended);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteProof(Utf8JsonWriter json, LoadResult result)
    {
        if (result.Proof is not { } proof)
        {
            json.WriteNull("proof");
            return;
        }
        json.WriteStartObject("proof");
        json.WriteBoolean("holds", proof.Holds);
        json.WriteString("method", proof.Method);
        json.WriteNumber("acknowledged", proof.Acknowledged);
        json.WriteNumber("checked", proof.Checked);
        json.WriteNumber("compared", proof.Compared);
        json.WriteNumber("missing", proof.Missing);
        json.WriteNumber("different", proof.Different);
        json.WriteNumber("unfinished_seen", proof.Unfinished);
        json.WriteNumber("elapsed", Seconds(proof.Elapsed));
        json.WriteStartArray("examples");
        foreach (var example in proof.Examples) json.WriteStringValue(example);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteDisturbance(Utf8JsonWriter json, LoadResult result)
    {
        if (result.Disturbance is not { } disturbance)
        {
            json.WriteNull("disturbance");
            return;
        }
        json.WriteStartObject("disturbance");
        json.WriteNumber("p99_before", Seconds(disturbance.Before));
        json.WriteNumber("p99_during", Seconds(disturbance.During));
        json.WriteNumber("p99_allowed", Seconds(disturbance.Allowed));
        json.WriteBoolean("comparable", disturbance.IsComparable);
        json.WriteBoolean("undisturbed", !disturbance.Complaints.Any());
        json.WriteEndObject();
    }

    private static void WriteCapacity(Utf8JsonWriter json, LoadResult result)
    {
        if (result.Capacity is not { } search)
        {
            json.WriteNull("capacity");
            return;
        }
        json.WriteStartObject("capacity");
        json.WriteNumber("p99", Seconds(search.Goal.P99));
        json.WriteNumber("step", Seconds(search.Goal.Step));
        WriteOr(json, "held", search.Held);
        WriteOr(json, "failed", search.Failed);
        json.WriteNumber("tried", search.Confirmed.Tried);
        json.WriteNumber("held_times", search.Confirmed.Held);
        json.WriteBoolean("sure", search.IsSure);
        json.WriteString("text", CapacityText.Of(search));
        json.WriteStartArray("steps");
        foreach (var step in search.Steps)
        {
            json.WriteStartObject();
            json.WriteNumber("rate", step.Rate);
            json.WriteBoolean("held", step.Held);
            json.WriteString("failure", step.Failure);
            json.WriteNumber("p99", Seconds(step.Result.Happened.Latency.Percentile(99)));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TimelineRow row)
    {
        json.WriteStartObject();
        json.WriteNumber("begin", Seconds(row.Begin));
        json.WriteNumber("end", Seconds(row.End));
        json.WriteNumber("connections", row.Connections);
        Write(json, row.Happened);
        json.WriteEndObject();
    }

    private static void WriteOr(Utf8JsonWriter json, string name, double? value)
    {
        if (value is null) json.WriteNull(name);
        else json.WriteNumber(name, value.Value);
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 6);
}
