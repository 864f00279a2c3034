using ActorSock.Hocon;

namespace ActorSock.Settings;

/// <summary>Finds what the node would ignore although somebody wrote it.</summary>
internal static class UnknownKeys
{
    private static readonly IReadOnlyList<string> known = [.. Setting.Sections, .. Setting.ByKey.Keys, .. NamedSection.ByKey.Keys];

    public static IEnumerable<SettingsProblem> In(HoconObject root)
    {
        var beside = root.Where(each => !SettingsLayers.ReferenceValues.ContainsKey(each.Key))
            .Select(each => Beside(each.Key, each.Value)).OfType<SettingsProblem>();
        return root.TryGetValue(Setting.Root, out var settings)
            ? [.. beside, .. Under(Setting.Root, settings)]
            : beside;
    }

    /// <summary>What is beside <c>actorsock { }</c> is the engine's, or is there to be referred to: only what
    /// looks like a slip is a problem.</summary>
    private static SettingsProblem? Beside(string name, HoconValue value)
    {
        var isOption = value.Source() == SettingsLayers.SetOption;
        var key = isOption ? Leaf(name, value) : name;
        var near = isOption ? NearestKey.To($"{Setting.Root}.{key}", known) : null;
        near ??= NearestKey.To(name, SettingsLayers.ReferenceValues.Keys);
        return near is not null || isOption ? Unknown(key, value, near) : null;
    }

    private static IEnumerable<SettingsProblem> Under(string key, HoconValue value)
    {
        if (Setting.ByKey.ContainsKey(key)) return [];
        if (NamedSection.ByKey.TryGetValue(key, out var named))
            return value is HoconObject entries ? entries.SelectMany(each => Under(named, each.Key, each.Value)) : [];
        if (!Setting.Sections.Contains(key)) return [Unknown(key, value, NearestKey.To(key, known))];
        return value is HoconObject section
            ? section.SelectMany(each => Under($"{key}.{each.Key}", each.Value))
            : [new SettingsProblem(key, value.Shown(), "must be a section: keys in braces", value.Source())];
    }

    private static IEnumerable<SettingsProblem> Under(NamedSection section, string name, HoconValue entry) =>
        entry is not HoconObject fields ? [] : fields
            .Where(each => section.Fields.All(field => field.Name != each.Key))
            .Select(each => Unknown(section.KeyOf(name, each.Key), each.Value,
                NearestKey.To(section.KeyOf(name, each.Key), section.Fields.Select(field => section.KeyOf(name, field.Name)))));

    private static SettingsProblem Unknown(string key, HoconValue value, string? near) => new(key,
        value is HoconObject ? null : value.Shown(),
        near is null ? "unknown key" : $"unknown key: did you mean {near}?",
        value.Source());

    // --set transfer.endpoint=x is an object with one key.
    private static string Leaf(string name, HoconValue value) =>
        value is HoconObject { Count: 1 } inner
            ? Leaf($"{name}.{inner.Keys.First()}", inner.Values.First())
            : name;
}
