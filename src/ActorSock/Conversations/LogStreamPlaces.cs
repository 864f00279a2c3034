namespace ActorSock.Conversations;

/// <summary>How many follow the log of a node over the admin socket at once.</summary>
internal sealed class LogStreamPlaces(int max)
{
    private int _taken;

    public int Max => max;

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= max)
            return true;
        Interlocked.Decrement(ref _taken);
        return false;
    }

    public void Return() => Interlocked.Decrement(ref _taken);
}
