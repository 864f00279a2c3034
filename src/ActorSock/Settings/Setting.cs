using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace ActorSock.Settings;

/// <summary>
/// One key of <c>actorsock { }</c>: its name, what it may be, and where it is in the records.
/// </summary>
/// <param name="Key">The key in full: <c>actorsock.connections.header-deadline</c>.</param>
/// <param name="BindingKey">The same for the configuration binder: <c>Connections:HeaderDeadline</c>.</param>
/// <param name="Allowed">What it may be.</param>
/// <param name="Of">Its value in given settings.</param>
internal sealed record Setting(
    string Key, string BindingKey, AllowedAttribute Allowed, Func<NodeSettings, object?> Of)
{
    /// <summary>The key of the section that it is in.</summary>
    public string Section => Key[..Key.LastIndexOf('.')];

    /// <summary>The section that all are in.</summary>
    public const string Root = "actorsock";

    /// <summary>All of them, as the records declare them.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        .. from place in Places
           let allowed = place.Property.GetCustomAttribute<AllowedAttribute>()
           where allowed is not null
           select new Setting(place.Key, place.BindingKey, allowed, place.Of),
    ];

    /// <summary>The keys of the sections, <see cref="Root"/> among them.</summary>
    public static IReadOnlySet<string> Sections { get; } =
        All.Select(setting => setting.Section).Append(Root).ToHashSet();

    /// <summary>The settings by their keys.</summary>
    public static IReadOnlyDictionary<string, Setting> ByKey { get; } =
        All.ToDictionary(setting => setting.Key);

    /// <summary>One property of the records that is no section.</summary>
    internal sealed record Place(PropertyInfo Property, string Key, string BindingKey, Func<NodeSettings, object?> Of);

    internal static IEnumerable<Place> Places => In(typeof(NodeSettings), Root, "", settings => settings);

    private static IEnumerable<Place> In(
        Type section, string key, string bindingKey, Func<NodeSettings, object?> of)
    {
        foreach (var property in section.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name;
            var (itsKey, itsBindingKey) = ($"{key}.{Kebab(name)}", bindingKey + name);
            object? Value(NodeSettings settings) => property.GetValue(of(settings));
            if (property.IsDefined(typeof(AllowedAttribute)) || property.IsDefined(typeof(NamedAttribute)))
                yield return new Place(property, itsKey, itsBindingKey, Value);
            else
                foreach (var place in In(property.PropertyType, itsKey, itsBindingKey + ":", Value))
                    yield return place;
        }
    }

    /// <summary>HeaderDeadline to header-deadline.</summary>
    internal static string Kebab(string name) => string.Concat(name.Select((letter, at) =>
        at > 0 && char.IsAsciiLetterUpper(letter) ? $"-{char.ToLowerInvariant(letter)}"
            : $"{char.ToLowerInvariant(letter)}"));
}
