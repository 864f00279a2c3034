namespace ActorSock.Tests.Files;

/// <summary>Stands still at one moment.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
