using System.Diagnostics;

namespace ActorSock.EndToEnd.Tests.Disks;

/// <summary>Does something to system calls of a running node, for as long as it lives: strace is between the node and the system.</summary>
internal sealed class FailingCalls : IAsyncDisposable
{
    private readonly Process _strace;

    private FailingCalls(Process strace) => _strace = strace;

    /// <param name="node">it</param>
    /// <param name="calls">their names, with commas between</param>
    /// <param name="how">strace's word for it: "error=EIO", "signal=KILL:when=2"</param>
    /// <param name="paths">only those that are about one of these, or about what is open under it; none for all</param>
    public static Task<FailingCalls> In(RunningNode node, string calls, string how, params string[] paths) =>
        In(node, [(calls, how)], paths);

    /// <summary>The same with several kinds of calls.</summary>
    public static async Task<FailingCalls> In(RunningNode node, (string Calls, string How)[] all, params string[] paths)
    {
        string[] chosen = [.. paths.SelectMany(path => (string[])["-P", path])];
        var strace = Executable.Begin("strace", node.Folder, ["-f", "-p", $"{node.ProcessId}", "-o", "/dev/null", .. chosen,
            "-e", $"trace={string.Join(',', all.Select(each => each.Calls))}",
            .. all.SelectMany(each => (string[])["-e", $"inject={each.Calls}:{each.How}"])]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await strace.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Contains(" attached", StringComparison.Ordinal))
                return new FailingCalls(strace);
        }
        throw new InvalidOperationException($"strace has ended: {strace.ExitCode}");
    }

    /// <summary>The node is by itself again.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_strace.HasExited)
                RunningNode.Signal(_strace.Id, 15); // or it ends just now, with the node
            await _strace.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            _strace.Kill(); // it waits for a thread that has ended
            await _strace.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        _strace.Dispose();
    }
}
