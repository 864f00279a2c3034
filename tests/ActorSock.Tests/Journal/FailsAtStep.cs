using ActorSock.Files;
using ActorSock.Testing.Doubles;

namespace ActorSock.Tests.Journal;

/// <summary>Fails at the n-th thing that it is asked to do to the disk.</summary>
internal sealed class FailsAtStep(IFileStore real, int failsAt) : StoreDouble(real)
{
    private int _step;

    /// <summary>Whether it was the sync that failed.</summary>
    public bool SyncFailed { get; private set; }

    public override void Store(FileName name, ReadOnlySpan<byte> bytes, in FileStamp stamp)
    {
        Step();
        base.Store(name, bytes, stamp);
    }

    public override void PublishPart(string partName, FileName name)
    {
        Step();
        base.PublishPart(partName, name);
    }

    public override bool Remove(FileName name)
    {
        Step();
        return base.Remove(name);
    }

    public override void Rename(FileName name, FileName to)
    {
        Step();
        base.Rename(name, to);
    }

    public override bool RemoveEmptyFolder(FileName name)
    {
        Step();
        return base.RemoveEmptyFolder(name);
    }

    public override void SyncAll()
    {
        SyncFailed = _step + 1 == failsAt;
        Step();
        base.SyncAll();
    }

    protected override IIncomingFile Around(IIncomingFile file) => file;

    private void Step()
    {
        if (++_step == failsAt)
            throw new StorageException(StorageFault.Failed, "cannot go on", "told to fail", "nothing");
    }
}
