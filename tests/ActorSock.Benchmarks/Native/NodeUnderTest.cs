using ActorSock.Benchmarks.Uploads;

namespace ActorSock.Benchmarks.Native;

/// <summary>A fresh node on an empty folder, which clients send to by turns.</summary>
internal sealed class NodeUnderTest : IDisposable
{
    private readonly CancellationTokenRegistration _end;
    private readonly string _aside;

    public NodeUnderTest(string name, Bench bench)
    {
        Root = bench.Scratch.Folder(name);
        _aside = bench.Scratch.Folder("aside");
        Process = ServerProcess.Node(Root, bench.Options);
        _end = bench.Interrupted.Register(Process.End);
    }

    /// <summary>Where it stores.</summary>
    public string Root { get; }

    public ServerProcess Process { get; }

    public int Port => Process.Port;

    public string Address => $"127.0.0.1:{Port}";

    public double PeakMiB => Process.ResidentPeak / (double)(1 << 20);

    /// <summary>What it stores in a folder; one for each folder.</summary>
    /// <param name="folder">under the root; empty for what lies there itself</param>
    public StoredFiles Stored(string folder = "") => new(Path.Combine(Root, folder), _aside);

    public void Dispose()
    {
        _end.Dispose();
        Process.Dispose();
    }
}
