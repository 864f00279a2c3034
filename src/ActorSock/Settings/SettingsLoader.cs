using ActorSock.Hocon;

namespace ActorSock.Settings;

/// <summary>Reads settings from all their sources, checks them, and binds them to records.</summary>
public static class SettingsLoader
{
    /// <summary>Loads the settings of a node.</summary>
    /// <exception cref="SettingsException">They are wrong; it tells all problems at once.</exception>
    public static LoadedSettings Load(SettingsSources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var unread = new List<SettingsProblem>();
        var document = SettingsLayers.Read(sources, unread);
        var root = Resolve(document, sources, unread);

        var binder = SettingsBinder.Bind(root);
        var settings = binder.Settings;
        var logging = Logging(settings.Logging, root, sources, out var noLogFile);
        SettingsProblem[] problems =
        [
            .. unread, .. UnknownKeys.In(root), .. binder.Problems, .. noLogFile,
            // Rules about several settings would speak of values that nobody meant.
            .. unread.Count == 0 ? Together(settings, root, binder.Problems) : [],
        ];
        if (problems.Length > 0) throw new SettingsException(problems);

        var engine = new HoconObject(root.Where(section => section.Key != Setting.Root));
        return new LoadedSettings(settings with { Logging = logging }, engine.Render(), [.. Keys(root)]);
    }

    private static HoconObject Resolve(
        HoconDocument document, SettingsSources sources, IReadOnlyList<SettingsProblem> unread)
    {
        try
        {
            return document.Resolve(name => sources.Environment.GetValueOrDefault(name) ?? Lost(name));
        }
        catch (HoconException wrong)
        {
            // What a substitution misses may well be in a file that could not be read.
            throw new SettingsException(
                unread.Count > 0 ? unread : [new SettingsProblem("", null, wrong.Message, null)], wrong);
        }
    }

    // Who writes actorsock.files = 5 takes away what others refer to; the complaint is to be about the 5.
    private static string? Lost(string key) => Setting.ByKey.ContainsKey(key)
        ? SettingsLayers.ReferenceValues.Find(key)?.Shown()
        : null;

    private static IEnumerable<SettingsProblem> Together(
        NodeSettings settings, HoconObject root, IReadOnlyList<SettingsProblem> broken) =>
        from problem in SettingsRules.CheckTogether(settings, key => broken.All(each => each.Key != key))
        let value = root.Find(problem.Key)
        select problem with { Value = value.Shown(), Origin = value.Source() };

    private static LoggingSettings Logging(
        LoggingSettings logging, HoconObject root, SettingsSources sources,
        out IEnumerable<SettingsProblem> problems)
    {
        const string key = "actorsock.logging.serilog";
        problems = [];
        if (logging.Serilog is null || File.Exists(Path.Combine(sources.WorkingFolder, logging.Serilog)))
            return logging;
        if (root.Find(key) is { } value && value.IsOverridden())
            problems = [new SettingsProblem(key, value.Shown(), "there is no such file", value.Source())];
        return logging with { Serilog = null };
    }

    private static IEnumerable<EffectiveKey> Keys(HoconObject section, params IEnumerable<string> above)
    {
        foreach (var (name, value) in section)
        {
            string[] path = [.. above, name];
            if (value is HoconObject { Count: > 0 } inner)
                foreach (var key in Keys(inner, path)) yield return key;
            else
                yield return new EffectiveKey(
                    $"{new HoconPath(path)}", value.Shown(), value.Source(), value.IsOverridden());
        }
    }
}
