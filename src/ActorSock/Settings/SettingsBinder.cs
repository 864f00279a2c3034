using System.Diagnostics;
using ActorSock.Hocon;
using Microsoft.Extensions.Configuration;

namespace ActorSock.Settings;

/// <summary>Turns the values of a configuration into records, by way of .NET's own binder.</summary>
internal sealed class SettingsBinder
{
    private readonly Dictionary<string, string?> bindable = [];
    private readonly List<SettingsProblem> problems = [];

    private SettingsBinder() { }

    /// <summary>Values that are no good.</summary>
    public IReadOnlyList<SettingsProblem> Problems => problems;

    /// <summary>The records. In place of what is no good they have the reference's value, so that everything
    /// else can be checked.</summary>
    public NodeSettings Settings =>
        new ConfigurationBuilder().AddInMemoryCollection(bindable).Build().Get<NodeSettings>()
        ?? throw new UnreachableException("nothing was bound");

    public static SettingsBinder Bind(HoconObject root)
    {
        var binder = new SettingsBinder();
        foreach (var setting in Setting.All)
        {
            var value = root.Find(setting.Key);
            if (binder.Add(setting.BindingKey, setting.Allowed, value) is not { } why) continue;
            // Where the section is no section, that is told once for all its keys, by others.
            var section = root.Find(setting.Section) ?? root.Find(Setting.Root);
            if (value is not null || section is null or HoconObject)
                binder.problems.Add(new SettingsProblem(setting.Key, value?.Shown(), why, value?.Source()));
            var meant = SettingsLayers.ReferenceValues.Find(setting.Key);
            if (binder.Add(setting.BindingKey, setting.Allowed, meant) is { } own)
                throw new InvalidOperationException($"{SettingsLayers.ReferenceName}: {setting.Key} {own}");
        }
        foreach (var section in NamedSection.ByKey.Values)
            binder.AddEntries(section, root);
        return binder;
    }

    private void AddEntries(NamedSection section, HoconObject root)
    {
        if (root.Find(section.Key) is not { } value) return;
        if (value is not HoconObject entries)
        {
            problems.Add(new SettingsProblem(section.Key, value.Shown(), "must be a section: names, each with keys in braces", value.Source()));
            return;
        }
        // To the configuration binder, keys that differ in case alone are one.
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, entry) in entries)
        {
            // A layer takes away what a lower one has; from the environment and --set "null" comes as text.
            if (entry is HoconScalar { Text: "null" }) continue;
            var why = section.Names.WrongWith(name) is { } wrong ? wrong
                : !names.Add(name) ? "differs from another name in upper and lower case alone"
                : entry is not HoconObject ? "must be a section: keys in braces" : null;
            if (why is null)
                AddEntry(section, name, (HoconObject)entry, root);
            else
                problems.Add(new SettingsProblem($"{section.Key}.{new HoconPath(name)}", null, why, entry.Source()));
        }
    }

    private void AddEntry(NamedSection section, string name, HoconObject entry, HoconObject root)
    {
        foreach (var (field, bindingKey, allowed, _) in section.Fields)
        {
            var own = entry.GetValueOrDefault(field);
            var shared = section.Names.Defaults is { } defaults ? $"{defaults}.{field}" : null;
            if (own is null && (allowed.Optional || problems.Any(each => each.Key == shared))) continue; // told there
            var value = own ?? (shared is null ? null : root.Find(shared));
            if (Add($"{section.BindingKey}:{name}:{bindingKey}", allowed, value) is { } why)
                problems.Add(new SettingsProblem(section.KeyOf(name, field), own?.Shown(), why, (own ?? entry).Source()));
        }
    }

    /// <summary>Tells what is wrong with a value, or makes it bindable.</summary>
    private string? Add(string key, AllowedAttribute allowed, HoconValue? value)
    {
        if (allowed.MayBeOff && value is HoconScalar { Text: AllowedAttribute.Off })
        {
            bindable[key] = null;
            return null;
        }
        if (value is HoconArray list && allowed.MayBeList && (list.Count > 0 || allowed.MayBeEmpty))
        {
            var wrong = list.Select((item, i) => AddOne($"{key}:{i}", allowed, item)).FirstOrDefault(IsProblem);
            for (var i = 0; i < list.Count && IsProblem(wrong); i++) bindable.Remove($"{key}:{i}");
            return wrong;
        }
        return AddOne(allowed.MayBeList ? $"{key}:0" : key, allowed, value);
    }

    private static bool IsProblem(string? why) => why is not null;

    private string? AddOne(string bindingKey, AllowedAttribute allowed, HoconValue? value)
    {
        if (value is null) return $"has no value: must be {allowed.Allowed}";
        if (value is HoconNull or not HoconScalar) return $"must be {allowed.Allowed}";
        if (!allowed.TryRead(value.GetString(), out var text, out var why)) return why;
        bindable[bindingKey] = text;
        return null;
    }
}
