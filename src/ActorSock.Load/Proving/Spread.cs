namespace ActorSock.Load.Proving;

/// <summary>Takes some of many, evenly from the first to the last.</summary>
internal static class Spread
{
    /// <summary>Takes <paramref name="wanted"/> of the numbers, or all when there are fewer.</summary>
    /// <param name="numbers">In order.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="wanted">How many are wanted.</param>
    public static IEnumerable<long> Over(IEnumerable<long> numbers, long count, int wanted)
    {
        var (place, taken) = (0L, 0);
        foreach (var number in numbers)
        {
            if (taken == wanted) yield break;
            if (place++ != PlaceOf(taken) && wanted < count) continue;
            taken++;
            yield return number;
        }

        long PlaceOf(int index) => wanted == 1 ? 0 : (long)((Int128)index * (count - 1) / (wanted - 1));
    }
}
