namespace ActorSock.Benchmarks.Uploads;

/// <summary>What the command line of <c>uploads</c> asks for.</summary>
internal sealed record UploadOptions
{
    public const string Usage = """
        uploads [large|medium|small|alone|many|all]... [options]
          --rounds N         rounds by turns after warm ones (5)
          --mib N            MiB of each file of the scenarios with large files, for a quick try
          --set KEY=VALUE    a setting of the node; may be repeated
          --node FILE        the node's executable, instead of the one that the solution built
          --folder FOLDER    where servers store (the temporary folder); it should be on a disk
        """;

    public IReadOnlyList<Scenario> Scenarios { get; init; } = Scenario.All;

    public int Rounds { get; init; } = 5;

    public string Folder { get; init; } = Path.GetTempPath();

    public string? NodeExecutable { get; init; }

    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <exception cref="FormatException">something is not what the usage says</exception>
    public static UploadOptions Parse(string[] args)
    {
        var options = new UploadOptions();
        var scenarios = new List<Scenario>();
        var settings = new List<string>();
        var mib = 0;
        var words = args.AsEnumerable().GetEnumerator();
        while (words.MoveNext())
        {
            var word = words.Current;
            switch (word)
            {
                case "--rounds": options = options with { Rounds = Count() }; break;
                case "--mib": mib = Count(); break;
                case "--set": settings.Add(Value()); break;
                case "--node": options = options with { NodeExecutable = Path.GetFullPath(Value()) }; break;
                case "--folder": options = options with { Folder = Path.GetFullPath(Value()) }; break;
                case "all": scenarios.AddRange(Scenario.All); break;
                default: scenarios.Add(Named(word)); break;
            }
        }
        var chosen = scenarios.Count == 0 ? options.Scenarios : scenarios.Distinct();
        return options with { Scenarios = [.. chosen.Select(Sized)], Settings = settings };

        string Value() => words.MoveNext() ? words.Current : throw new FormatException("an option misses its value");

        int Count() => int.TryParse(Value(), out var count) && count is > 0 and <= 1024
            ? count
            : throw new FormatException($"{words.Current} is not a number from 1 to 1024");

        Scenario Sized(Scenario plain) => mib == 0 || plain.CountsFiles ? plain : plain with { FileBytes = mib << 20 };
    }

    private static Scenario Named(string name) => Scenario.All.FirstOrDefault(s => s.Name == name)
        ?? throw new FormatException($"there is no scenario or option {name}");
}
