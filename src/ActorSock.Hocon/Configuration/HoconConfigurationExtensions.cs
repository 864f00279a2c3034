using Microsoft.Extensions.Configuration;

namespace ActorSock.Hocon;

/// <summary>Adds HOCON to a configuration that is being built.</summary>
public static class HoconConfigurationExtensions
{
    /// <summary>Adds a file and what it includes.</summary>
    /// <param name="builder">The configuration that is being built.</param>
    /// <param name="path">The file; a relative path starts at the working directory of the process.</param>
    /// <param name="isOptional">Whether the file may be missing.</param>
    /// <param name="configure">Sets how keys and values are handed on.</param>
    public static IConfigurationBuilder AddHocon(
        this IConfigurationBuilder builder,
        string path,
        bool isOptional = false,
        Action<HoconConfigurationSource>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Add(builder, configure, Read);

        HoconDocument Read() =>
            isOptional && !File.Exists(path) ? HoconDocument.Empty : HoconDocument.ParseFile(path);
    }

    /// <summary>Adds a document, such as several that were laid over one another.</summary>
    public static IConfigurationBuilder AddHocon(
        this IConfigurationBuilder builder,
        HoconDocument document,
        Action<HoconConfigurationSource>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        return Add(builder, configure, () => document);
    }

    private static IConfigurationBuilder Add(
        IConfigurationBuilder builder,
        Action<HoconConfigurationSource>? configure,
        Func<HoconDocument> document)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var source = new HoconConfigurationSource { Document = document };
        configure?.Invoke(source);
        return builder.Add(source);
    }
}
