using System.Diagnostics;
using ActorSock.Benchmarks.Uploads;

namespace ActorSock.Benchmarks.Native;

/// <summary>Runs a client that is a program of its own, from its start to its end, and tells what it took.</summary>
/// <param name="home">stands in for the user's home: what it remembers stays there</param>
/// <param name="interrupted">kills it</param>
internal sealed class ClientProcess(string home, CancellationToken interrupted)
{
    // The shell becomes the client. What it says goes to files: reading it would be work of ours while the clock runs.
    private const string IntoFiles = """out=$1; shift; exec "$@" >"$out" 2>"$out.err" """;

    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(10);

    /// <summary>What it wrote to standard output, the last time.</summary>
    public string Output { get; } = Path.Combine(home, "output");

    /// <exception cref="InvalidOperationException">its exit code was not 0</exception>
    public Sent Run(params string[] command)
    {
        interrupted.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo("/bin/sh", ["-c", IntoFiles, "sh", Output, .. command]);
        foreach (var variable in (string[])["HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"])
            start.Environment[variable] = home;
        var (cpu, begun) = (LibC.ChildrenCpu, Stopwatch.GetTimestamp());
        using var process = Process.Start(start)!;
        using var end = interrupted.Register(() => Kill(process));
        var peak = 0L;
        while (!process.WaitForExit(s_betweenLooks))
            peak = Math.Max(peak, ResidentPeak(process.Id));
        var wall = Stopwatch.GetElapsedTime(begun);
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"{string.Join(' ', command)}: exit code {process.ExitCode}: {File.ReadAllText(Output + ".err").Trim()}");
        return new Sent(wall, new Sent.Use(LibC.ChildrenCpu - cpu, peak));
    }

    private static void Kill(Process process)
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }

    // wait4(2) would tell exactly, but counts what this process held when it started the other one.
    private static long ResidentPeak(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
        }
        catch (IOException)
        {
            return 0; // it has just ended
        }
    }
}
