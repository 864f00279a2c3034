using System.Collections;
using System.Reflection;

namespace ActorSock.Settings;

/// <summary>One section with names of the operator's choice, and what each entry of it may have.</summary>
/// <param name="Key">The key of the section in full.</param>
/// <param name="BindingKey">The same for the configuration binder.</param>
/// <param name="Names">What its names may be, and which section has what an entry leaves out.</param>
/// <param name="Fields">What an entry may have.</param>
/// <param name="Of">The entries in given settings, by name.</param>
internal sealed record NamedSection(
    string Key, string BindingKey, NamedAttribute Names, IReadOnlyList<NamedSection.Field> Fields,
    Func<NodeSettings, IEnumerable<KeyValuePair<string, object>>> Of)
{
    /// <summary>One key of an entry.</summary>
    /// <param name="Name">The key: <c>time-limit</c>.</param>
    /// <param name="BindingKey">The same for the configuration binder.</param>
    /// <param name="Allowed">What it may be.</param>
    /// <param name="Of">Its value in a given entry.</param>
    public sealed record Field(string Name, string BindingKey, AllowedAttribute Allowed, Func<object, object?> Of);

    /// <summary>All of them by their keys.</summary>
    public static IReadOnlyDictionary<string, NamedSection> ByKey { get; } =
        Setting.Places.Where(place => place.Property.IsDefined(typeof(NamedAttribute))).Select(From)
            .ToDictionary(section => section.Key);

    /// <summary>The key of an entry's field, as an operator would write it.</summary>
    public string KeyOf(string name, string field) => $"{Key}.{new Hocon.HoconPath([name, field])}";

    private static NamedSection From(Setting.Place place)
    {
        var entry = place.Property.PropertyType.GetGenericArguments()[1];
        return new NamedSection(place.Key, place.BindingKey,
            place.Property.GetCustomAttribute<NamedAttribute>()!,
            [.. entry.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(FieldOf)],
            settings => Entries(place.Of(settings)));
    }

    private static Field FieldOf(PropertyInfo property) => new(Setting.Kebab(property.Name), property.Name,
        property.GetCustomAttribute<AllowedAttribute>()!, property.GetValue);

    private static IEnumerable<KeyValuePair<string, object>> Entries(object? dictionary)
    {
        foreach (var each in (IEnumerable)dictionary!)
        {
            var type = each.GetType();
            yield return new((string)type.GetProperty("Key")!.GetValue(each)!, type.GetProperty("Value")!.GetValue(each)!);
        }
    }
}
