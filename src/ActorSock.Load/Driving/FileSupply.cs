using ActorSock.Load.Bodies;
using ActorSock.Load.Scenarios;

namespace ActorSock.Load.Driving;

/// <summary>Hands out the files of a run, each once, until there are enough. Thread-safe.</summary>
internal sealed class FileSupply(Scenario scenario, FileBodies bodies)
{
    private long _next;
    private long _bytes;

    /// <summary>How many were handed out: their numbers are those below this.</summary>
    public long Taken => Math.Min(Interlocked.Read(ref _next), scenario.Files ?? long.MaxValue);

    public bool TryTake(out TestFile file)
    {
        file = default;
        if (scenario.Bytes <= Interlocked.Read(ref _bytes)) return false;
        var number = Interlocked.Increment(ref _next) - 1;
        if (number >= scenario.Files)
        {
            Interlocked.Decrement(ref _next);
            return false;
        }
        file = bodies.FileOf(number);
        Interlocked.Add(ref _bytes, file.Size);
        return true;
    }
}
