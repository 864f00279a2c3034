using ActorSock.Hocon;

namespace ActorSock.Load.Scenarios;

/// <summary>Reads what a scenario says, and refuses what nobody knows.</summary>
internal sealed class ScenarioReader(HoconObject scenario, string name)
{
    private const int ConnectionsMax = 1_000_000;

    private readonly HashSet<string> _known = [];

    public Scenario Read()
    {
        var read = new Scenario
        {
            Name = name,
            Connections = (int)Whole("connections", 1, ConnectionsMax),
            Sizes = Sizes(),
            Rate = IsWord("rate", "max") ? null : Number("rate", 0.001, 10_000_000),
            RandomArrivals = OneOf("arrivals", new Dictionary<string, bool> { ["even"] = false, ["random"] = true }),
            Duration = IsWord("duration", "off") ? null : Time("duration"),
            Files = IsWord("files", "off") ? null : Whole("files", 1, long.MaxValue),
            Bytes = IsWord("bytes", "off") ? null : At("bytes").GetSize(),
            RampUp = Time("ramp-up"),
            Think = Time("think"),
            Dialect = OneOf("dialect", Words.Dialects),
            Pipeline = (int)Whole("pipeline", 1, 1024),
            Timeout = Time("timeout"),
            RudePercent = Number("rude.percent", 0, 1000),
            RudeKinds = Kinds(),
            DisturbanceMax = Number("rude.disturbance-max", 1, 1000),
            DisturbanceFloor = Time("rude.disturbance-floor"),
            Seed = (ulong)Whole("seed", 0, long.MaxValue),
        };
        RefuseUnknown(scenario, "");
        if (read.Duration is null && read.Files is null && read.Bytes is null)
            throw Wrong("duration", "files and bytes are off as well: it would never end");
        if (read.RudeConnections > 0 && read.Duration is null)
            throw Wrong("rude.percent", "rude clients need a duration: the first third of it is without them");
        return read;
    }

    private HoconValue At(string key)
    {
        _known.Add(key);
        return scenario.Find(key) ?? throw Wrong(key, "it is missing");
    }

    private bool IsWord(string key, string word) => At(key) is HoconScalar scalar && scalar.Text == word;

    private long Whole(string key, long min, long max)
    {
        var value = At(key).GetInt64();
        return value >= min && value <= max ? value : throw Wrong(key, $"allowed is {min} to {max}");
    }

    private double Number(string key, double min, double max)
    {
        var value = At(key).GetDouble();
        return value >= min && value <= max ? value : throw Wrong(key, $"allowed is {min} to {max}");
    }

    private TimeSpan Time(string key)
    {
        var value = At(key).GetDuration();
        return value >= TimeSpan.Zero && value <= TimeSpan.FromDays(365) ? value : throw Wrong(key, "allowed is 0s to 365d");
    }

    private T OneOf<T>(string key, IReadOnlyDictionary<string, T> words) =>
        words.TryGetValue(At(key).GetString(), out var value) ? value : throw Wrong(key, $"allowed is {string.Join(", ", words.Keys)}");

    private SizeDistribution Sizes() =>
        SizeDistribution.TryParse(At("size").GetString(), out var sizes, out var why) ? sizes : throw Wrong("size", why);

    private List<RudeKind> Kinds()
    {
        const string key = "rude.kinds";
        var words = At(key) is HoconScalar scalar ? scalar.Text.Split(',', StringSplitOptions.TrimEntries)
            : [.. At(key).GetList().Select(each => each.GetString())];
        return [.. words.Select(word => Words.RudeKinds.TryGetValue(word, out var kind) ? kind
            : throw Wrong(key, $"there is no '{word}': allowed is {string.Join(", ", Words.RudeKinds.Keys)}"))];
    }

    private void RefuseUnknown(HoconObject section, string prefix)
    {
        foreach (var (key, value) in section)
        {
            var full = prefix + key;
            if (value is HoconObject inner && _known.Any(each => each.StartsWith(full + ".", StringComparison.Ordinal)))
                RefuseUnknown(inner, full + ".");
            else if (!_known.Contains(full))
                throw Wrong(full, $"there is no such setting: there are {string.Join(", ", _known.Order())}");
        }
    }

    private ScenarioException Wrong(string key, string why)
    {
        var value = scenario.Find(key) is HoconScalar scalar ? $" = {scalar.Text}" : "";
        return new ScenarioException($"scenario {name}: {key}{value}: {why}");
    }
}
