namespace ActorSock.Benchmarks.Uploads;

/// <summary>A server that takes its turns, and what each gave.</summary>
internal sealed class Contestant : IDisposable
{
    private readonly ServerProcess _server;
    private readonly StoredFiles _stored;
    private readonly CancellationTokenRegistration _end;
    private TimeSpan _booked;

    private Contestant(string name, ServerProcess server, StoredFiles stored, CancellationToken interrupted) =>
        (Name, _server, _stored, _end) = (name, server, stored, interrupted.Register(server.End));

    /// <param name="Rate">MB/s or files/s</param>
    /// <param name="Cpu">the server's CPU seconds for each GB or 1,000 files, from the end of its turn before to the end of
    /// this one's checks: what it does when its clients are gone is in it</param>
    /// <param name="ClientCpu">CPU seconds of the clients while they sent</param>
    /// <param name="OtherCpu">what else the machine was busy with in that time: kernel threads, strangers</param>
    /// <param name="Files">from header to verdict, each file</param>
    public sealed record Turn(double Rate, double Cpu, double ClientCpu, double OtherCpu, TimeSpan[] Files);

    public string Name { get; }

    public List<Turn> Turns { get; } = [];

    /// <summary>The most resident memory of the process since it started, in MiB (VmHWM).</summary>
    public double PeakMiB { get; private set; }

    public static Contestant Start(
        string name, Scenario scenario, Scratch scratch, Func<string, ServerProcess> server, CancellationToken interrupted)
    {
        // An empty folder for each scenario: what a journal remembers of the one before is no part of this one.
        var folder = scratch.Folder($"{scenario.Name}-{name.Replace(' ', '-')}");
        return new Contestant(name, server(folder), new StoredFiles(folder, scratch.Folder("aside")), interrupted);
    }

    /// <summary>Takes a turn; every stored file is checked when the clock has stopped.</summary>
    public Turn Take(Scenario scenario, SourceFiles sources)
    {
        LoadClient.Result sent;
        TimeSpan mine, its, all;
        using (new HeldMemory(scenario.Bytes))
        {
            (mine, its, all) = (Environment.CpuUsage.TotalTime, _server.Cpu, Machine.Busy);
            sent = LoadClient.Run(_server.Port, scenario.Clients, scenario.Files, sources);
            (mine, its, all) = (Environment.CpuUsage.TotalTime - mine, _server.Cpu - its, Machine.Busy - all);
        }
        _stored.Check(scenario, sources);
        _stored.PutAway();
        var cpu = _server.Cpu - _booked;
        _booked += cpu;
        PeakMiB = _server.ResidentPeak / (double)(1 << 20);
        return new Turn(scenario.Rate(sent.Wall.TotalSeconds), scenario.CpuShare(cpu), mine.TotalSeconds,
            Math.Max(0, (all - its - mine).TotalSeconds), sent.Files);
    }

    public void Dispose()
    {
        _end.Dispose();
        _server.Dispose();
    }
}
