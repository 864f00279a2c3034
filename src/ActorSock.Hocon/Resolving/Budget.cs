namespace ActorSock.Hocon.Resolving;

/// <summary>
/// Counts what resolving a configuration builds, over all of it, and ends it when that is too much.
/// </summary>
/// <remarks>
/// Checking each value alone is not enough: a short document can ask for many large copies.
/// </remarks>
internal sealed class Budget(HoconLimits limits)
{
    // What one of them takes, roughly, with the nodes, lists and table entries that go with it.
    private const int FieldBytes = 256;
    private const int ItemBytes = 32;

    private long _spentBytes;

    public HoconLimits Limits { get; } = limits;

    /// <summary>Call before adding a field to an object.</summary>
    public void SpendField(HoconOrigin where) => Spend(FieldBytes, where);

    /// <summary>Call before adding elements to an array.</summary>
    public void SpendItems(int count, HoconOrigin where) => Spend((long)count * ItemBytes, where);

    /// <summary>Call before adding characters to a string.</summary>
    public void SpendChars(int count, HoconOrigin where) => Spend((long)count * sizeof(char), where);

    /// <summary>
    /// Call with a complete value; one that is shared costs nothing to build, but its text does.
    /// </summary>
    public void Check(HoconValue value)
    {
        if (value.Depth > Limits.DepthMax)
            throw HoconLimits.Exceeded(value.Origin, Limits.DepthMax, "levels of nesting");
        if (value.Size > Limits.ResolvedSizeMax)
            throw HoconLimits.Exceeded(
                value.Origin, Limits.ResolvedSizeMax, "values and characters after substitution");
    }

    private void Spend(long bytes, HoconOrigin where)
    {
        _spentBytes += bytes;
        if (_spentBytes > Limits.ResolvingBytesMax)
            throw HoconLimits.Exceeded(where, Limits.ResolvingBytesMax, "bytes of memory for substitutions");
    }
}
