using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorSock.EndToEnd.Tests;

/// <summary>A node in a process of its own, in a folder of its own.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log;
    private bool _leavesFolder;

    private RunningNode(Process process, StringBuilder log, string folder, string ready)
    {
        (_process, _log, Folder, Ready) = (process, log, folder, ready);
        Port = PortOf("transfer");
    }

    public string Folder { get; }

    public string Inbox => Path.Combine(Folder, "inbox");

    /// <summary>The line that the node printed when every listener was bound.</summary>
    public string Ready { get; }

    public int Port { get; }

    /// <summary>The port of a listener, by its name in the tree.</summary>
    public int PortOf(string listener)
    {
        var where = Ready.Split(' ').Single(word => word.StartsWith($"{listener}=", StringComparison.Ordinal));
        return int.Parse(where[(where.LastIndexOf(':') + 1)..]);
    }

    public int ProcessId => _process.Id;

    public int ExitCode => _process.ExitCode;

    /// <summary>Standard error so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public static Task<RunningNode> Start(params string[] more) => StartIn(Directory.CreateTempSubdirectory("as-e2e-").FullName, more);

    /// <summary>Starts in a folder that may have a history.</summary>
    public static Task<RunningNode> StartIn(string folder, params string[] more) =>
        Begin(folder, Executable.Begin(Executable.Path, folder, [.. Serve, .. more]));

    /// <summary>Starts in a folder that others look after: it stays when the node is gone.</summary>
    public static async Task<RunningNode> StartOn(string folder, params string[] more)
    {
        var node = await StartIn(folder, more);
        node._leavesFolder = true;
        return node;
    }

    /// <summary>The same for a node that is to die at a step of a commit, when it comes to it so many times.</summary>
    public static async Task<RunningNode> StartToDieOn(string folder, string step, int count, params string[] more)
    {
        (string, string)[] fault = [("ACTORSOCK_FAULT", $"{step}:{count}")];
        var node = await Begin(folder, Executable.BeginWith(fault, Executable.Path, folder, [.. Serve, .. more]));
        node._leavesFolder = true;
        return node;
    }

    /// <summary>Starts with so many descriptors and no way to get more: the runtime raises a soft limit by itself.</summary>
    public static Task<RunningNode> StartWithDescriptors(int limit, params string[] more)
    {
        var folder = Directory.CreateTempSubdirectory("as-e2e-").FullName;
        return Begin(folder, Executable.Begin("/bin/sh", folder,
            ["-c", $"ulimit -S -n {limit} && ulimit -H -n {limit} && exec \"$0\" \"$@\"", Executable.Path, .. Serve, .. more]));
    }

    /// <summary>Starts under strace, which writes down what touches files and sockets.</summary>
    public static Task<RunningNode> StartTraced(params string[] more)
    {
        var folder = Directory.CreateTempSubdirectory("as-e2e-").FullName;
        // -D: the node is our child, strace is not in between. -yy: descriptors with what they stand for.
        string[] strace = ["-D", "-f", "--seccomp-bpf", "-yy", "-s", "20000", "-o", Path.Combine(folder, TraceFile), "-e", "trace=" +
            "openat,mkdirat,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,syncfs,linkat,renameat,renameat2,sendto,sendmsg"];
        return Begin(folder, Executable.Begin("strace", folder, [.. strace, Executable.Path, .. Serve, .. more]));
    }

    /// <summary>Starts under strace, which writes down what reads and writes one file.</summary>
    public static async Task<RunningNode> StartOnWatching(string folder, string file, string trace, params string[] more)
    {
        string[] strace = ["-D", "-f", "-o", trace, "-P", file, "-e", "trace=read,readv,pread64,preadv,preadv2,pwrite64,mmap"];
        var node = await Begin(folder, Executable.Begin("strace", folder, [.. strace, Executable.Path, .. Serve, .. more]));
        node._leavesFolder = true;
        return node;
    }

    private const string TraceFile = "trace.txt";

    private static readonly string[] Serve = ["serve", "--set", "actorsock.transfer.endpoint=127.0.0.1:0"];

    private static async Task<RunningNode> Begin(string folder, Process process)
    {
        var log = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
                log.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
        var ready = await process.StandardOutput.ReadLineAsync();
        if (ready is null)
        {
            await process.WaitForExitAsync();
            throw new InvalidOperationException($"the node did not start: exit {process.ExitCode}\n{log}");
        }
        return new RunningNode(process, log, folder, ready);
    }

    /// <summary>With which flags the node has a file open whose path ends so (proc(5), fdinfo).</summary>
    public int OpenFlags(string pathEnd)
    {
        var descriptor = Directory.GetFiles($"/proc/{ProcessId}/fd")
            .First(link => new FileInfo(link).LinkTarget?.EndsWith(pathEnd, StringComparison.Ordinal) == true);
        var flags = File.ReadLines($"/proc/{ProcessId}/fdinfo/{Path.GetFileName(descriptor)}").Single(line => line.StartsWith("flags:", StringComparison.Ordinal));
        return Convert.ToInt32(flags["flags:".Length..].Trim(), 8);
    }

    /// <summary>Sends a signal; false when there is no such process any more.</summary>
    public static bool Signal(int processId, int signal) => kill(processId, signal) == 0;

    public byte[] Stored(string name) => File.ReadAllBytes(Path.Combine(Inbox, name));

    /// <summary>A file to send.</summary>
    public string Source(string name, byte[] content)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "source")).FullName;
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>As pulling the plug does, for the process.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Waits until the node has ended by itself; gives the exit code: 128 and the signal that killed it.</summary>
    public async Task<int> UntilEnded()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the node still runs; the log says:\n{Log}");
        }
    }

    /// <summary>As an operator stops it; gives the exit code.</summary>
    public async Task<int> Terminate()
    {
        if (!Signal(_process.Id, 15))
            throw new InvalidOperationException("cannot signal the node");
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    /// <summary>All that strace has seen of a node that has ended.</summary>
    public async Task<string[]> Trace()
    {
        var path = Path.Combine(Folder, TraceFile);
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(10))
        {
            var lines = await File.ReadAllLinesAsync(path);
            if (Array.Exists(lines, SaysThatItEnded))
                return lines; // the ends of some threads may come behind it
        }
        throw new TimeoutException("strace has not ended");

        // A short number has blanks behind it.
        bool SaysThatItEnded(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var id, "+++", ..] && id == $"{_process.Id}";
    }

    /// <summary>Waits for a file to be there in full: dialects without a last word leave nothing else to wait for.</summary>
    public async Task UntilStored(string name, long bytes)
    {
        var path = Path.Combine(Inbox, name);
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(10))
            if (new FileInfo(path) is { Exists: true } file && file.Length == bytes)
                return;
        throw new TimeoutException($"{name} was not stored; the log says:\n{Log}");
    }

    /// <summary>Waits until the part files have so many bytes together.</summary>
    public async Task UntilStaged(long bytes)
    {
        var staging = new DirectoryInfo(Path.Combine(Inbox, ".actorsock", "staging"));
        for (var patience = Stopwatch.StartNew(); staging.EnumerateFiles().Sum(part => part.Length) < bytes; await Task.Delay(10))
            if (patience.Elapsed > TimeSpan.FromSeconds(30))
                throw new TimeoutException($"no {bytes} bytes of uploads arrived; the log says:\n{Log}");
    }

    /// <summary>Waits until the log says so.</summary>
    public async Task UntilLogged(string words)
    {
        for (var patience = Stopwatch.StartNew(); !Log.Contains(words, StringComparison.Ordinal); await Task.Delay(10))
            if (patience.Elapsed > TimeSpan.FromSeconds(30))
                throw new TimeoutException($"not logged: {words}\n{Log}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await Kill();
        _process.Dispose();
        if (!_leavesFolder)
            Directory.Delete(Folder, recursive: true);
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
