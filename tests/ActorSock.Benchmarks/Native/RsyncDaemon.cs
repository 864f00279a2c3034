using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorSock.Benchmarks.Uploads;

namespace ActorSock.Benchmarks.Native;

/// <summary>An rsync daemon on loopback, with one module, which is a folder.</summary>
internal sealed class RsyncDaemon : IDisposable
{
    private const double TicksPerSecond = 100; // USER_HZ: 100 wherever Linux speaks to programs

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10), s_betweenLooks = TimeSpan.FromMilliseconds(2);

    private readonly Process _process;
    private readonly CancellationTokenRegistration _end;
    private readonly int _port = FreePort();

    public RsyncDaemon(Bench bench)
    {
        var folder = bench.Scratch.Folder("rsync");
        Folder = Directory.CreateDirectory(Path.Combine(folder, "module")).FullName;
        var settings = Path.Combine(folder, "rsyncd.conf");
        File.WriteAllText(settings, $"""
            port = {_port}
            address = 127.0.0.1
            log file = {folder}/log
            use chroot = no
            uid = {LibC.UserId()}
            gid = {LibC.GroupId()}
            [module]
            path = {Folder}
            read only = no

            """);
        _process = Process.Start(Program!, ["--daemon", "--no-detach", $"--config={settings}"]);
        _end = bench.Interrupted.Register(End);
        try
        {
            Until(IsListening, "does not listen");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where rsync is; null when it is not installed.</summary>
    public static string? Program => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, "rsync")).FirstOrDefault(File.Exists);

    /// <summary>What the module holds.</summary>
    public string Folder { get; }

    public string Url => $"rsync://127.0.0.1:{_port}/module/";

    /// <summary>User and system time so far, with that of the processes that served its connections.</summary>
    public TimeSpan Cpu
    {
        get
        {
            // Their time is told when it has waited for them.
            Until(() => File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Length == 0, "still serves somebody");
            // Behind the name, which ends with the last ")": state ppid ... (proc(5)); utime stime cutime cstime are 14 to 17.
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return TimeSpan.FromSeconds(fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond);
        }
    }

    public void Dispose()
    {
        _end.Dispose();
        End();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void End()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
    }

    private bool IsListening()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Until(Func<bool> holds, string otherwise)
    {
        for (var begun = Stopwatch.GetTimestamp(); !holds();)
        {
            if (_process.WaitForExit(s_betweenLooks))
                throw new InvalidOperationException($"rsync --daemon has ended: exit code {_process.ExitCode}");
            if (Stopwatch.GetElapsedTime(begun) > s_patience)
                throw new TimeoutException($"rsync --daemon {otherwise}");
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
