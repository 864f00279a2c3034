namespace ActorSock.Benchmarks.Uploads;

/// <summary>What is sent: so many clients, each with so many files of one size, one after the other.</summary>
internal sealed record Scenario(string Name, int Clients, int Files, int FileBytes)
{
    public static readonly IReadOnlyList<Scenario> All =
    [
        new("large", 8, 2, 128 << 20),
        new("medium", 16, 8, 8 << 20),
        new("small", 16, 500, 4096),
        new("alone", 1, 4, 128 << 20),
        new("many", 1000, 1, 1 << 20),
    ];

    public int FileCount => Clients * Files;

    public long Bytes => (long)FileCount * FileBytes;

    /// <summary>What file number <paramref name="number"/> over all clients is called.</summary>
    public string NameOf(int number) => $"c{number / Files}_f{number % Files}";

    /// <summary>Whether files, not bytes, are what takes the time.</summary>
    public bool CountsFiles => FileBytes <= 64 * 1024;

    /// <summary>Rounds that do not count. Small ones are over before the runtime has compiled what is hot.</summary>
    public int WarmRounds => CountsFiles ? 3 : 1;

    public string RateUnit => CountsFiles ? "files/s" : "MB/s";

    public string CpuUnit => CountsFiles ? "CPU s per 1,000 files" : "CPU s/GB";

    public string Title
    {
        get
        {
            var size = FileBytes < 1 << 20 ? $"{FileBytes >> 10} KiB" : $"{FileBytes >> 20} MiB";
            return $"{Name}: {Clients:N0} client{(Clients == 1 ? "" : "s")} × {Files} × {size}";
        }
    }

    /// <summary>MB/s or files/s.</summary>
    public double Rate(double seconds) => (CountsFiles ? FileCount : Bytes / 1e6) / seconds;

    /// <summary>CPU seconds for each GB, or for each 1,000 files.</summary>
    public double CpuShare(TimeSpan cpu) => cpu.TotalSeconds / (CountsFiles ? FileCount / 1e3 : Bytes / 1e9);
}
