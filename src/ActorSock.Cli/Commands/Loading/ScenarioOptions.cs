using System.CommandLine;
using System.Globalization;
using ActorSock.Load.Scenarios;

namespace ActorSock.Cli.Commands.Loading;

/// <summary>The options that say what a load test does; each is a key of a scenario, and <c>hocon/load.conf</c> explains it.</summary>
internal sealed class ScenarioOptions
{
    private static readonly (string Option, string Key, string HelpName, string Description)[] s_keys =
    [
        ("--connections", "connections", "N", "Connections that behave"),
        ("--size", "size", "SIZE", "How large files are: 4KiB, 1KiB..1MiB, lognormal:MEDIAN:SIGMA:MAX, or SIZE:WEIGHT,SIZE:WEIGHT"),
        ("--rate", "rate", "N|max", "Files a second, by schedule: latency counts from when a file was due; max: as fast as they are answered"),
        ("--arrivals", "arrivals", "even|random", "How the files of a rate come"),
        ("--duration", "duration", "TIME|off", "How long files are begun"),
        ("--files", "files", "N", "How many files are begun"),
        ("--bytes", "bytes", "SIZE", "How many bytes are begun"),
        ("--ramp-up", "ramp-up", "TIME", "Open the connections over this time"),
        ("--think", "think", "TIME", "How long a connection waits between an answer and the next file"),
        ("--dialect", "dialect", string.Join('|', Words.Dialects.Keys), "What is spoken"),
        ("--pipeline", "pipeline", "N", "native: files of a connection that may be unanswered"),
        ("--timeout", "timeout", "TIME", "How long a file may take"),
        ("--rude", "rude.percent", "PERCENT", "Connections that misbehave, for each 100 that behave"),
        ("--rude-kinds", "rude.kinds", "KIND,...", $"How: {string.Join(", ", Words.RudeKinds.Keys)}"),
        ("--disturbance-max", "rude.disturbance-max", "FACTOR", "How much the rude may raise the 99th percentile of the others"),
        ("--seed", "seed", "N", "What sizes, contents and arrivals are made from"),
    ];

    private readonly Option<string> scenario = new("--scenario")
    {
        Description = "default, small, large, mixed, idle, or one of --config; the options below win over it",
        HelpName = "NAME",
    };

    private readonly Option<string> config = new("--config")
    {
        Description = "Scenarios in HOCON or JSON: actorsock.load.NAME { connections = 4 }",
        HelpName = "FILE",
    };

    private readonly List<(Option<string> Option, string Key)> options =
        [.. s_keys.Select(each => (OptionOf(each.Option, each.HelpName, each.Description), each.Key))];

    private static Option<string> OptionOf(string name, string helpName, string description)
    {
        var option = new Option<string>(name) { HelpName = helpName, Description = description };
        if (helpName.StartsWith("TIME", StringComparison.Ordinal))
        {
            option.Validators.Add(given =>
            {
                // In a file it would be milliseconds, as in all settings; a person means seconds.
                if (double.TryParse(given.GetValueOrDefault<string>(), CultureInfo.InvariantCulture, out var number) && number != 0)
                    given.AddError($"{name} {number.ToString(CultureInfo.InvariantCulture)}: it has no unit: write 500us, 50ms or 5s");
            });
        }
        return option;
    }

    public void AddTo(Command command)
    {
        command.Options.Add(scenario);
        command.Options.Add(config);
        foreach (var (option, _) in options) command.Options.Add(option);
    }

    /// <summary>The scenario that was told.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="rate">The rate, when no option tells another; null for that of the scenario.</param>
    /// <exception cref="ScenarioException">Something is wrong with it.</exception>
    public Scenario Of(ParseResult parsed, string? rate)
    {
        var told = options.Where(each => parsed.GetResult(each.Option) is not null)
            .ToDictionary(each => each.Key, each => parsed.GetValue(each.Option) ?? "");
        // Who counts files or bytes means all of them, however long it takes.
        if (told.ContainsKey("files") || told.ContainsKey("bytes")) told.TryAdd("duration", "off");
        if (rate is not null && told.GetValueOrDefault("rate") is null or "max") told["rate"] = rate;
        return ScenarioFile.Read(parsed.GetValue(scenario), parsed.GetValue(config), [.. told]);
    }
}
