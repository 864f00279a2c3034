namespace ActorSock.Hocon;

/// <summary>
/// Bounds what a document may cost, so that a hostile one ends in an error instead of the process.
/// </summary>
/// <remarks>They cannot stand in reference.conf, because reading that file needs them.</remarks>
public sealed record HoconLimits
{
    /// <summary>
    /// What is used where nothing else is said; a hundred times what a large configuration needs.
    /// </summary>
    public static HoconLimits Default { get; } = new();

    /// <summary>
    /// Objects and arrays inside one another; each element of a path counts as one. At most 250.
    /// </summary>
    public int DepthMax
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, DepthCeiling / 2);
            field = value;
        }
    } = 100;

    /// <summary>Characters of a document together with all that it includes.</summary>
    public int DocumentCharsMax { get; init; } = 1024 * 1024;

    /// <summary>Files that one document may include, counting each time again.</summary>
    public int IncludesMax { get; init; } = 250;

    /// <summary>
    /// Values and characters of the resolved configuration when it is written out. Ten lines of
    /// <c>b = ${a}${a}</c>, <c>c = ${b}${b}</c> and so on hold a thousand times the first; this is where it ends.
    /// </summary>
    public long ResolvedSizeMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// Memory in bytes, roughly, for merging and joining while substitutions are looked up. Ten thousand lines of
    /// <c>b = ${a} [x]</c> copy <c>a</c> as often, although each of them alone is small.
    /// </summary>
    public long ResolvingBytesMax { get; init; } = 128 * 1024 * 1024;

    internal static HoconException Exceeded(HoconOrigin where, long max, string what) =>
        new(where, $"expected at most {max} {what} but found more");

    // Every walk over a value is recursive; this depth is safe on a 1 MiB stack.
    internal const int DepthCeiling = 500;
}
