using Microsoft.Extensions.Configuration;

namespace ActorSock.Hocon;

/// <summary>Holds the keys and values of a HOCON document, and where each was written.</summary>
public sealed class HoconConfigurationProvider : ConfigurationProvider
{
    private readonly HoconConfigurationSource _source;
    private Dictionary<string, HoconOrigin> _origins = new(StringComparer.OrdinalIgnoreCase);

    internal HoconConfigurationProvider(HoconConfigurationSource source) => _source = source;

    /// <summary>
    /// Where the value of a key (<c>a:b:0</c>) was written; null when this document does not have it.
    /// </summary>
    public HoconOrigin? OriginOf(string key) => _origins.TryGetValue(key, out var origin) ? origin : null;

    /// <inheritdoc/>
    /// <exception cref="HoconException">The document cannot be read or resolved, or a value does not fit its
    /// property.</exception>
    public override void Load()
    {
        var flattening = new Flattening(_source);
        flattening.AddRoot(_source.Document().Resolve(_source.Environment));
        Data = flattening.Values;
        _origins = flattening.Origins;
    }
}
