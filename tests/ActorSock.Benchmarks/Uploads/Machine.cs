namespace ActorSock.Benchmarks.Uploads;

/// <summary>The machine as a whole.</summary>
internal static class Machine
{
    private const double TicksPerSecond = 100; // USER_HZ: 100 wherever Linux speaks to programs

    /// <summary>CPU time so far of everything that runs on it, the kernel's own threads included.</summary>
    public static TimeSpan Busy
    {
        get
        {
            // cpu  user nice system idle iowait irq softirq steal guest guest_nice; guests are in user already
            var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(7)
                .Select(long.Parse).ToList();
            return TimeSpan.FromSeconds((ticks.Sum() - ticks[3] - ticks[4]) / TicksPerSecond);
        }
    }

    public static string Description
    {
        get
        {
            var model = File.ReadLines("/proc/cpuinfo")
                .FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
            var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
            return $"{Environment.ProcessorCount} processors ({model?.Split(':')[1].Trim() ?? "unknown"}), {memory:0} GiB, "
                + $"{Environment.OSVersion}, .NET {Environment.Version}";
        }
    }
}
