using ActorSock.Hocon;

namespace ActorSock.Actors.Configuration;

/// <summary>Settings by path, in layers: what this one does not say, its fallback may.</summary>
/// <remarks>
/// Immutable and safe to share between threads. A path that leads nowhere, or to null, gives the caller's
/// default; a value that is something else than asked throws a <see cref="HoconException"/> with the place
/// where it was written. Substitutions are looked up when the first value is read, over all layers together,
/// so an error in one of them shows then.
/// </remarks>
public class Config
{
    /// <summary>A configuration that says nothing.</summary>
    public static readonly Config Empty = new();

    private readonly HoconDocument _layers;
    private readonly Lazy<HoconObject> _root;

    /// <summary>A configuration that says nothing.</summary>
    public Config() : this(HoconDocument.Empty, null)
    {
    }

    /// <summary><paramref name="source"/> laid over <paramref name="fallback"/>.</summary>
    public Config(Config source, Config? fallback)
        : this((source ?? throw new ArgumentNullException(nameof(source)))._layers, fallback)
    {
    }

    internal Config(HoconDocument own, Config? fallback = null)
    {
        _layers = fallback is null ? own : own.WithFallback(fallback._layers);
        Fallback = fallback;
        _root = new Lazy<HoconObject>(_layers.Resolve);
    }

    /// <summary>The layer below, or null when there is none.</summary>
    public Config? Fallback { get; }

    /// <summary>Whether no layer says anything.</summary>
    public virtual bool IsEmpty => _layers.IsEmpty;

    /// <summary>This configuration laid over another.</summary>
    public virtual Config WithFallback(Config? fallback)
    {
        if (fallback == this)
            throw new ArgumentException("a configuration cannot be its own fallback", nameof(fallback));
        if (fallback is null || fallback.IsEmpty)
            return this;
        return IsEmpty ? fallback : new Config(this, fallback);
    }

    /// <summary>Whether a path leads to a value other than null.</summary>
    public virtual bool HasPath(string path) => Find(path) is not null;

    /// <summary>The keys at the top, in the order in which they were written.</summary>
    internal IEnumerable<string> Keys => _root.Value.Keys;

    /// <summary>The object at a path as a configuration of its own, or null when there is none.</summary>
    public virtual Config? GetConfig(string path) => Find(path) switch
    {
        null => null,
        HoconObject inner => new Config(HoconDocument.Of(inner)),
        var other => throw new HoconException(other.Origin, $"expected an object but found {other.Kind}"),
    };

    /// <summary>Text.</summary>
    public virtual string? GetString(string path, string? @default = null) =>
        Find(path)?.GetString() ?? @default;

    /// <summary>True, yes, on, false, no or off.</summary>
    public virtual bool GetBoolean(string path, bool @default = false) =>
        Find(path)?.GetBoolean() ?? @default;

    /// <summary>A whole number.</summary>
    public virtual int GetInt(string path, int @default = 0) => Find(path)?.GetInt32() ?? @default;

    /// <summary>A whole number.</summary>
    public virtual long GetLong(string path, long @default = 0) => Find(path)?.GetInt64() ?? @default;

    /// <summary>A number.</summary>
    public virtual float GetFloat(string path, float @default = 0) =>
        (float?)Find(path)?.GetDouble() ?? @default;

    /// <summary>A number.</summary>
    public virtual double GetDouble(string path, double @default = 0) => Find(path)?.GetDouble() ?? @default;

    /// <summary>A number.</summary>
    public virtual decimal GetDecimal(string path, decimal @default = 0) =>
        Find(path)?.GetDecimal() ?? @default;

    /// <summary>
    /// A number of bytes such as <c>64KiB</c> or <c>10 MB</c>; bytes when there is no unit.
    /// </summary>
    public virtual long? GetByteSize(string path) => GetByteSize(path, null);

    /// <summary>
    /// A number of bytes such as <c>64KiB</c> or <c>10 MB</c>; bytes when there is no unit.
    /// </summary>
    public virtual long? GetByteSize(string path, long? def = null) => Find(path)?.GetSize() ?? def;

    /// <summary>
    /// A duration such as <c>10s</c>; milliseconds when there is no unit. <c>infinite</c> and <c>off</c> are
    /// <see cref="Timeout.InfiniteTimeSpan"/> where <paramref name="allowInfinite"/> says so.
    /// </summary>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        Find(path) switch
        {
            null => @default.GetValueOrDefault(),
            HoconScalar { Text: "infinite" or "off" } when allowInfinite => Timeout.InfiniteTimeSpan,
            var value => value.GetDuration(),
        };

    /// <summary>Texts in order; none when the path leads nowhere.</summary>
    public virtual IList<string> GetStringList(string path) => List(path, HoconConversions.GetString);

    /// <summary>Texts in order; <paramref name="defaultPaths"/> when the path leads nowhere.</summary>
    public virtual IList<string> GetStringList(string path, string[] defaultPaths) =>
        HasPath(path) ? GetStringList(path) : defaultPaths;

    /// <summary>Booleans in order; none when the path leads nowhere.</summary>
    public virtual IList<bool> GetBooleanList(string path) => List(path, HoconConversions.GetBoolean);

    /// <summary>Whole numbers in order; none when the path leads nowhere.</summary>
    public virtual IList<int> GetIntList(string path) => List(path, HoconConversions.GetInt32);

    /// <summary>Whole numbers in order; none when the path leads nowhere.</summary>
    public virtual IList<long> GetLongList(string path) => List(path, HoconConversions.GetInt64);

    /// <summary>Numbers in order; none when the path leads nowhere.</summary>
    public virtual IList<double> GetDoubleList(string path) => List(path, HoconConversions.GetDouble);

    /// <summary>Numbers in order; none when the path leads nowhere.</summary>
    public virtual IList<decimal> GetDecimalList(string path) => List(path, HoconConversions.GetDecimal);

    /// <summary>All of it as HOCON; what is wrong with it, when it cannot be resolved.</summary>
    public override string ToString()
    {
        try
        {
            return _root.Value.Render();
        }
        catch (HoconException e)
        {
            return $"# not resolved: {e.Message}";
        }
    }

    private HoconValue? Find(string path) =>
        _root.Value.Find(path) is { } value and not HoconNull ? value : null;

    private List<T> List<T>(string path, Func<HoconValue, T> convert) =>
        Find(path) is { } value ? [.. value.GetList().Select(convert)] : [];
}
