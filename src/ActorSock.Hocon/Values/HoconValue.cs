using ActorSock.Hocon.Rendering;

namespace ActorSock.Hocon;

/// <summary>One value of a resolved configuration; it never changes and knows where it was written.</summary>
/// <remarks>
/// The cases are <see cref="HoconObject"/>, <see cref="HoconArray"/>, <see cref="HoconString"/>,
/// <see cref="HoconNumber"/>, <see cref="HoconBoolean"/> and <see cref="HoconNull"/>. Two values are equal
/// when they would be the same JSON; origins do not count, nor does the order of an object's fields.
/// </remarks>
public abstract class HoconValue : IEquatable<HoconValue>
{
    private protected HoconValue(HoconOrigin? origin, int depth, long size)
    {
        Origin = origin ?? HoconOrigin.Program;
        if (depth > HoconLimits.DepthCeiling)
            throw HoconLimits.Exceeded(Origin, HoconLimits.DepthCeiling, "levels of nesting");
        Depth = depth;
        Size = size;
    }

    /// <summary>Where it was written.</summary>
    public HoconOrigin Origin { get; }

    /// <summary>What it is, for people: "an object", "a number".</summary>
    public abstract string Kind { get; }

    // Objects and arrays inside one another, this one included: 0 for a scalar.
    internal int Depth { get; }

    // Values and characters in it, as a tree: a value that is shared counts each time.
    internal long Size { get; }

    /// <summary>Writes it as text that a parser reads back to an equal value.</summary>
    public string Render(HoconStyle style = HoconStyle.Hocon) => HoconRenderer.Render(this, style);

    /// <summary>The value as JSON on one line.</summary>
    public override string ToString() => Render(HoconStyle.JsonLine);

    /// <inheritdoc/>
    public abstract bool Equals(HoconValue? other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as HoconValue);

    /// <inheritdoc/>
    public abstract override int GetHashCode();
}
