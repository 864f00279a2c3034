using System.Collections;
using System.Collections.Immutable;

namespace ActorSock.Hocon;

/// <summary>Values in order.</summary>
public sealed class HoconArray : HoconValue, IReadOnlyList<HoconValue>
{
    private readonly ImmutableArray<HoconValue> _items;

    /// <summary>Makes an array of these values.</summary>
    public HoconArray(IEnumerable<HoconValue> items, HoconOrigin? origin = null) : this([.. items], origin)
    {
    }

    private HoconArray(ImmutableArray<HoconValue> items, HoconOrigin? origin)
        : base(
            origin,
            depth: 1 + items.Select(item => item.Depth).DefaultIfEmpty().Max(),
            size: 1 + items.Sum(item => item.Size)) =>
        _items = items;

    /// <inheritdoc/>
    public override string Kind => "an array";

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public HoconValue this[int index] => _items[index];

    /// <inheritdoc/>
    public IEnumerator<HoconValue> GetEnumerator() => ((IEnumerable<HoconValue>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override bool Equals(HoconValue? other) =>
        other is HoconArray array && _items.AsSpan().SequenceEqual(array._items.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in _items)
            hash.Add(item);
        return hash.ToHashCode();
    }
}
