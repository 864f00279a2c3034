using System.Diagnostics;

namespace ActorSock.EndToEnd.Tests.Talking;

/// <summary>A program that is spoken to line by line, while it runs.</summary>
internal sealed class Conversing : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private Conversing(Process process) => _process = process;

    public static Conversing With(string program, string folder, params string[] args) => new(Executable.Begin(program, folder, args));

    /// <summary><c>actorsock talk</c>, when it is in the chat.</summary>
    public static async Task<Conversing> Talk(RunningNode node, string name, params string[] more)
    {
        var talk = With(Executable.Path, node.Folder, ["talk", name, "--to", $"127.0.0.1:{node.PortOf(more.Contains("--tcp") ? "chat" : "chat-udp")}", .. more]);
        (await talk.Remark()).ShouldNotBeNull().ShouldStartWith($"{name} is in the chat of ");
        return talk;
    }

    public async Task Say(string line)
    {
        await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync();
    }

    public void EndInput() => _process.StandardInput.Close();

    public Task<string?> Hear() => _process.StandardOutput.ReadLineAsync().WaitAsync(s_patience);

    public Task<string?> Remark() => _process.StandardError.ReadLineAsync().WaitAsync(s_patience);

    public async Task<int> UntilEnded()
    {
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
