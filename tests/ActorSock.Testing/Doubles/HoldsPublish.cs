using ActorSock.Files;

namespace ActorSock.Testing.Doubles;

/// <summary>Does not commit until it is let go: a disk that takes its time.</summary>
internal sealed class HoldsPublish(IFileStore real) : StoreDouble(real)
{
    private readonly ManualResetEventSlim _released = new();

    /// <summary>Ends when a commit has begun and is being held.</summary>
    public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _released.Set();

    protected override IIncomingFile Around(IIncomingFile file) => new Holding(file, this);

    private sealed class Holding(IIncomingFile real, HoldsPublish store) : FileDouble(real)
    {
        public override void Publish()
        {
            store.Held.TrySetResult();
            store._released.Wait();
            base.Publish();
        }
    }
}
