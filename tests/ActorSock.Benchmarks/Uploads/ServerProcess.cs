using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ActorSock.Benchmarks.Uploads;

/// <summary>A server in a process of its own, so that its memory and CPU time can be told from the client's.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    // The shell becomes the server. Its log goes to a file: reading it would be work of ours while the clock runs.
    private const string IntoLog = """log=$1; shift; exec "$@" 2>"$log" """;

    private readonly Process _process;
    private readonly string _log;

    private readonly string _ready;

    private ServerProcess(Process process, string log, string ready) => (_process, _log, _ready) = (process, log, ready);

    /// <summary>Where it takes files.</summary>
    public int Port => PortOf("transfer");

    /// <summary>The port of a service, by the name in the line that said that the server was ready.</summary>
    public int PortOf(string service) => int.Parse(Port_().Matches(_ready).First(match => match.Groups[1].Value == service).Groups[2].Value);

    /// <summary>User and system time so far.</summary>
    public TimeSpan Cpu => Refreshed().TotalProcessorTime;

    /// <summary>Resident memory now, in bytes.</summary>
    public long Resident => Status("VmRSS");

    /// <summary>The most resident memory so far, in bytes.</summary>
    public long ResidentPeak => Status("VmHWM");

    /// <summary>Our node, from the solution's build unless the options name another.</summary>
    public static ServerProcess Node(string folder, UploadOptions options) => Start(folder,
    [
        Executable(options), "serve", "--root", folder, "--set", "actorsock.transfer.endpoint=127.0.0.1:0",
        .. s_others.SelectMany(key => (string[])["--set", $"actorsock.{key}=off"]),
        .. options.Settings.SelectMany(s => (string[])["--set", s]),
    ]);

    private static readonly string[] s_others =
        ["title.endpoint", "title.udp-endpoint", "greeter.endpoint", "greeter.udp-endpoint", "chat.udp-endpoint"];

    /// <summary>Plain loops that answer with title case, and the yardstick for uploads.</summary>
    public static ServerProcess Loop(string folder, bool threads) =>
        Start(folder, [Environment.ProcessPath!, "loop", threads ? "threads" : "async", folder]);

    public static ServerProcess Yardstick(string folder) =>
        Start(folder, [Environment.ProcessPath!, "yardstick", "0", folder]);

    public static ServerProcess RenamingYardstick(string folder) =>
        Start(folder, [Environment.ProcessPath!, "yardstick", "0", folder, "renames"]);

    /// <summary>The program that is the node, and its clients.</summary>
    public static string Executable(UploadOptions options)
    {
        if (options.NodeExecutable is { } told)
            return told;
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorSock.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no ActorSock.sln above the benchmarks");
        var file = Path.Combine(folder.FullName, "src", "ActorSock.Cli", "bin", "Release", "net10.0", "actorsock");
        return File.Exists(file) ? file : throw new FileNotFoundException("build the solution first: dotnet build -c Release", file);
    }

    /// <summary>Kills it, if it still runs.</summary>
    public void End()
    {
        if (!_process.HasExited)
            _process.Kill();
    }

    public void Dispose()
    {
        End();
        _process.WaitForExit();
        _process.Dispose();
        // What a server says beside its lines about stored files is worth seeing.
        foreach (var line in File.ReadLines(_log).Where(l => !l.Contains(" INF ", StringComparison.Ordinal)))
            Console.Error.WriteLine(line);
    }

    private static ServerProcess Start(string folder, string[] command)
    {
        var log = folder + ".log";
        var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", IntoLog, "sh", log, .. command])
        {
            RedirectStandardOutput = true,
        })!;
        if (process.StandardOutput.ReadLine() is { } line && line.Contains("transfer=", StringComparison.Ordinal))
            return new ServerProcess(process, log, line);
        process.Kill();
        process.WaitForExit();
        throw new InvalidOperationException($"{command[0]} did not start: {File.ReadAllText(log)}");
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

    [GeneratedRegex(@"(\S+)=\w+://[^: ]+:(\d+)")]
    private static partial Regex Port_();
}
