using ActorSock.Files;

namespace ActorSock.Testing.Doubles;

/// <summary>Runs out of space after so many bytes of each file whose name fits.</summary>
internal sealed class DiskFullAfter(IFileStore real, long bytes, Func<string, bool> fits) : StoreDouble(real)
{
    public override void Store(FileName name, ReadOnlySpan<byte> written, in FileStamp stamp)
    {
        if (fits(name.Value) && written.Length > bytes)
            throw Full(name);
        base.Store(name, written, stamp);
    }

    protected override IIncomingFile Around(IIncomingFile file) => fits(file.Name.Value) ? new Bounded(file, bytes) : file;

    private static StorageException Full(FileName name) =>
        new(StorageFault.DiskFull, $"cannot store '{name}'", "no space left on the disk", "free some");

    private sealed class Bounded(IIncomingFile real, long bytes) : FileDouble(real)
    {
        public override void Write(ReadOnlySpan<byte> written)
        {
            if (BytesWritten + written.Length > bytes)
                throw Full(Name);
            base.Write(written);
        }
    }
}
