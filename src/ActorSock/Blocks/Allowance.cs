namespace ActorSock.Blocks;

/// <summary>Bounds what may be held for one purpose over the whole node.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Allowance(long bytesMax)
{
    private long _bytes;

    /// <summary>What is taken now.</summary>
    public long BytesTaken => Interlocked.Read(ref _bytes);

    /// <summary>False when so much more would be too much; then nothing was taken.</summary>
    public bool TryTake(int bytes)
    {
        // Never more than there is, not even for a moment: somebody else would be refused for it.
        for (var taken = BytesTaken; taken + bytes <= bytesMax;)
        {
            var seen = Interlocked.CompareExchange(ref _bytes, taken + bytes, taken);
            if (seen == taken)
                return true;
            taken = seen;
        }
        return false;
    }

    /// <summary>Takes it even where that is too much: then nobody else gets any until it is not.</summary>
    public void Take(int bytes) => Interlocked.Add(ref _bytes, bytes);

    public void Return(int bytes) => Interlocked.Add(ref _bytes, -bytes);
}
