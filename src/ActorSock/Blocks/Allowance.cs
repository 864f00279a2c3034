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
        if (Interlocked.Add(ref _bytes, bytes) <= bytesMax)
            return true;
        Return(bytes);
        return false;
    }

    public void Return(int bytes) => Interlocked.Add(ref _bytes, -bytes);
}
