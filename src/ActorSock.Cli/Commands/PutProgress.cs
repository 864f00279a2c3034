using System.CommandLine;
using ActorSock.Client;
using Spectre.Console;

namespace ActorSock.Cli.Commands;

/// <summary>Draws a bar for each file that takes longer than a glance, and wipes it in the end.</summary>
/// <remarks>It draws on standard error: standard output is for results.</remarks>
internal sealed class PutProgress
{
    private const long BytesWorthABar = 4 << 20;
    private static readonly TimeSpan between = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _terminal = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(Console.Error),
    });

    private PutProgress() { }

    /// <summary>Bars, when standard error is a terminal that can draw them; else null.</summary>
    public static PutProgress? OnTerminal(InvocationConfiguration console)
    {
        if (Console.IsErrorRedirected || console.Error != Console.Error) return null;
        var progress = new PutProgress();
        return progress._terminal.Profile.Capabilities is { Ansi: true, Interactive: true } ? progress : null;
    }

    /// <summary>Draws the bar of one file while it is sent.</summary>
    public Task<UploadOutcome> Show(
        string name, long size, Func<IProgress<long>?, Task<UploadOutcome>> send) =>
        size < BytesWorthABar
            ? send(null)
            : _terminal.Progress()
                .AutoClear(true)
                .Columns(
                    new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                    new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
                .StartAsync(context => send(new Bar(context.AddTask(Markup.Escape(name), maxValue: size))));

    // To work out the rate a bar remembers what it is told: telling it of each block would be wasted.
    private sealed class Bar(ProgressTask task) : IProgress<long>
    {
        private long _told;

        public void Report(long value)
        {
            if (value < task.MaxValue && TimeProvider.System.GetElapsedTime(_told) < between) return;
            _told = TimeProvider.System.GetTimestamp();
            task.Value = value;
        }
    }
}
