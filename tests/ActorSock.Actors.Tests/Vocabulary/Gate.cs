namespace ActorSock.EngineTests;

/// <summary>Holds an actor in the middle of a message until the test opens it.</summary>
internal sealed class Gate : IDisposable
{
    private readonly ManualResetEventSlim _reached = new(), _open = new();

    /// <summary>The actor's side: says that it is here, and waits.</summary>
    public void Pass()
    {
        _reached.Set();
        _open.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue("nobody opened the gate");
    }

    /// <summary>The test's side: returns when the actor is at the gate.</summary>
    public void AwaitReached() =>
        _reached.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue("nobody came to the gate");

    public void Open() => _open.Set();

    public void Dispose()
    {
        _open.Set();
        _reached.Dispose();
        _open.Dispose();
    }
}
