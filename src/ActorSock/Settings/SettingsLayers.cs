using System.Reflection;
using ActorSock.Hocon;

namespace ActorSock.Settings;

/// <summary>
/// Reads the layers of a configuration, lowest first; what cannot be read is told and left out.
/// </summary>
internal static class SettingsLayers
{
    /// <summary>What the reference is called in origins.</summary>
    public const string ReferenceName = "reference.conf";

    private const string RootOption = "--root";
    private const string EnvironmentPrefix = "ACTORSOCK__";

    /// <summary>What an option is called in origins.</summary>
    public const string SetOption = "--set";

    private static readonly HoconDocument reference = ReadReference();

    /// <summary>The lowest layer alone, resolved.</summary>
    public static HoconObject ReferenceValues { get; } = reference.Resolve(_ => null);

    /// <summary>Whether this names an option or a variable, and no file.</summary>
    public static bool IsOneLine(string source) => source is SetOption or RootOption
        || source.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>All layers over one another, unresolved.</summary>
    public static HoconDocument Read(SettingsSources sources, List<SettingsProblem> problems)
    {
        var fromLowest = Environment(sources, problems)
            .Concat(Files(sources, problems))
            .Concat(Overrides(sources, problems));
        return fromLowest.Aggregate(reference, (lower, higher) => higher.WithFallback(lower));
    }

    private static HoconDocument ReadReference()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(ReferenceName)
            ?? throw new InvalidOperationException($"{ReferenceName} is not in the assembly");
        using var reader = new StreamReader(stream);
        return HoconDocument.Parse(reader.ReadToEnd(), ReferenceName);
    }

    private static IEnumerable<HoconDocument> Environment(
        SettingsSources sources, List<SettingsProblem> problems)
    {
        foreach (var (name, value) in sources.Environment.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)) continue;
            var words = name[EnvironmentPrefix.Length..].ToLowerInvariant().Replace('_', '-').Split("--");
            if (words.All(word => word.Length > 0))
                yield return Single(new HoconPath([Setting.Root, .. words]), value, name);
            else
                problems.Add(new SettingsProblem(name, value, "names no setting", null));
        }
    }

    private static IEnumerable<HoconDocument> Files(SettingsSources sources, List<SettingsProblem> problems)
    {
        IReadOnlyList<string> files = sources.Files switch
        {
            { Count: > 0 } named => named,
            _ when File.Exists(InFolder(SettingsSources.DefaultFile)) => [SettingsSources.DefaultFile],
            _ => [],
        };
        foreach (var file in files)
        {
            HoconDocument read;
            try
            {
                read = HoconDocument.ParseFile(InFolder(file));
            }
            catch (HoconException wrong)
            {
                problems.Add(new SettingsProblem("", null, wrong.Message, null));
                continue;
            }
            yield return read;
        }

        // What is relative to the working folder is told as it was given, and not with the folder in front.
        string InFolder(string file) =>
            sources.WorkingFolder == "." ? file : Path.Combine(sources.WorkingFolder, file);
    }

    private static IEnumerable<HoconDocument> Overrides(
        SettingsSources sources, List<SettingsProblem> problems)
    {
        foreach (var each in sources.Overrides)
        {
            if (Override(each, problems) is { } read) yield return read;
        }
        if (sources.Root is { } root)
            yield return HoconDocument.Of(HoconPath.Parse("actorsock.files.root"), Plain(root, RootOption));
    }

    private static HoconDocument? Override(string text, List<SettingsProblem> problems)
    {
        var equals = text.IndexOf('=');
        var key = equals < 0 ? text : text[..equals].Trim();
        if (equals <= 0)
        {
            problems.Add(new SettingsProblem(text, null, "must be KEY=VALUE", SetOption));
            return null;
        }
        try
        {
            return Single(HoconPath.Parse(key), text[(equals + 1)..], SetOption);
        }
        catch (HoconException wrong)
        {
            problems.Add(new SettingsProblem(key, null, wrong.Problem, SetOption));
            return null;
        }
    }

    /// <summary>
    /// One setting of which the value needs no quotes: it is HOCON only when it looks like it.
    /// </summary>
    private static HoconDocument Single(HoconPath path, string value, string origin)
    {
        if (value is ['[' or '{' or '"', ..] || value.Contains("${", StringComparison.Ordinal))
        {
            try
            {
                return HoconDocument.Parse($"{path} = {value}", origin);
            }
            catch (HoconException)
            {
                // [::1]:7070 begins like a list. If it was meant as one, the setting's own rule refuses the
                // text.
            }
        }
        return HoconDocument.Of(path, Plain(value, origin));
    }

    private static HoconString Plain(string value, string origin) =>
        new(value, new HoconOrigin(origin, 0, 0));
}
