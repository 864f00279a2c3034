using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests.Terminals;

/// <summary>The real executable on a real pseudo-terminal, with somebody who types and looks.</summary>
internal sealed class TerminalSession : IAsyncDisposable
{
    private const int SigUsr1 = 10; // Linux

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _bridge;
    private readonly Task _drawing;
    private readonly int _other;

    private TerminalSession(Process bridge, int columns, int other, int processId)
    {
        (_bridge, _other, ProcessId) = (bridge, other, processId);
        Paper = new PaperTerminal(columns);
        _drawing = Task.Run(Draw);
    }

    /// <summary>What is seen.</summary>
    public PaperTerminal Paper { get; }

    /// <summary>Of the program on the terminal.</summary>
    public int ProcessId { get; }

    public static Task<TerminalSession> Start(params string[] args) => Start([("TERM", "xterm")], 80, 30, args);

    public static async Task<TerminalSession> Start(
        (string Name, string Value)[] environment, int columns, int other, params string[] args)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Clients", "on_terminal.py");
        var bridge = Executable.BeginWith(environment, Python.Interpreter!, AppContext.BaseDirectory,
            [script, $"{columns}", $"{other}", Executable.Path, .. args]);
        var processId = int.Parse((await bridge.StandardError.ReadLineAsync().WaitAsync(s_patience))!, null);
        return new TerminalSession(bridge, columns, other, processId);
    }

    public async Task Type(params string[] keys)
    {
        await _bridge.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(keys)));
        await _bridge.StandardInput.BaseStream.FlushAsync();
    }

    /// <summary>Makes the window as wide as was told at the start.</summary>
    public void Resize()
    {
        Paper.Resize(_other);
        kill(_bridge.Id, SigUsr1).ShouldBe(0);
    }

    public void Signal(int signal) => kill(ProcessId, signal).ShouldBe(0);

    /// <summary>Waits until the line at the bottom looks so, with a bar where the cursor is.</summary>
    public Task UntilEdited(string line) => Until(() => Paper.Edited == line, line);

    /// <summary>Waits until a row looks so.</summary>
    public Task UntilShown(string row) => Until(() => Paper.Rows.Contains(row), row);

    /// <summary>Waits until the program has ended; its exit code, and whether the terminal is as it was.</summary>
    public async Task<(int ExitCode, bool IsRestored)> UntilEnded()
    {
        var restored = await _bridge.StandardError.ReadToEndAsync().WaitAsync(s_patience);
        await _bridge.WaitForExitAsync().WaitAsync(s_patience);
        await _drawing.WaitAsync(s_patience);
        return (_bridge.ExitCode, restored == "restored\n");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_bridge.HasExited)
        {
            _ = kill(ProcessId, 9);
            await _bridge.WaitForExitAsync().WaitAsync(s_patience);
        }
        _bridge.Dispose();
        await Paper.DisposeAsync();
    }

    private async Task Until(Func<bool> condition, string what)
    {
        for (var patience = Stopwatch.StartNew(); !condition(); await Task.Delay(5))
        {
            if (_drawing.IsFaulted) await _drawing;
            if (patience.Elapsed > s_patience)
                throw new TimeoutException($"never seen: {what}\n{string.Join('\n', Paper.Rows)}\nat {Paper.Edited}");
        }
    }

    private async Task Draw()
    {
        var drawn = new byte[4096];
        while (await _bridge.StandardOutput.BaseStream.ReadAsync(drawn) is > 0 and var count)
            Paper.Write(drawn.AsSpan(0, count));
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
