using ActorSock.Files;
using ActorSock.Uploads;
using ActorSock.Wire;

namespace ActorSock.Testing.Doubles;

/// <summary>A real store with something wrong about it.</summary>
internal abstract class StoreDouble(IFileStore real) : IFileStore
{
    public virtual IUploadFolder Uploads => real.Uploads;

    public string Id => real.Id;

    public virtual long FreeBytes => real.FreeBytes;

    public virtual IIncomingFile Create(string uploadId, FileName name, long? size) => Around(real.Create(uploadId, name, size));

    public virtual void Probe(FileName name, long size) => real.Probe(name, size);

    public void ThrowIfTaken(FileName name) => real.ThrowIfTaken(name);

    public virtual void Store(FileName name, ReadOnlySpan<byte> bytes, in FileStamp stamp = default) => real.Store(name, bytes, stamp);

    public virtual void PublishPart(string partName, FileName name) => real.PublishPart(partName, name);

    public virtual void SyncFolder(FileName name) => real.SyncFolder(name);

    public void DropPart(string partName) => real.DropPart(partName);

    public bool HasPart(string partName) => real.HasPart(partName);

    public virtual void SyncAll() => real.SyncAll();

    public bool Check(FileName name, long size, Md5Digest? digest) => real.Check(name, size, digest);

    public virtual StoredFile? Stat(FileName name) => real.Stat(name);

    public virtual StoredFile? Digest(FileName name) => real.Digest(name);

    public virtual IStoredFile? Open(FileName name) => real.Open(name);

    public virtual FilePage List(in FileQuery query) => real.List(query);

    public virtual FolderPage Folders(in FolderQuery query, FolderSum? begun) => real.Folders(query, begun);

    public virtual bool Exists(FileName name) => real.Exists(name);

    public virtual bool Remove(FileName name) => real.Remove(name);

    public virtual bool RemoveEmptyFolder(FileName name) => real.RemoveEmptyFolder(name);

    public virtual void Rename(FileName name, FileName to) => real.Rename(name, to);

    public StringComparer NameComparer => real.NameComparer;

    public virtual ILogFile OpenLogFile(string name, bool direct) => real.OpenLogFile(name, direct);

    public void Dispose() => real.Dispose();

    protected abstract IIncomingFile Around(IIncomingFile file);

    protected abstract class FileDouble(IIncomingFile real) : IIncomingFile
    {
        public FileName Name => real.Name;

        public long BytesWritten => real.BytesWritten;

        public virtual void Write(ReadOnlySpan<byte> bytes) => real.Write(bytes);

        public virtual string Seal(FileDigests digests) => real.Seal(digests);

        public void Abandon() => real.Abandon();

        public void Dispose() => real.Dispose();
    }
}
