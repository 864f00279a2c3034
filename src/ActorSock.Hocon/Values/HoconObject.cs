using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace ActorSock.Hocon;

/// <summary>Values by key, in the order in which the keys first appeared.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is named as the specification names it")]
public sealed class HoconObject : HoconValue, IReadOnlyDictionary<string, HoconValue>
{
    private readonly OrderedDictionary<string, HoconValue> _fields;

    /// <summary>Makes an object of these fields; of two with the same key the later one stays.</summary>
    public HoconObject(IEnumerable<KeyValuePair<string, HoconValue>> fields, HoconOrigin? origin = null)
        : this(Collected(fields), origin)
    {
    }

    private HoconObject(OrderedDictionary<string, HoconValue> fields, HoconOrigin? origin)
        : base(
            origin,
            depth: 1 + fields.Values.Select(value => value.Depth).DefaultIfEmpty().Max(),
            size: 1 + fields.Sum(field => field.Key.Length + field.Value.Size)) =>
        _fields = fields;

    /// <summary>An object without fields.</summary>
    public static HoconObject Empty { get; } = new([]);

    /// <inheritdoc/>
    public override string Kind => "an object";

    /// <inheritdoc/>
    public int Count => _fields.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _fields.Keys;

    /// <inheritdoc/>
    public IEnumerable<HoconValue> Values => _fields.Values;

    /// <inheritdoc/>
    public HoconValue this[string key] => _fields[key];

    /// <summary>The value at a path, or null when there is none; a <see cref="HoconNull"/> is one.</summary>
    public HoconValue? Find(HoconPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        HoconValue? found = this;
        foreach (var element in path.Elements)
        {
            if (found is not HoconObject inner || !inner.TryGetValue(element, out found))
                return null;
        }
        return found;
    }

    /// <summary>The value at a path such as <c>a.b."c.d"</c>, or null when there is none.</summary>
    /// <exception cref="HoconException">The text is no path.</exception>
    public HoconValue? Find(string path) => Find(HoconPath.Parse(path));

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _fields.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out HoconValue value) =>
        _fields.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, HoconValue>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override bool Equals(HoconValue? other) =>
        other is HoconObject { Count: var count } that && count == Count
        && _fields.All(field => that.TryGetValue(field.Key, out var value) && field.Value.Equals(value));

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // A sum, because the order of the fields does not count.
        var hash = Count;
        foreach (var (key, value) in _fields)
            hash += HashCode.Combine(string.GetHashCode(key, StringComparison.Ordinal), value);
        return hash;
    }

    // The array of elements of a numerically indexed object {"0": a, "1": b} (HOCON, "Conversion of
    // numerically-indexed objects to arrays"), or null when no key is an index.
    internal HoconArray? AsArray()
    {
        var items = NumericKeys.InOrder(_fields.Keys).Select(key => _fields[key]).ToList();
        return items.Count == 0 ? null : new HoconArray(items, Origin);
    }

    private static OrderedDictionary<string, HoconValue> Collected(
        IEnumerable<KeyValuePair<string, HoconValue>> fields)
    {
        var collected = new OrderedDictionary<string, HoconValue>(StringComparer.Ordinal);
        foreach (var (key, value) in fields)
            collected[key] = value;
        return collected;
    }
}
