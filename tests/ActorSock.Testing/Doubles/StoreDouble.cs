using ActorSock.Files;

namespace ActorSock.Testing.Doubles;

/// <summary>A real store with something wrong about it.</summary>
internal abstract class StoreDouble(IFileStore real) : IFileStore
{
    public virtual long FreeBytes => real.FreeBytes;

    public virtual IIncomingFile Create(string uploadId, FileName name, long size) => Around(real.Create(uploadId, name, size));

    public void Dispose() => real.Dispose();

    protected abstract IIncomingFile Around(IIncomingFile file);

    protected abstract class FileDouble(IIncomingFile real) : IIncomingFile
    {
        public FileName Name => real.Name;

        public long BytesWritten => real.BytesWritten;

        public virtual void Write(ReadOnlySpan<byte> bytes) => real.Write(bytes);

        public virtual void Publish() => real.Publish();

        public void Abandon() => real.Abandon();

        public void Dispose() => real.Dispose();
    }
}
