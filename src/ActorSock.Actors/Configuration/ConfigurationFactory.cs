using System.Reflection;
using ActorSock.Hocon;

namespace ActorSock.Actors.Configuration;

/// <summary>Makes configurations of HOCON text.</summary>
public class ConfigurationFactory
{
    private const string ReferenceResource = "reference.conf";

    /// <summary>A configuration that says nothing.</summary>
    public static Config Empty => Config.Empty;

    /// <summary>Reads HOCON.</summary>
    /// <exception cref="HoconException">The text is no HOCON.</exception>
    public static Config ParseString(string hocon) => new(HoconDocument.Parse(hocon, "hocon"));

    /// <summary>
    /// What the program's own file <c>app.conf</c> beside its assemblies says; an empty configuration when
    /// there is no such file.
    /// </summary>
    public static Config Load()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "app.conf");
        return File.Exists(path) ? new(HoconDocument.ParseFile(path)) : Empty;
    }

    /// <summary>The engine's own settings with their defaults: the lowest layer of every system.</summary>
    public static Config Default() => FromResource<ConfigurationFactory>(ReferenceResource);

    /// <summary>Reads an embedded resource of the assembly that holds a type.</summary>
    public static Config FromResource<TAssembly>(string resourceName) =>
        FromResource(resourceName, typeof(TAssembly).Assembly);

    /// <summary>Reads an embedded resource of the assembly that holds an object's type.</summary>
    public static Config FromResource(string resourceName, object instanceInAssembly)
    {
        ArgumentNullException.ThrowIfNull(instanceInAssembly);
        return instanceInAssembly switch
        {
            Assembly assembly => FromResource(resourceName, assembly),
            Type type => FromResource(resourceName, type.Assembly),
            _ => FromResource(resourceName, instanceInAssembly.GetType().Assembly),
        };
    }

    /// <summary>Reads an embedded resource.</summary>
    /// <exception cref="ArgumentException">The assembly has no such resource.</exception>
    /// <exception cref="HoconException">The resource is no HOCON.</exception>
    public static Config FromResource(string resourceName, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        using var stream = assembly.GetManifestResourceStream(resourceName)
            ?? throw new ArgumentException(
                $"{assembly.GetName().Name} has no embedded resource '{resourceName}'", nameof(resourceName));
        return new(HoconDocument.Parse(stream, resourceName));
    }
}
