namespace ActorSock.Benchmarks.Native;

/// <summary>What a client tells of its turn.</summary>
/// <param name="Wall">how long it took</param>
/// <param name="Process">what its process took; null when it was this one</param>
internal sealed record Sent(TimeSpan Wall, Sent.Use? Process = null)
{
    /// <param name="Cpu">user and system time, from its start to its end</param>
    /// <param name="PeakBytes">its most resident memory, as far as was seen</param>
    public sealed record Use(TimeSpan Cpu, long PeakBytes);
}
