using System.Collections.Concurrent;
using System.CommandLine;
using ActorSock.Client.Native;
using ActorSock.Wire;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorSock.Cli.Commands.Storing;

/// <summary>Draws a bar for each transfer that takes longer than a glance, on standard error, and wipes it in the end.</summary>
internal sealed class TransferBars
{
    /// <summary>More often nobody looks.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private const long BytesWorthABar = 4 << 20;
    private const int NameCharsMax = 40;

    private readonly IAnsiConsole _terminal = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(Console.Error),
    });

    private readonly Dictionary<long, Bar> _bars = [];
    // Looked at while Spectre draws, which holds a lock of its own then: hence none of ours.
    private readonly ConcurrentDictionary<int, TransferRate> _rates = new();
    private readonly Lock _gate = new();
    private volatile ProgressContext? _drawn;

    private TransferBars() { }

    /// <summary>Bars, when standard error is a terminal that can draw them; else null.</summary>
    public static TransferBars? OnTerminal(InvocationConfiguration console)
    {
        if (Console.IsErrorRedirected || console.Error != Console.Error) return null;
        var bars = new TransferBars();
        return bars._terminal.Profile.Capabilities is { Ansi: true, Interactive: true } ? bars : null;
    }

    /// <summary>Draws while something is done.</summary>
    public Task<T> ShowAsync<T>(Func<Task<T>> act) => _terminal.Progress()
        .AutoClear(true)
        .HideCompleted(true)
        .Columns(
            new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(),
            new Figure(RateOf), new Figure(LeftOf))
        .StartAsync(async context =>
        {
            _drawn = context;
            try
            {
                return await act();
            }
            finally
            {
                _drawn = null;
            }
        });

    /// <summary>Writes a line above the bars.</summary>
    /// <returns>False when none are drawn.</returns>
    public bool TryWriteLine(string line)
    {
        if (_drawn is null) return false;
        _terminal.Write(new Text(line + Environment.NewLine));
        return true;
    }

    /// <summary>Shows how far a transfer is.</summary>
    public void Show(TransferProgress progress, TransferRate rate)
    {
        lock (_gate)
        {
            if (_drawn is not { } drawn || (progress.TotalBytes ?? progress.DoneBytes) < BytesWorthABar) return;
            if (!_bars.TryGetValue(progress.Transfer, out var bar)) bar = Begin(drawn, progress, rate);
            var isOver = progress.State is TransferState.Done or TransferState.Failed;
            if (!isOver && TimeProvider.System.GetElapsedTime(bar.Told) < Between) return;
            bar.Told = TimeProvider.System.GetTimestamp();
            rate.Tell(progress.DoneBytes);
            bar.Task.Value = progress.DoneBytes;
            if (!isOver) return;
            bar.Task.StopTask();
            _bars.Remove(progress.Transfer);
            _rates.TryRemove(bar.Task.Id, out _);
        }
    }

    private Bar Begin(ProgressContext drawn, TransferProgress progress, TransferRate rate)
    {
        var name = Escaping.Printable(progress.Name);
        if (name.Length > NameCharsMax) name = "..." + name[^(NameCharsMax - 3)..];
        var task = drawn.AddTask(Markup.Escape(name), maxValue: progress.TotalBytes ?? long.MaxValue);
        task.IsIndeterminate = progress.TotalBytes is null;
        _rates[task.Id] = rate;
        return _bars[progress.Transfer] = new Bar(task);
    }

    private string RateOf(ProgressTask task) => Of(task)?.BytesPerSecond is { } rate ? $"{ByteSize.Of(rate)}/s" : "";

    private string LeftOf(ProgressTask task) =>
        !task.IsIndeterminate && Of(task)?.Left((long)task.MaxValue) is { } left ? $"{ByteSize.Of(left)} left" : "";

    private TransferRate? Of(ProgressTask task) => _rates.GetValueOrDefault(task.Id);

    private sealed class Bar(ProgressTask task)
    {
        public ProgressTask Task { get; } = task;

        public long Told { get; set; }
    }

    /// <summary>A column that is a text.</summary>
    private sealed class Figure(Func<ProgressTask, string> of) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(of(task));
    }
}
