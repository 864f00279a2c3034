using System.CommandLine;
using System.Runtime.InteropServices;
using ActorSock.Logging;
using ActorSock.Settings;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock serve</c>: runs a node until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var options = new SettingsOptions();
        var command = new Command("serve", "Run a server node; SIGTERM or Ctrl-C lets it finish what is in flight and stop; once more, and it is cut");
        options.AddTo(command);
        command.SetAction((parsed, cancelled) => Run(options.Sources(parsed), parsed.InvocationConfiguration, cancelled));
        return command;
    }

    private static async Task<int> Run(SettingsSources sources, InvocationConfiguration console, CancellationToken cancelled)
    {
        var loaded = SettingsLoader.Load(sources);
        using var log = NodeLog.Open(loaded.Settings.Logging, TimeProvider.System);
        using var lines = new EventLog(log.Logger, loaded.Settings.Logging, TimeProvider.System);
        ServerNode node;
        try
        {
            node = await ServerNode.Start(loaded.Settings, loaded.EngineHocon, lines);
        }
        catch (IOException cannot)
        {
            log.CannotStart(cannot);
            await console.Error.WriteLineAsync(cannot.Message);
            return ExitCode.Unreachable;
        }
        catch (Exception failure) when (failure is not SettingsException)
        {
            log.CannotStart(failure);
            await console.Error.WriteLineAsync($"the node did not start: {failure.Message}: see its log");
            return ExitCode.Failed;
        }

        await using var _ = node;
        await console.Output.WriteLineAsync(ReadyLine(node));
        await console.Output.FlushAsync(CancellationToken.None);
        return await UntilStopped(node, console, cancelled);
    }

    /// <summary>The one line that scripts wait for: each listener by its name, with the port that it really has.</summary>
    private static string ReadyLine(ServerNode node) =>
        "ready " + string.Join(' ', node.Listeners.Select(listener => $"{listener.Name}={listener.Endpoint}"));

    private static async Task<int> UntilStopped(ServerNode node, InvocationConfiguration console, CancellationToken cancelled)
    {
        // The first signal is the command line's; who sends another one does not want to wait.
        var signals = 0;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, CutShort);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, CutShort);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancelled.Register(told.SetResult))
            await Task.WhenAny(told.Task, node.Completion);
        if (told.Task.IsCompleted)
            await node.Drain("a signal");
        try
        {
            await node.Completion;
            return ExitCode.Done;
        }
        catch (Exception failure)
        {
            await console.Error.WriteLineAsync($"the node has stopped: {failure.Message}: see its log, and start it again");
            return ExitCode.Failed;
        }

        void CutShort(PosixSignalContext signal)
        {
            signal.Cancel = true;
            if (Interlocked.Increment(ref signals) > 1)
                _ = node.Cut("another signal");
        }
    }
}
