namespace ActorSock.Hocon.Resolving;

/// <summary>Counts what resolving a configuration builds, over all of it, and ends it when that is too much.</summary>
/// <remarks>Checking each value alone is not enough: a short document can ask for many large copies.</remarks>
internal sealed class Budget(HoconLimits limits)
{
    private long _spent;

    public HoconLimits Limits { get; } = limits;

    /// <summary>Call before building: a number of fields, elements or characters.</summary>
    public void Spend(long count, HoconOrigin where)
    {
        _spent += count;
        if (_spent > Limits.ResolvedSizeMax)
            throw TooLarge(where);
    }

    /// <summary>Call with a complete value; one that is shared costs nothing to build, but its text does.</summary>
    public void Check(HoconValue value)
    {
        if (value.Depth > Limits.DepthMax)
            throw new HoconException(value.Origin, $"expected at most {Limits.DepthMax} levels of nesting but found more");
        if (value.Size > Limits.ResolvedSizeMax)
            throw TooLarge(value.Origin);
    }

    private HoconException TooLarge(HoconOrigin where) => new(where,
        $"expected a configuration of at most {Limits.ResolvedSizeMax} values and characters but found more");
}
