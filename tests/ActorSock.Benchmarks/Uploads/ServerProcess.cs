using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ActorSock.Benchmarks.Uploads;

/// <summary>A server in a process of its own, so that its memory and CPU time can be told from the client's.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>User and system time so far.</summary>
    public TimeSpan Cpu => Refreshed().TotalProcessorTime;

    /// <summary>Resident memory now, in bytes.</summary>
    public long Resident => Status("VmRSS");

    /// <summary>The most resident memory so far, in bytes.</summary>
    public long ResidentPeak => Status("VmHWM");

    /// <summary>Our node, from the executable beside this one's build.</summary>
    public static ServerProcess Node(string folder, params string[] more) => Start(
        Executable(), ["serve", "--root", folder, "--set", "actorsock.transfer.endpoint=127.0.0.1:0", .. more]);

    public static ServerProcess Plain(string folder) => Start(Environment.ProcessPath!, ["yardstick", "0", folder]);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private static ServerProcess Start(string file, string[] args)
    {
        var process = Process.Start(new ProcessStartInfo(file, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, line) => Trouble(line.Data);
        process.BeginErrorReadLine();
        var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{file} did not start: see above");
        return new ServerProcess(process, int.Parse(PortOfTransfer().Match(line).Groups[1].Value));
    }

    /// <summary>What a server says beside its log lines of stored files is worth seeing.</summary>
    private static void Trouble(string? line)
    {
        if (line is not null && !line.Contains(" INF ", StringComparison.Ordinal))
            Console.Error.WriteLine(line);
    }

    private static string Executable()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorSock.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no ActorSock.sln above the benchmarks");
        var file = Path.Combine(folder.FullName, "src", "ActorSock.Cli", "bin", "Release", "net10.0", "actorsock");
        return File.Exists(file) ? file : throw new FileNotFoundException("build the solution first: dotnet build -c Release", file);
    }

    private Process Refreshed()
    {
        _process.Refresh();
        return _process;
    }

    private long Status(string key)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(key, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
    }

    [GeneratedRegex(@"transfer=tcp://[^:]+:(\d+)")]
    private static partial Regex PortOfTransfer();
}
