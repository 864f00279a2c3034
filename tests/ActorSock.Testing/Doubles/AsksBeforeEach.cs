using ActorSock.Files;
using ActorSock.Uploads;

namespace ActorSock.Testing.Doubles;

/// <summary>What a node does to its disk.</summary>
public enum DiskStep
{
    Create,
    Write,
    Seal,
    Store,
    PublishPart,
    Remove,
    Rename,
    SyncFolder,
    SyncAll,
    BeginUpload,
    ReopenUpload,
    WriteUpload,
    KeepUpload,
    SealUpload,
    WritePart,
    SyncPart,
    KeepPart,
    DropUpload,
    OpenLog,
    LogResize,
    LogWrite,
    LogSync,
}

/// <summary>Asks before each step on the disk: who is asked may wait, throw what a disk throws, or count.</summary>
/// <param name="real">does the step</param>
/// <param name="ask">gets the step, and the name of the file of which it is one</param>
internal sealed class AsksBeforeEach(IFileStore real, Action<DiskStep, string> ask) : StoreDouble(real)
{
    public override IIncomingFile Create(string uploadId, FileName name, long? size)
    {
        ask(DiskStep.Create, name.Value);
        return base.Create(uploadId, name, size);
    }

    public override IUploadFolder Uploads => new AskingUploads(base.Uploads, ask);

    public override void Store(FileName name, ReadOnlySpan<byte> bytes, in FileStamp stamp = default)
    {
        ask(DiskStep.Store, name.Value);
        base.Store(name, bytes, stamp);
    }

    public override void PublishPart(string partName, FileName name)
    {
        ask(DiskStep.PublishPart, name.Value);
        base.PublishPart(partName, name);
    }

    public override bool Remove(FileName name)
    {
        ask(DiskStep.Remove, name.Value);
        return base.Remove(name);
    }

    public override void Rename(FileName name, FileName to)
    {
        ask(DiskStep.Rename, name.Value);
        base.Rename(name, to);
    }

    public override void SyncFolder(FileName name)
    {
        ask(DiskStep.SyncFolder, name.Value);
        base.SyncFolder(name);
    }

    public override void SyncAll()
    {
        ask(DiskStep.SyncAll, "");
        base.SyncAll();
    }

    public override ILogFile OpenLogFile(string name, bool direct)
    {
        ask(DiskStep.OpenLog, name);
        return new LogFile(base.OpenLogFile(name, direct), name, ask);
    }

    protected override IIncomingFile Around(IIncomingFile file) => new Part(file, ask);

    private sealed class Part(IIncomingFile real, Action<DiskStep, string> ask) : FileDouble(real)
    {
        public override void Write(ReadOnlySpan<byte> bytes)
        {
            ask(DiskStep.Write, Name.Value);
            base.Write(bytes);
        }

        public override string Seal(FileDigests digests)
        {
            ask(DiskStep.Seal, Name.Value);
            return base.Seal(digests);
        }
    }

    private sealed class LogFile(ILogFile real, string name, Action<DiskStep, string> ask) : ILogFile
    {
        public long Bytes => real.Bytes;

        public int Read(Span<byte> bytes, long offset) => real.Read(bytes, offset);

        public void Resize(long bytes)
        {
            ask(DiskStep.LogResize, name);
            real.Resize(bytes);
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            ask(DiskStep.LogWrite, name);
            real.Write(bytes, offset);
        }

        public void Sync()
        {
            ask(DiskStep.LogSync, name);
            real.Sync();
        }

        public bool IsRemoved => real.IsRemoved;

        public bool HasMemoryMark => real.HasMemoryMark;

        public void LeaveMemoryMark() => real.LeaveMemoryMark();

        public void Dispose() => real.Dispose();
    }
}
