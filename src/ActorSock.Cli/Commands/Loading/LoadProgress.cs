using System.CommandLine;
using ActorSock.Load;
using ActorSock.Wire;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorSock.Cli.Commands.Loading;

/// <summary>Shows how a load test goes: a picture that changes on a terminal, a line now and then elsewhere.</summary>
/// <remarks>It shows on standard error: standard output is for the report.</remarks>
internal sealed class LoadProgress
{
    private const int SparksMax = 60;
    private const string Sparks = "▁▂▃▄▅▆▇█";
    private static readonly TimeSpan s_worthALine = TimeSpan.FromMilliseconds(200);

    private readonly TextWriter _error;
    private readonly IAnsiConsole? _terminal;
    private readonly Queue<double> _rates = new();
    private LiveDisplayContext? _picture;

    private LoadProgress(TextWriter error, IAnsiConsole? terminal) => (_error, _terminal) = (error, terminal);

    public static LoadProgress On(InvocationConfiguration console)
    {
        if (Console.IsErrorRedirected || console.Error != Console.Error) return new(console.Error, null);
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return new(console.Error, terminal.Profile.Capabilities is { Ansi: true, Interactive: true } ? terminal : null);
    }

    /// <summary>Shows while something is done.</summary>
    public async Task<T> WhileAsync<T>(Func<Task<T>> work) => _terminal is null
        ? await work()
        : await _terminal.Live(new Text("connecting")).AutoClear(true).StartAsync(async picture =>
        {
            _picture = picture;
            return await work();
        });

    /// <summary>Shows how it goes; called by one thread at a time.</summary>
    public void Show(LoadStatus status)
    {
        if (_picture is null)
        {
            if (status.LastElapsed == TimeSpan.Zero || status.LastElapsed > s_worthALine) _error.WriteLine(Line(status));
            return;
        }
        _picture.UpdateTarget(Picture(status));
        _picture.Refresh();
    }

    private static string Line(LoadStatus status) => status.LastElapsed == TimeSpan.Zero ? $"{Shown.Of(status.Elapsed)} {status.Phase}"
        : $"{Shown.Of(status.Elapsed)} {status.Phase}: {status.Connections} connections, {PerSecond(status, status.Last.Files):0} files/s, "
            + $"{Shown.Rate(PerSecond(status, status.Last.Bytes))}, p50 {Shown.Of(status.Last.Latency.Percentile(50))}, "
            + $"p99 {Shown.Of(status.Last.Latency.Percentile(99))}, {status.Total.ErrorsCount} errors";

    private IRenderable Picture(LoadStatus status)
    {
        if (status.LastElapsed > TimeSpan.Zero) _rates.Enqueue(PerSecond(status, status.Last.Files));
        if (_rates.Count > SparksMax) _rates.Dequeue();
        var grid = new Grid().AddColumn().AddColumn();
        void Row(string what, string value) => grid.AddRow(new Text(what), new Text(value));
        var last = status.Last.Latency;
        Row(status.Phase, Shown.Of(status.Elapsed));
        Row("connections", $"{status.Connections} open, {status.InFlight} files under way");
        Row("now", $"{PerSecond(status, status.Last.Files):0} files/s, {Shown.Rate(PerSecond(status, status.Last.Bytes))}");
        Row("", Spark());
        Row("latency", $"p50 {Shown.Of(last.Percentile(50))}  p90 {Shown.Of(last.Percentile(90))}  p99 {Shown.Of(last.Percentile(99))}  max {Shown.Of(last.Max)}");
        Row("all", $"{status.Total.Files} files, {Shown.Size(status.Total.Bytes)}, p99 {Shown.Of(status.Total.Latency.Percentile(99))}, {status.Total.ErrorsCount} errors");
        foreach (var (kind, count) in status.Total.Errors.OrderByDescending(each => each.Value).Take(4))
            Row("", $"{count} x {Escaping.Printable(kind)}");
        return new Panel(grid).Header("actorsock load").RoundedBorder();
    }

    private string Spark()
    {
        var most = Math.Max(1, _rates.DefaultIfEmpty().Max());
        return string.Concat(_rates.Select(rate => Sparks[(int)Math.Min(Sparks.Length - 1, rate / most * Sparks.Length)]));
    }

    private static double PerSecond(LoadStatus status, long count) =>
        status.LastElapsed > TimeSpan.Zero ? count / status.LastElapsed.TotalSeconds : 0;
}
