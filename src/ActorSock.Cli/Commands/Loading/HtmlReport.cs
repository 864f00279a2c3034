using System.Globalization;
using System.Net;
using System.Text;
using ActorSock.Load;
using ActorSock.Load.Measures;
using ActorSock.Load.Scenarios;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands.Loading;

/// <summary>Writes what came of a load test as one page that needs nothing else: no script, no font, no network.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --soft: #5a636e; --paper: #ffffff; --line: #d5dae0; --good: #116329; --bad: #b3261e;
          --s0: #0b62c4; --s1: #b35900; --s2: #7a1fa2; --s3: #b3261e; --s4: #0a7d5a; --s5: #5a636e; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #a3adb8; --paper: #14181d; --line: #39414a; --good: #6fd08c; --bad: #ff8a80;
          --s0: #6cb2ff; --s1: #ffb066; --s2: #d59bff; --s3: #ff8a80; --s4: #63d9b4; --s5: #a3adb8; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
        .verdict { font-weight: 600; } .good { color: var(--good); } .bad { color: var(--bad); }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top; }
        thead th { border-bottom: 1px solid var(--line); } th[scope=row] { font-weight: normal; color: var(--soft); }
        figure { margin: 1.2rem 0 2rem; } figcaption { font-weight: 600; } small { color: var(--soft); font-weight: normal; }
        svg { width: 100%; height: auto; display: block; } svg text { fill: var(--soft); font-size: 11px; }
        svg path { fill: none; } .grid { stroke: var(--line); stroke-width: .6; } .axis { stroke: var(--soft); }
        path.s0, path.s1, path.s2, path.s3, path.s4, path.s5 { stroke-width: 1.8; stroke-linejoin: round; }
        path.s0 { stroke: var(--s0); } path.s1 { stroke: var(--s1); stroke-dasharray: 7 3; } path.s2 { stroke: var(--s2); stroke-dasharray: 2 3; }
        path.s3 { stroke: var(--s3); stroke-dasharray: 9 3 2 3; } path.s4 { stroke: var(--s4); stroke-dasharray: 12 4; } path.s5 { stroke: var(--s5); stroke-dasharray: 1 2; }
        circle.s0 { fill: var(--s0); } circle.s1 { fill: var(--s1); } circle.s2 { fill: var(--s2); } circle.s3 { fill: var(--s3); } circle.s4 { fill: var(--s4); } circle.s5 { fill: var(--s5); }
        .legend span { margin-right: 1.2rem; } .legend svg { display: inline-block; width: 24px; height: 8px; }
        .scroll { max-height: 20rem; overflow: auto; } summary { cursor: pointer; color: var(--soft); } code { overflow-wrap: anywhere; }
        """;

    public static string Of(LoadResult result, Conditions conditions)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>actorsock load: {Text(result.Scenario.Name)}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <main>
            <h1>Load test: {Text(result.Scenario.Name)}</h1>
            <p>{Text(conditions.Address)}, {result.Began:yyyy-MM-dd HH:mm:ss} UTC, {Text(Shown.Of(result.Elapsed))}</p>

            """);
        WriteVerdict(page, result);
        WritePhases(page, result);
        WritePlots(page, result);
        WriteErrors(page, result);
        WriteCapacity(page, result);
        WriteConditions(page, result, conditions);
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void WriteVerdict(StringBuilder page, LoadResult result)
    {
        var complaints = result.Complaints;
        page.Append(complaints.Count == 0
            ? "<p class=\"verdict good\">Passed</p>\n"
            : $"<p class=\"verdict bad\">Failed: {Text(string.Join("; ", complaints))}</p>\n");
        if (result.WasInterrupted) page.Append("<p>It was interrupted: this is what came of it until then.</p>\n");
        page.Append(result.Proof is { } proof
            ? $"<p>Proof: {Text(proof.Method)}: {proof.Acknowledged} acknowledged, {proof.Checked} looked for, {proof.Compared} compared, {proof.Missing} missing, {proof.Different} different.</p>\n"
            : "<p>Proof: none was asked for; what is acknowledged here is what the node says.</p>\n");
        if (result.Disturbance is { } disturbance)
            page.Append($"<p>Polite clients beside rude ones: 99th percentile {Text(Shown.Of(disturbance.During))}, {Text(Shown.Of(disturbance.Before))} without; allowed is {Text(Shown.Of(disturbance.Allowed))}.</p>\n");
    }

    private static void WritePhases(StringBuilder page, LoadResult result)
    {
        page.Append("<h2>Figures</h2>\n<div class=\"scroll\"><table><thead><tr>");
        foreach (var column in (string[])["phase", "files", "files/s", "throughput", "p50", "p90", "p99", "p99.9", "max", "errors", "not begun"])
            page.Append($"<th scope=\"col\">{column}</th>");
        page.Append("</tr></thead><tbody>\n");
        foreach (var phase in result.Phases)
        {
            var latency = phase.Happened.Latency;
            page.Append($"<tr><th scope=\"row\">{Text(phase.Plan.Label)}</th>");
            foreach (var cell in (string[])
                [
                    $"{phase.Happened.Files}", $"{phase.FilesPerSecond:0.#}", Shown.Rate(phase.BytesPerSecond), Shown.Of(latency.Percentile(50)),
                    Shown.Of(latency.Percentile(90)), Shown.Of(latency.Percentile(99)), Shown.Of(latency.Percentile(99.9)), Shown.Of(latency.Max),
                    $"{phase.Happened.ErrorsCount}", $"{phase.Happened.Unsent}",
                ])
                page.Append($"<td>{Text(cell)}</td>");
            page.Append("</tr>\n");
        }
        page.Append("</tbody></table></div>\n<p><small>Latency counts from when a file was due to its acknowledgement.</small></p>\n");
    }

    private static void WritePlots(StringBuilder page, LoadResult result)
    {
        var rows = result.Timeline.Rows;
        double[] places = [.. rows.Select(row => Math.Round(row.End.TotalSeconds, 2))];
        Series Percentile(string name, Func<LatencyHistogram, TimeSpan> of) =>
            new(name, [.. rows.Select(row => of(row.Happened.Latency).TotalMilliseconds)]);
        page.Append("<h2>Over time</h2>\n");
        page.Append(new SvgChart("Throughput", "files/s", "seconds", places,
            [new("files", [.. rows.Select(row => Math.Round(row.FilesPerSecond, 1))])]).ToHtml("files"));
        page.Append(new SvgChart("Throughput", "MB/s", "seconds", places,
            [new("bytes", [.. rows.Select(row => Math.Round(row.BytesPerSecond / 1e6, 2))])]).ToHtml("bytes"));
        page.Append(new SvgChart("Latency", "ms", "seconds", places,
            [
                Percentile("p50", latency => latency.Percentile(50)), Percentile("p90", latency => latency.Percentile(90)),
                Percentile("p99", latency => latency.Percentile(99)), Percentile("max", latency => latency.Max),
            ]) { IsLogarithmic = true }.ToHtml("latency"));
        page.Append(new SvgChart("Connections", "open", "seconds", places,
            [new("connections", [.. rows.Select(row => (double)row.Connections)])]).ToHtml("connections"));
    }

    private static void WriteErrors(StringBuilder page, LoadResult result)
    {
        const int kindsDrawn = 6;
        page.Append("<h2>Errors</h2>\n");
        if (result.Total.ErrorsCount == 0) page.Append("<p>There were none.</p>\n");
        else
        {
            var rows = result.Timeline.Rows;
            var kinds = result.Total.Errors.OrderByDescending(each => each.Value).Select(each => each.Key).ToList();
            page.Append(new SvgChart("Errors by kind", "a second", "seconds", [.. rows.Select(row => Math.Round(row.End.TotalSeconds, 2))],
                [.. kinds.Take(kindsDrawn).Select(kind => new Series(Escaping.Printable(kind),
                    [.. rows.Select(row => row.Happened.Errors.GetValueOrDefault(kind) / Math.Max(1e-3, (row.End - row.Begin).TotalSeconds))]))]).ToHtml("errors"));
            WriteTable(page, kinds.Select(kind => (Escaping.Printable(kind), $"{result.Total.Errors[kind]}")));
        }
        if (result.Total.Rude.Count == 0) return;
        page.Append("<h2>Rude clients</h2>\n");
        WriteTable(page, result.Total.Rude.OrderBy(each => each.Key)
            .Select(each => (each.Key, $"{each.Value.Tried} times, {each.Value.Ended} of them ended by the node")));
    }

    private static void WriteCapacity(StringBuilder page, LoadResult result)
    {
        if (result.Capacity is not { } search) return;
        var steps = search.Steps.OrderBy(step => step.Rate).ToList();
        page.Append($"<h2>Capacity</h2>\n<p>{Text(CapacityText.Of(search))}</p>\n");
        page.Append(new SvgChart("Latency by rate", "ms", "files/s", [.. steps.Select(step => step.Rate)],
            [
                new("p99", [.. steps.Select(step => step.Result.Happened.Latency.Percentile(99).TotalMilliseconds)]),
                new("allowed", [.. steps.Select(_ => search.Goal.P99.TotalMilliseconds)]),
            ]) { IsLogarithmic = true }.ToHtml("capacity"));
    }

    private static void WriteConditions(StringBuilder page, LoadResult result, Conditions conditions)
    {
        var scenario = result.Scenario;
        page.Append("<h2>Conditions</h2>\n");
        WriteTable(page,
        [
            ("command line", conditions.CommandLine),
            ("scenario", $"{scenario.Name}: {scenario.Connections} connections, {scenario.RudeConnections} rude, files of {scenario.Sizes}, "
                + $"rate {scenario.Rate?.ToString(CultureInfo.InvariantCulture) ?? "max"}, {Words.Of(scenario.Dialect)}, seed {scenario.Seed}"),
            ("version", $"{conditions.Version}, {conditions.Runtime}"),
            ("system", conditions.System),
            ("processor", $"{conditions.Processor}, {conditions.Cores} cores"),
            ("memory", Shown.Size(conditions.MemoryBytes)),
            ("client", $"{result.Threads} threads, busy {result.BusyFraction:P0} of the time"),
            ("files", $"{result.Prefix}: {result.Leftovers}"),
        ]);
    }

    private static void WriteTable(StringBuilder page, IEnumerable<(string What, string Value)> rows)
    {
        page.Append("<table><tbody>\n");
        foreach (var (what, value) in rows)
            page.Append($"<tr><th scope=\"row\">{Text(what)}</th><td><code>{Text(value)}</code></td></tr>\n");
        page.Append("</tbody></table>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
