using ActorSock.Actors.Event;
using Xunit.Abstractions;

namespace ActorSock.Actors.TestKit.Xunit2;

/// <summary>Shows log events in the output of a test, on the thread that logs.</summary>
/// <remarks>It is no actor: nothing may be lost when the system ends, and nothing may fail when the test has ended.</remarks>
internal sealed class TestOutputLogger(ActorSystem system, ITestOutputHelper output, string? prefix) : MinimalActorRef
{
    public override ActorPath Path { get; } = ((LocalActorSystem)system).Temporary / "test-output";

    public void Subscribe()
    {
        for (var level = system.EventStream.LogLevel; level <= LogLevel.ErrorLevel; level++)
            system.EventStream.Subscribe(this, level.ClassFor());
    }

    private protected override void Post(object message, IActorRef sender)
    {
        try
        {
            output.WriteLine(prefix is null ? $"{message}" : $"{prefix}:{message}");
        }
        catch (InvalidOperationException)
        {
            // xunit's way to say that the test is over: what is logged afterwards has no place to go.
            system.EventStream.Unsubscribe(this);
        }
    }

    public override bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
