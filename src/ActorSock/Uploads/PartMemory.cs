using ActorSock.Blocks;

namespace ActorSock.Uploads;

/// <summary>What the tables of parts of one client take of the memory for those of all.</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="all">bounds what all clients take together</param>
internal sealed class PartMemory(Allowance all)
{
    /// <summary>What one part takes, about.</summary>
    private const int PartBytes = 256;

    private long _parts;

    /// <summary>How many parts of the client there are, or are on their way.</summary>
    public long Parts => Interlocked.Read(ref _parts);

    /// <summary>For one more part; false when there is none.</summary>
    public bool TryTake()
    {
        if (!all.TryTake(PartBytes))
            return false;
        Interlocked.Increment(ref _parts);
        return true;
    }

    /// <summary>The same for one that is there already, whether or not there is room: nobody else gets any before there is.</summary>
    public void Take()
    {
        all.Take(PartBytes);
        Interlocked.Increment(ref _parts);
    }

    public void Return(int parts)
    {
        all.Return(parts * PartBytes);
        Interlocked.Add(ref _parts, -parts);
    }
}
