using ActorSock.Benchmarks.Uploads;

namespace ActorSock.Benchmarks.Native;

/// <summary>A client that takes its turns, and what each gave.</summary>
/// <param name="name">as tables call it</param>
/// <param name="work">what it does in a turn</param>
/// <param name="serverCpu">CPU time of its server so far</param>
/// <param name="send">does it</param>
internal sealed class Rival(string name, Scenario work, Func<TimeSpan> serverCpu, Func<Task<Sent>> send)
{
    /// <param name="Seconds">from its start to the last answer</param>
    /// <param name="ClientCpu">CPU seconds of the client</param>
    /// <param name="ServerCpu">CPU seconds of the server to the end of the checks: what it does later is in it</param>
    /// <param name="PeakMiB">the most resident memory of the client, where it is a process of its own</param>
    public sealed record Turn(double Seconds, double ClientCpu, double ServerCpu, double? PeakMiB);

    public string Name => name;

    public Scenario Work => work;

    public List<Turn> Turns { get; } = [];

    /// <summary>Looks at what is stored and puts it away; throws when something is wrong with it.</summary>
    public Action Check { get; init; } = () => { };

    /// <summary>CPU time of threads in this process that belong to no client.</summary>
    public Func<TimeSpan> NotMine { get; init; } = () => TimeSpan.Zero;

    public async Task<Turn> TakeAsync()
    {
        var its = serverCpu();
        Sent sent;
        TimeSpan mine;
        var held = new HeldMemory(work.Bytes);
        using (held)
        {
            var before = Environment.CpuUsage.TotalTime - NotMine();
            sent = await send();
            mine = Environment.CpuUsage.TotalTime - NotMine() - before;
        }
        Check();
        return new Turn(sent.Wall.TotalSeconds, (sent.Process?.Cpu ?? mine - held.Cpu).TotalSeconds,
            (serverCpu() - its).TotalSeconds, sent.Process?.PeakBytes / (double)(1 << 20));
    }
}
