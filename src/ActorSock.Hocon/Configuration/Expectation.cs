using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace ActorSock.Hocon;

/// <summary>
/// What a settings class expects at a place of the tree: a type, or, on the way to the class, none yet.
/// </summary>
/// <param name="Type">The type of the property; null when nothing is known.</param>
/// <param name="Way">
/// Keys that still lead to the object of <paramref name="Type"/>; null or empty when it is here.
/// </param>
internal readonly record struct Expectation(Type? Type, ImmutableArray<string>? Way)
{
    private const string BindToWarns = "HoconConfigurationSource.BindTo warns its callers";

    /// <summary>What is expected for a field, or an element, of the value here.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = BindToWarns)]
    public Expectation Field(string key)
    {
        if (Type is null)
            return default;
        if (Way is [var next, ..] way)
            return next == key ? new Expectation(Type, way[1..]) : default;
        if (ItemOf(Type) is { } item)
            return new Expectation(item, null);
        foreach (var property in Type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (IsNamed(property, key))
                return new Expectation(Plain(property.PropertyType), null);
        }
        return default;
    }

    private static bool IsNamed(PropertyInfo property, string key)
    {
        var name = property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name;
        var joined = key.Replace("-", "", StringComparison.Ordinal);
        return name.Equals(key, StringComparison.OrdinalIgnoreCase)
            || name.Equals(joined, StringComparison.OrdinalIgnoreCase);
    }

    // The element of T[], List<T>, ISet<T>, ..., the value of a dictionary with any key; null for everything
    // else.
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = BindToWarns)]
    private static Type? ItemOf(Type type)
    {
        if (type == typeof(string))
            return null;
        var faces = type.GetInterfaces().Prepend(type);
        var sequence = faces.FirstOrDefault(face => Is(face, typeof(IEnumerable<>)));
        if (sequence?.GetGenericArguments() is not [var item])
            return null;
        return Plain(Is(item, typeof(KeyValuePair<,>)) ? item.GetGenericArguments()[1] : item);
    }

    private static bool Is(Type type, Type definition) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}
