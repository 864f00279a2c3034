namespace ActorSock.Framing;

/// <summary>Bounds the memory of all headers that are longer than usual and not yet complete, over the whole node.</summary>
/// <remarks>Thread-safe. A short header is in a buffer that every connection may have; only what goes beyond it is counted.</remarks>
internal sealed class HeaderMemory(long bytesMax)
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
