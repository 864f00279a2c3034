namespace ActorSock.Load;

/// <summary>Makes numbers that look random and are the same for the same seed, on every machine.</summary>
/// <remarks>SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators"): any number of a sequence can be
/// had without those before it, so nothing has to be remembered of a million files.</remarks>
internal static class Mix
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>The number at a place of the sequence of a seed.</summary>
    public static ulong Of(ulong seed, ulong place)
    {
        var z = unchecked(seed * 0xD1342543DE82EF95 + (place + 1) * Step);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    /// <summary>As <see cref="Of"/>, as a fraction: 0 or more, less than 1.</summary>
    public static double FractionOf(ulong seed, ulong place) => (Of(seed, place) >> 11) * (1.0 / (1UL << 53));
}
