namespace ActorSock.Client.Tests;

/// <summary>Remembers what it was told, at once and in order.</summary>
internal sealed class Heard : IProgress<long>
{
    public List<long> Values { get; } = [];

    public void Report(long value) => Values.Add(value);
}
