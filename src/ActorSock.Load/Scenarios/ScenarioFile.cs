using ActorSock.Hocon;

namespace ActorSock.Load.Scenarios;

/// <summary>Reads scenarios: those that the program brings along, those of files, and what options say on top.</summary>
internal static class ScenarioFile
{
    private const string Root = "actorsock.load";
    private const string Default = "default";

    /// <summary>Reads one scenario.</summary>
    /// <param name="name">Which; null for the only one of <paramref name="file"/>, or the default.</param>
    /// <param name="file">A file in HOCON or JSON; null for those of the program alone.</param>
    /// <param name="options">What wins over it: keys as in a scenario, each with its value.</param>
    /// <exception cref="ScenarioException">There is no such scenario, or something in it is wrong.</exception>
    public static Scenario Read(string? name, string? file, IReadOnlyList<KeyValuePair<string, string>> options)
    {
        try
        {
            var shipped = Shipped();
            var own = file is null ? HoconDocument.Empty : HoconDocument.ParseFile(Path.GetFullPath(file));
            var all = Under(own.WithFallback(shipped).Resolve());
            name ??= OnlyOneOf(own, shipped, file) ?? Default;
            if (!all.TryGetValue(name, out var chosen) || chosen is not HoconObject scenario)
                throw new ScenarioException($"there is no scenario '{name}': there are {string.Join(", ", all.Keys.Order())}");
            var layers = HoconDocument.Of(scenario).WithFallback(HoconDocument.Of((HoconObject)all[Default]));
            foreach (var (key, value) in options)
                layers = HoconDocument.Of(HoconPath.Parse(key), new HoconString(value)).WithFallback(layers);
            return new ScenarioReader(layers.Resolve(), name).Read();
        }
        catch (HoconException wrong)
        {
            throw new ScenarioException(wrong.Message, wrong);
        }
    }

    private static string? OnlyOneOf(HoconDocument own, HoconDocument shipped, string? file)
    {
        if (file is null) return null;
        var known = Under(shipped.Resolve());
        var names = Under(own.WithFallback(shipped).Resolve()).Keys.Where(each => !known.ContainsKey(each)).ToList();
        return names.Count switch
        {
            0 => null,
            1 => names[0],
            _ => throw new ScenarioException($"'{file}' has several scenarios: say --scenario {string.Join(" or ", names.Order())}"),
        };
    }

    private static HoconObject Under(HoconObject root) => root.Find(Root) as HoconObject ?? HoconObject.Empty;

    private static HoconDocument Shipped()
    {
        using var stream = typeof(ScenarioFile).Assembly.GetManifestResourceStream("load.conf")
            ?? throw new InvalidOperationException("load.conf is not in the program");
        return HoconDocument.Parse(stream, "load.conf");
    }
}
