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
            if (binder.Add(setting, value) is not { } why) continue;
            // Where the section is no section, that is told once for all its keys, by others.
            var section = root.Find(setting.Section) ?? root.Find(Setting.Root);
            if (value is not null || section is null or HoconObject)
                binder.problems.Add(new SettingsProblem(setting.Key, value?.Shown(), why, value?.Source()));
            if (binder.Add(setting, SettingsLayers.ReferenceValues.Find(setting.Key)) is { } own)
                throw new InvalidOperationException($"{SettingsLayers.ReferenceName}: {setting.Key} {own}");
        }
        return binder;
    }

    /// <summary>Tells what is wrong with a value, or makes it bindable.</summary>
    private string? Add(Setting setting, HoconValue? value)
    {
        var (key, allowed) = (setting.BindingKey, setting.Allowed);
        if (allowed.MayBeOff && value is HoconScalar { Text: AllowedAttribute.Off })
        {
            bindable[key] = null;
            return null;
        }
        if (value is HoconArray { Count: > 0 } list && allowed.MayBeList)
        {
            var wrong = list.Select((item, i) => Add($"{key}:{i}", allowed, item)).FirstOrDefault(IsProblem);
            for (var i = 0; i < list.Count && IsProblem(wrong); i++) bindable.Remove($"{key}:{i}");
            return wrong;
        }
        return Add(allowed.MayBeList ? $"{key}:0" : key, allowed, value);
    }

    private static bool IsProblem(string? why) => why is not null;

    private string? Add(string bindingKey, AllowedAttribute allowed, HoconValue? value)
    {
        if (value is null) return $"has no value: must be {allowed.Allowed}";
        if (value is HoconNull or not HoconScalar) return $"must be {allowed.Allowed}";
        if (!allowed.TryRead(value.GetString(), out var text, out var why)) return why;
        bindable[bindingKey] = text;
        return null;
    }
}
