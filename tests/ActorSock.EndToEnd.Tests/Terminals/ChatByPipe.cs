using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace ActorSock.EndToEnd.Tests.Terminals;

/// <summary><c>actorsock chat --listen</c> with a program at either end.</summary>
internal sealed class ChatByPipe : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ChatByPipe(Process process, IPEndPoint address) => (_process, Address) = (process, address);

    public IPEndPoint Address { get; }

    public static async Task<ChatByPipe> Start(string listen = "127.0.0.1:0")
    {
        var process = Executable.Begin(Executable.Path, AppContext.BaseDirectory, "chat", "--listen", listen);
        var first = await process.StandardError.ReadLineAsync().WaitAsync(s_patience);
        first.ShouldNotBeNull().ShouldStartWith("listening on udp://");
        return new ChatByPipe(process, IPEndPoint.Parse(first.Split("//")[1]));
    }

    public UdpPeer Peer() => new(Address);

    public async Task Answer(params string[] lines)
    {
        foreach (var line in lines) await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync();
    }

    public void EndInput() => _process.StandardInput.Close();

    public void CloseOutput() => _process.StandardOutput.Close();

    public void Interrupt() => kill(_process.Id, 2).ShouldBe(0);

    public async Task<string?> Shown() => await _process.StandardOutput.ReadLineAsync().WaitAsync(s_patience);

    public async Task<string?> Remark() => await _process.StandardError.ReadLineAsync().WaitAsync(s_patience);

    public async Task<int> UntilEnded()
    {
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
