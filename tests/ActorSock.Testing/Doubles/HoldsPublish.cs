using ActorSock.Files;

namespace ActorSock.Testing.Doubles;

/// <summary>Does not commit until it is let go: a disk that takes its time.</summary>
internal sealed class HoldsPublish(IFileStore real) : StoreDouble(real)
{
    private readonly ManualResetEventSlim _released = new();

    /// <summary>Ends when a commit has begun and is being held.</summary>
    public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _released.Set();

    public override void Store(FileName name, ReadOnlySpan<byte> bytes)
    {
        Hold();
        base.Store(name, bytes);
    }

    public override void PublishPart(string partName, FileName name)
    {
        Hold();
        base.PublishPart(partName, name);
    }

    protected override IIncomingFile Around(IIncomingFile file) => file;

    private void Hold()
    {
        Held.TrySetResult();
        _released.Wait();
    }
}
